import type { Readable } from "node:stream";
import { END_OF_DATA } from "../templates/mime/end.ts";

const END = Buffer.from(END_OF_DATA);

/**
 * A message as DATA carries it (RFC 5321 2.3.8, 4.5.2): every line ends in CRLF, a dot at the beginning of a line is doubled. The pieces are written one after the other, the last
 * one holds the end of DATA; `length` is without it.
 */
export type Wire = { pieces: Buffer[]; length: number };

/** Any message. A bare CR or LF becomes CRLF: what some receiver takes for a line end must not hide the end of a message (SMTP smuggling, B97). */
export function onTheWire(message: Buffer): Wire {
  const text = message.toString("latin1");
  if (isReady(text)) return readyForWire([message, END]);
  const lines = text.replace(/\r\n|\r|\n/g, "\r\n").replace(/^\./gm, "..");
  return readyForWire([Buffer.from(lines.endsWith("\r\n") ? lines : `${lines}\r\n`, "latin1"), END]);
}

/** A message whose maker answers for its lines: what `renderMessage` writes comes from encoders that know no other ones. Looking at 40 KB again costs 45 µs. */
export const readyForWire = (pieces: Buffer[]): Wire => ({
  pieces,
  length: pieces.reduce((sum, piece) => sum + piece.length, -END.length),
});

/** Whether nothing is to be done. */
function isReady(text: string): boolean {
  if (!text.endsWith("\r\n") || text.startsWith(".")) return false;
  let lines = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    if (text.charCodeAt(at - 1) !== 13 || text.charCodeAt(at + 1) === 46) return false;
    lines++;
  }
  let returns = 0;
  for (let at = text.indexOf("\r"); at >= 0; at = text.indexOf("\r", at + 1)) returns++;
  return returns === lines;
}

/** The same in the form of a stream: the library then writes it as it is. */
export function readyMessage({ pieces }: Wire): Readable {
  const pipe = (to: Readable) => {
    for (const piece of pieces) to.push(piece);
    to.push(null);
    return to;
  };
  return { pipe } as unknown as Readable;
}
