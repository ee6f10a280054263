import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** A message that a sink accepted. `leave`: it carries List-Unsubscribe. */
export type Copy = {
  at: number;
  begun: number;
  to: string;
  messageId: string;
  sha256: string;
  leave: boolean;
  subject: string;
  /** Its one-click link: only of a sink that tells. */
  link?: string;
};

/** The ground truth: what a sink wrote down before it answered. Read on from where the last look ended. */
export class Ledger {
  readonly path: string;
  readonly copies: Copy[] = [];
  /** Messages that came in whole, whatever was answered: only of a sink that tells them. */
  readonly tried: { tried: string; to: string }[] = [];
  /** When each MAIL came, epoch ms. */
  readonly mails: number[] = [];
  private offset = 0;
  private rest = "";

  constructor(path: string) {
    this.path = path;
  }

  /** Reads what is new. */
  look(): this {
    if (!existsSync(this.path)) return this;
    const file = openSync(this.path, "r");
    try {
      const size = fstatSync(file).size;
      const chunk = Buffer.alloc(size - this.offset);
      this.offset += readSync(file, chunk, 0, chunk.length, this.offset);
      const lines = (this.rest + chunk.toString("utf8")).split("\n");
      this.rest = lines.pop() ?? "";
      for (const line of lines) this.take(line);
    } finally {
      closeSync(file);
    }
    return this;
  }

  /** How many messages are in it. */
  count(): number {
    return this.look().copies.length;
  }

  /** A line that a kill cut short was never answered. */
  private take(line: string): void {
    let entry: { mail: number } | { tried: string; to: string } | Copy;
    try {
      entry = JSON.parse(line);
    } catch {
      return;
    }
    if ("mail" in entry) this.mails.push(entry.mail);
    else if ("tried" in entry) this.tried.push(entry);
    else this.copies.push(entry);
  }
}
