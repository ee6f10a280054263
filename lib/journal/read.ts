import { createReadStream } from "node:fs";
import { constantTimeEqual } from "../crypto/equal.ts";
import { type KeyRing, kidNumber, UnknownKey } from "../crypto/keys.ts";
import { jcs } from "../ledger/jcs.ts";
import { utf8 } from "../text/clean.ts";
import { journalFile } from "./file.ts";
import { firstPrev, type JournalLine, macOfLine } from "./line.ts";

/** Why a line is not what its writer wrote there. */
export type FaultReason = "form" | "number" | "kid" | "prev" | "mac";

/** A line was changed, taken out or put in: the start stops and names file and line. */
export class JournalFault extends Error {
  override readonly name = "JournalFault";
  readonly file: string;
  readonly line: number;
  readonly reason: FaultReason;

  constructor(file: string, line: number, reason: FaultReason) {
    super(`${file}, line ${line}: ${SENTENCE[reason]}`);
    this.file = file;
    this.line = line;
    this.reason = reason;
  }
}

const SENTENCE: Record<FaultReason, string> = {
  form: "this is no line of a journal",
  number: "its number does not follow the line before",
  kid: "it names an older key than the line before",
  prev: "it does not follow the line before",
  mac: "its MAC is wrong: it was changed, or the key ring is another installation's",
};

/** The end of a file that a dying process left unfinished: from this line on, so many bytes. */
export type Tear = { line: number; bytes: number };

type Options = {
  folder: string;
  writer: string;
  keys: KeyRing;
  /** Whether the writer's process is gone. While it lives an unfinished last line is only not there yet. */
  gone: boolean;
  onTear?: (tear: Tear) => void;
};

/** Reads a whole file: its lines, each of them verified, and the tear at its end if it has one. Errors as `journalLines`. */
export async function readJournal(o: Omit<Options, "onTear">): Promise<{ lines: JournalLine[]; tear?: Tear }> {
  const lines: JournalLine[] = [];
  let tear: Tear | undefined;
  for await (const line of journalLines({ ...o, onTear: (found) => (tear = found) })) lines.push(line);
  return tear ? { lines, tear } : { lines };
}

/**
 * Reads a writer's file line by line and verifies each before it is given out.
 * @throws JournalFault for a line that the writer did not write there; UnknownKey for a kid that the ring lacks (read the ring again, then the
 *   file again); the file system's own error when the file cannot be read
 */
export async function* journalLines(o: Options): AsyncGenerator<JournalLine> {
  const path = journalFile(o.folder, o.writer);
  let before = { n: 0, kid: 0, mac: "" };
  let torn = 0;
  for await (const { bytes, whole } of physicalLines(path)) {
    if (torn === 0 && whole && !(o.gone && bytes.includes(0))) {
      const line = verified(o, path, bytes, before);
      before = { n: line.n, kid: kidNumber(line.kid), mac: line.mac };
      yield line;
    } else torn += bytes.length + (whole ? 1 : 0);
  }
  if (torn > 0 && o.gone) o.onTear?.({ line: before.n + 1, bytes: torn });
}

function verified(
  o: Options,
  path: string,
  bytes: Buffer,
  before: { n: number; kid: number; mac: string },
): JournalLine {
  const fault = (reason: FaultReason) => new JournalFault(path, before.n + 1, reason);
  const line = parsed(bytes);
  if (!line) throw fault("form");
  const kid = kidNumber(line.kid);
  if (!o.keys.kids().includes(kid)) throw new UnknownKey(kid);
  if (line.n !== before.n + 1) throw fault("number");
  if (kid < before.kid) throw fault("kid");
  const { mac, ...rest } = line;
  if (!same(line.prev, before.mac || firstPrev(o.keys, kid, o.writer))) throw fault("prev");
  if (!same(mac, macOfLine(o.keys, kid, rest))) throw fault("mac");
  return line;
}

const same = (a: string, b: string) => constantTimeEqual(Buffer.from(a), Buffer.from(b));

/** A line's object, if its bytes are the canonical ones and it has what every line has. */
function parsed(bytes: Buffer): JournalLine | undefined {
  try {
    const text = utf8(bytes) ?? "";
    const line = JSON.parse(text) as JournalLine;
    const hex = /^[0-9a-f]{64}$/;
    if (jcs(line) !== text || !hex.test(line.prev) || !hex.test(line.mac)) return undefined;
    if (typeof line.kind !== "string" || typeof line.at !== "string") return undefined;
    kidNumber(line.kid);
    return line;
  } catch {
    return undefined;
  }
}

/** The pieces of a file between newlines; the last one has none behind it. */
async function* physicalLines(path: string): AsyncGenerator<{ bytes: Buffer; whole: boolean }> {
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      yield { bytes: Buffer.concat([...rest, chunk.subarray(from, end)]), whole: true };
      rest = [];
      from = end + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield { bytes: Buffer.concat(rest), whole: false };
}
