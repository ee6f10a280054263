import type { ProcessOptions, Running } from "./worker.ts";

/**
 * The workers of a stage. Who ends without being asked is a crash, and is started again, as scripts/start.mjs does. Who never began, because PostgreSQL was not
 * there in that moment, has said so and is started again too.
 */
export class Fleet {
  readonly all: Running[] = [];
  crashes = 0;
  private readonly make: (o: Partial<ProcessOptions>) => Running;
  private readonly watch: NodeJS.Timeout;
  private over = false;
  private readonly words: string[] = [];

  constructor(make: (o: Partial<ProcessOptions>) => Running) {
    this.make = make;
    this.watch = setInterval(() => this.revive(), 250);
  }

  private revive(): void {
    for (const [i, one] of this.all.entries()) {
      if (this.over || !one.crashed()) continue;
      if (one.began) {
        this.crashes++;
        this.words.push(one.said().slice(-3000));
      }
      this.all[i] = this.make({});
    }
  }

  /** Starts one more and waits until it works. */
  async add(o: Partial<ProcessOptions> = {}): Promise<Running> {
    const one = this.make(o);
    this.all.push(one);
    await one.ready;
    return one;
  }

  /** Starts or ends as many as it takes to be `n`. */
  async be(n: number): Promise<void> {
    const spare = this.all.splice(n);
    await Promise.all(spare.map((one) => one.end("SIGTERM")));
    const missing = Math.max(0, n - this.all.length);
    await Promise.all(Array.from({ length: missing }, () => this.add()));
  }

  /** Ends one by a signal and starts another in its place; waits for neither to be ready. */
  async replace(one: Running, signal: NodeJS.Signals = "SIGKILL"): Promise<Running> {
    await one.end(signal);
    const fresh = this.make({});
    this.all[this.all.indexOf(one)] = fresh;
    return fresh;
  }

  /** Ends all of them at once; none is left. */
  async endAll(signal: NodeJS.Signals = "SIGKILL"): Promise<number> {
    const these = this.all.splice(0);
    await Promise.all(these.map((one) => one.end(signal)));
    return these.length;
  }

  /** What crashed ones said last, and those that run. */
  said(): string {
    return [...this.words, ...this.all.map((one) => one.said().slice(-3000))].join("\n---\n");
  }

  async close(): Promise<void> {
    this.over = true;
    clearInterval(this.watch);
    await Promise.all(this.all.map((one) => one.end("SIGKILL")));
  }
}
