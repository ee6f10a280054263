import { close, fsync, ftruncate, write } from "node:fs";
import { promisify } from "node:util";
import type { KeyRing } from "../crypto/keys.ts";
import { isUuid } from "../crypto/uuid.ts";
import { DomainError } from "../errors.ts";
import { jcs } from "../ledger/jcs.ts";
import { appendDurably, type Disk } from "./disk.ts";
import { createJournalFile } from "./file.ts";
import { firstPrev, type JournalFact, macOfLine } from "./line.ts";

/** The journal of this process: one file that only it appends to (formats.md §4). */
export type Journal = {
  /** Name of the file, the uuid of this start of the process. */
  writer: string;
  /**
   * Appends a line and answers with its number once it is on disk (fsync). Lines that wait together share one write and one fsync.
   * `at` is now unless given. Rejects with JOURNAL_UNWRITABLE when this line did not get there and the next may, with JOURNAL_BROKEN when
   * the process must be started again: a line was cut in the middle and stays so, or nobody knows what is on the disk, and nothing may follow that.
   */
  write(fact: JournalFact & { at?: string }): Promise<number>;
  /** How many lines are on disk. */
  written(): number;
  /** Ends it, after all that waits is written. */
  close(): Promise<void>;
};

const systemDisk: Disk = {
  write: async (file, bytes) => (await promisify(write)(file, bytes, 0, bytes.length, null)).bytesWritten,
  sync: promisify(fsync),
  truncate: promisify(ftruncate),
  close: promisify(close),
};

type Waiting = { fact: JournalFact; at: string; resolve(n: number): void; reject(error: unknown): void };
type Chain = { n: number; kid: number; prev: string | undefined };

/**
 * Opens the journal of a new writer, exclusively: a file that exists already is refused.
 * @param now the instant for lines that bring none; the journal must work while the database does not
 */
export function openJournal(o: {
  folder: string;
  keys: KeyRing;
  writer: string;
  now: () => Date;
  disk?: Disk;
}): Journal {
  if (!isUuid(o.writer)) throw new Error("a journal's writer is a lower-case uuid");
  const file = createJournalFile(o.folder, o.writer);
  const disk = o.disk ?? systemDisk;
  let chain: Chain = { n: 0, kid: 0, prev: undefined };
  /** Bytes of the file: this process alone appends to it. */
  let length = 0;
  let queue: Waiting[] = [];
  let ended: DomainError | undefined;
  let flushing: Promise<void> | undefined;

  async function writeGroup(group: readonly Waiting[]): Promise<void> {
    const next = linesOf(o.keys, o.writer, chain, group);
    const bytes = Buffer.from(next.text);
    const failure = await appendDurably(disk, file, length, bytes);
    if (failure) {
      const error = new DomainError(failure.clean ? "JOURNAL_UNWRITABLE" : "JOURNAL_BROKEN", { cause: failure.code });
      if (!failure.clean) ended = error;
      throw error;
    }
    length += bytes.length;
    for (const [i, waiting] of group.entries()) waiting.resolve(chain.n + 1 + i);
    chain = next.chain;
  }

  async function flush(): Promise<void> {
    await null; // whoever writes in the same turn goes along
    while (queue.length > 0) {
      const group = queue;
      queue = [];
      try {
        if (ended?.code === "JOURNAL_BROKEN") throw ended;
        await writeGroup(group);
      } catch (error) {
        for (const waiting of group) waiting.reject(error);
      }
    }
    flushing = undefined; // in the turn in which the queue was seen empty: a line that comes later starts the next
  }

  return {
    writer: o.writer,
    async write({ at, ...fact }) {
      if (ended) throw ended;
      jcs(fact); // what has no canonical form must not take the others of its group along
      return new Promise<number>((resolve, reject) => {
        queue.push({ fact, at: at ?? o.now().toISOString(), resolve, reject });
        flushing ??= flush();
      });
    },
    written: () => chain.n,
    async close() {
      if (ended?.code === "JOURNAL_CLOSED") return;
      ended ??= new DomainError("JOURNAL_CLOSED");
      await flushing;
      ended = new DomainError("JOURNAL_CLOSED");
      await disk.close(file);
    },
  };
}

/** The text of a group and the chain's state behind it. The kid never goes down within a file, whatever the ring says. */
function linesOf(
  keys: KeyRing,
  writer: string,
  from: Chain,
  group: readonly Waiting[],
): { text: string; chain: Chain } {
  const kid = Math.max(from.kid, keys.write);
  let { n, prev } = from;
  let text = "";
  for (const { fact, at } of group) {
    n += 1;
    const line = { ...fact, n, at, kid: `k${kid}`, prev: prev ?? firstPrev(keys, kid, writer) };
    prev = macOfLine(keys, kid, line);
    text += `${jcs({ ...line, mac: prev })}\n`;
  }
  return { text, chain: { n, kid, prev } };
}
