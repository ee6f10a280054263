/** RFC 5322 §2.1.1: where lines should and where they must end, without CRLF. */
const SHOULD = 76;
const MUST = 998;
const NAME = /^[A-Za-z][A-Za-z0-9-]{0,75}$/;
/** C0, DEL, C1 (CR, LF, NUL, U+0085 among them) and the two separators that some software takes for a line end (B01). */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;

export const hasControl = (text: string) => CONTROL.test(text);

/** A header field that cannot be written: nobody is to be mailed with it. */
export class HeaderRefused extends Error {
  override readonly name = "HeaderRefused";
  readonly field: string;
  constructor(field: string) {
    super(`refused header ${field}`);
    this.field = field;
  }
}

/**
 * The one way in which a header field comes into a message: `Name: value` folded at spaces, with its CRLF. There is no other writer of headers, so
 * none can be smuggled in: a value with a control character or a line end is refused, and so is one beyond ASCII (it must be encoded before), but
 * for addresses of a message that is sent with SMTPUTF8.
 * @throws HeaderRefused
 */
export function header(name: string, value: string, o: { utf8?: boolean } = {}): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the question is just whether all of it is ASCII
  const ascii = /^[\x00-\x7f]*$/.test(value);
  if (!NAME.test(name) || CONTROL.test(value) || !value.isWellFormed() || (!ascii && !o.utf8))
    throw new HeaderRefused(name);
  const folded = fold(`${name}: ${value.trim()}`);
  if (folded.split("\r\n").some((line) => Buffer.byteLength(line) > MUST)) throw new HeaderRefused(name);
  return `${folded}\r\n`;
}

/** Breaks before the last space that fits, never so that a line of spaces alone would come about (RFC 5322 §3.2.2). */
function fold(line: string): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > SHOULD) {
    const at = breakOf(rest);
    if (at === undefined) break;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...lines, rest].join("\r\n");
}

function breakOf(line: string): number | undefined {
  // Not right behind the name: some software takes an empty first line for an empty header.
  const first = line.startsWith(" ") ? 1 : line.indexOf(": ") + 2;
  const isBreak = (i: number) => line[i] === " " && line[i + 1] !== " " && line[i - 1] !== " " && i + 1 < line.length;
  for (let i = SHOULD; i > first; i--) if (isBreak(i)) return i;
  for (let i = SHOULD + 1; i < line.length; i++) if (isBreak(i)) return i;
  return undefined;
}
