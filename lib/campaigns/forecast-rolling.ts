import { SETTLE_MS } from "../servers/hours.ts";
import { HOUR } from "./forecast-days.ts";

const MINUTE = 60_000;
/** A message counts until its whole minute is older than 24 hours. */
const COUNTS = 24 * HOUR + SETTLE_MS + MINUTE;

/** What left in any 24 hours, by minute, while time only goes forward. */
export class RollingDay {
  private readonly minutes: { at: number; n: number }[];
  private first = 0;
  private sum: number;

  constructor(past: { minute: Date; n: number }[]) {
    this.minutes = past.map(({ minute, n }) => ({ at: minute.getTime(), n })).sort((a, b) => a.at - b.at);
    this.sum = past.reduce((sum, { n }) => sum + n, 0);
  }

  add(t: number, n: number): void {
    const at = Math.floor(t / MINUTE) * MINUTE;
    const last = this.minutes.at(-1);
    this.sum += n;
    if (last && last.at >= at && this.first < this.minutes.length) last.n += n;
    else this.minutes.push({ at, n });
  }

  /** How many count at an instant. */
  at(t: number): number {
    for (let oldest = this.minutes[this.first]; oldest && t >= oldest.at + COUNTS; oldest = this.minutes[this.first]) {
      this.sum -= oldest.n;
      this.first++;
    }
    return this.sum;
  }

  /** When the oldest of them counts no more; as far away as can be where there is none. */
  forgets(t: number): number {
    this.at(t);
    const oldest = this.minutes[this.first];
    return oldest ? oldest.at + COUNTS : Number.POSITIVE_INFINITY;
  }
}
