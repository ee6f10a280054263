/** RFC 2045 §6.7: 76 characters a line with the `=` of a soft break. */
const MOST = 76;
const HEX = Array.from({ length: 256 }, (_, byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`);

const [TAB, LF, SPACE, DOT, EQUALS, TILDE] = [0x09, 0x0a, 0x20, 0x2e, 0x3d, 0x7e];

/** A piece in quoted-printable and the column at which it leaves off. */
export type Encoded = { out: string; column: number };

/** Soft break: ends a line without ending the text's line. */
export const SOFT_BREAK = "=\r\n";

/**
 * Encodes one piece of a text (line ends: LF) that begins at `column`. A piece may be followed by any other: white space at its end is encoded, so that
 * it never stands before a line end by accident. A dot and a `From ` at the start of a line are encoded too: what reads lines on the way (SMTP's
 * end of data, mbox) finds nothing of its own in them, whatever it takes for a line end (B97, B98).
 */
export function quotedPrintable(text: string, column = 0): Encoded {
  const bytes = Buffer.from(text, "utf8");
  let out = "";
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === LF) {
      out += "\r\n";
      column = 0;
      continue;
    }
    let token = tokenOf(bytes, i, byte, column);
    // One column stays free for the soft break's `=`.
    if (column + token.length > MOST - 1) {
      out += SOFT_BREAK;
      column = 0;
      token = tokenOf(bytes, i, byte, column);
    }
    out += token;
    column += token.length;
  }
  return { out, column };
}

function tokenOf(bytes: Buffer, i: number, byte: number, column: number): string {
  if (byte === SPACE || byte === TAB) {
    const next = bytes[i + 1];
    return next === undefined || next === LF ? (HEX[byte] ?? "") : String.fromCharCode(byte);
  }
  if (column === 0 && (byte === DOT || (byte === 0x46 && startsFrom(bytes, i)))) return HEX[byte] ?? "";
  return byte > SPACE && byte <= TILDE && byte !== EQUALS ? String.fromCharCode(byte) : (HEX[byte] ?? "");
}

const startsFrom = (bytes: Buffer, i: number) => bytes.toString("latin1", i, i + 5) === "From ";
