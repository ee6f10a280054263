/** Most rows of one block (formats.md §4): about what a server takes in a second. */
const MOST = 500;

/**
 * How many rows a lane takes at once: what its server carries in a second or two, never more. Who is slow holds no rows that others could send.
 * Grows and shrinks with what happened to the last block.
 */
export class Block {
  private size: number;
  private last: { n: number; at: number; whole: boolean } | undefined;

  constructor(connections: number) {
    this.size = connections * 4;
  }

  /** How many to ask for now. */
  next(now: number, connections: number): number {
    if (this.last?.whole) {
      const took = now - this.last.at;
      if (took < 1000) this.size *= 2;
      else if (took > 2000) this.size = Math.ceil((this.last.n * 1000) / took);
      this.last.whole = false;
    }
    this.size = Math.min(MOST, Math.max(connections, this.size));
    return this.size;
  }

  /** So many of those that were asked for were there. */
  got(now: number, n: number, asked: number): void {
    this.last = { n, at: now, whole: n > 0 && n >= asked };
  }

  /** They were given back: nothing moved. */
  held(): void {
    this.size = 0;
    this.last = undefined;
  }
}
