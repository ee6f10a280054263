/** A server that takes longer than this for a message, or says nothing for so long, is ailing: whoever else can carries what it would have carried. */
export const SLOW_MS = 5000;
/** So many transactions in a row that ended without an answer. */
const BROKEN = 3;

/** How fast a server answers this process. */
export class Pace {
  private readonly since = new Set<{ at: number }>();
  private answeredAt = 0;
  private average: number | undefined;
  private broken = 0;
  private quickly = false;
  private readonly now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** A message goes to the server. @returns to be called with whether the server answered it */
  begun(): (answered: boolean) => void {
    const one = { at: this.now() };
    this.since.add(one);
    return (answered) => {
      this.since.delete(one);
      const took = this.now() - one.at;
      this.answeredAt = this.now();
      this.average = this.average === undefined ? took : (this.average + took) / 2;
      this.broken = answered ? 0 : this.broken + 1;
      this.quickly = answered && took < SLOW_MS / 2;
    };
  }

  /** For how long something has been with the server without any answer. */
  silentMs(): number {
    const oldest = Math.min(...[...this.since].map((one) => one.at));
    return this.since.size === 0 ? 0 : this.now() - Math.max(oldest, this.answeredAt);
  }

  /** It takes too long, says nothing, or drops what it is given. */
  ailing(): boolean {
    return this.silentMs() > SLOW_MS || (this.average ?? 0) > SLOW_MS || this.broken >= BROKEN;
  }

  /** Its last answer since `forget` came in time. */
  recovered(): boolean {
    return this.quickly;
  }

  /** What was before does not count any more. */
  forget(): void {
    this.average = undefined;
    this.broken = 0;
    this.quickly = false;
  }
}
