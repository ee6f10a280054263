import type { SmtpConnection } from "../servers/connection.ts";
import type { Owner } from "./owner.ts";

/** One open connection; `slot` is its number among all connections that any worker has to this server. */
export type Line = { smtp: SmtpConnection; slot: number; sent: number };

/** Other workers have all of a server's connections: asked again after so long. */
const STARVED_MS = 1000;
/** The server takes no more than what other workers have: asked again after so long. */
const CROWDED_MS = 10_000;
/** Fewer connections after 421 or 454; one more is tried after so long. */
const RECOVER_MS = 120_000;

/** The connections of this process to one server, opened as there is work, never more over all workers than the server's setting allows. */
export class Connections {
  private idle: Line[] = [];
  private readonly taken = new Set<number>();
  private opening = 0;
  private starvedUntil = 0;
  /** By how many fewer than allowed are used, since the server said that they are too many. */
  private reduced = 0;
  private reducedAt = 0;
  private readonly o: {
    server: string;
    most: () => number;
    /** The last one could not be opened. */
    careful: () => boolean;
    /** Messages over one connection, then a new one: many shared hosts end it at a hundred. */
    messages: () => number;
    owner: Owner;
    connect: () => Promise<SmtpConnection>;
    /** A connection is ready, or one has ended and there is room for another. */
    onChange: () => void;
    /** One could not be opened. `others`: other workers have connections to the server. */
    onFail: (error: unknown, others: boolean) => void;
  };

  constructor(o: Connections["o"]) {
    this.o = o;
  }

  /** Lines that can take a message now. */
  free(): number {
    this.idle = this.idle.filter((line) => line.smtp.usable() || this.drop(line));
    return this.idle.length;
  }

  /** Open or being opened. */
  size(): number {
    return this.taken.size;
  }

  /** None is open and other workers have them all: this process has nothing to do for the server. */
  starved(): boolean {
    return this.taken.size === 0 && performance.now() < this.starvedUntil;
  }

  /** As many as the server allows. */
  most(): number {
    return this.o.most();
  }

  take(): Line | undefined {
    return this.idle.pop();
  }

  put(line: Line): void {
    line.sent++;
    if (!line.smtp.usable() || line.sent >= this.o.messages() || this.taken.size > this.cap()) this.drop(line);
    else this.idle.push(line);
  }

  /** Opens connections until `wanted` lines exist, as far as the cap and the other workers leave room. Does not wait for them. */
  grow(wanted: number): void {
    if (performance.now() < this.starvedUntil) return;
    if (this.reduced > 0 && performance.now() - this.reducedAt > RECOVER_MS) {
      this.reduced--;
      this.reducedAt = performance.now();
    }
    // Who did not answer is asked by one; the others follow when that one is in.
    const most = this.o.careful() && this.taken.size <= this.opening ? 1 : this.cap();
    while (this.taken.size + this.opening < Math.min(wanted, most)) {
      this.opening++;
      this.open().finally(() => {
        this.opening--;
      });
    }
  }

  private cap(): number {
    return Math.max(1, this.o.most() - this.reduced);
  }

  /** The server says that these are too many. */
  slower(): void {
    this.reduced = this.o.most() - Math.max(1, Math.min(this.cap(), this.taken.size) - 1);
    this.reducedAt = performance.now();
    if (this.taken.size === 0) this.starvedUntil = performance.now() + CROWDED_MS;
  }

  /** Ends idle connections. */
  closeIdle(): void {
    for (const line of this.idle.splice(0)) this.drop(line);
  }

  private async open(): Promise<void> {
    const got = await this.takeSlot().catch(() => undefined);
    if (!got) {
      this.starvedUntil = performance.now() + STARVED_MS;
      this.o.onChange();
      return;
    }
    const { slot, others } = got;
    try {
      const smtp = await this.o.connect();
      this.idle.push({ smtp, slot, sent: 0 }); // not in one line: `idle` may be another array after the wait
      this.o.onChange();
    } catch (error) {
      this.freeSlot(slot);
      this.o.onFail(error, others);
    }
  }

  private async takeSlot(): Promise<{ slot: number; others: boolean } | undefined> {
    let others = false;
    for (let slot = 0; slot < this.o.most(); slot++) {
      if (this.taken.has(slot)) continue;
      this.taken.add(slot);
      if (await this.o.owner.takeSlot(this.o.server, slot)) return { slot, others };
      this.taken.delete(slot);
      others = true;
    }
    return undefined;
  }

  private freeSlot(slot: number): void {
    this.taken.delete(slot);
    void this.o.owner.freeSlot(this.o.server, slot);
  }

  private drop(line: Line): false {
    // The slot is free when the server knows that the connection is over, not before: it counts them.
    void line.smtp.quit().then(() => {
      this.freeSlot(line.slot);
      this.o.onChange();
    });
    return false;
  }
}
