import { HeaderRefused, hasControl } from "./header.ts";

/**
 * Encoded characters a word. RFC 2047 §2 allows words of 75 and lines of 76 with the header's name in them: with the 12 of `=?utf-8?q?` and `?=`
 * and the 10 of `Reply-To: ` this fits on the first line too. A multiple of 4, for base64.
 */
const ROOM = 52;
/** What may stand bare in an encoded word of a phrase as well (§5 (3)): the narrowest of the three sets serves everywhere. */
const BARE = /^[A-Za-z0-9!*+\-/]$/;

/**
 * Unstructured text as a header's value: bare where ASCII can stand as it is, else as encoded words, whole characters in each.
 * @throws HeaderRefused for control characters and line ends: encoding would hide them from `header`, not from who decodes
 */
export function encodeText(text: string): string {
  if (hasControl(text)) throw new HeaderRefused("text");
  return isBare(text) ? text : encodeWords(text);
}

function isBare(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text) && !text.includes("=?") && !/^ | {2}| $/.test(text) && !/[^ ]{60}/.test(text);
}

/** The text as encoded words with a space between them (which readers drop): base64 where that is shorter, as in Greek or Japanese. */
export function encodeWords(text: string): string {
  const q = split(text, quoted, (encoded) => encoded.length).map((chunk) => `=?utf-8?q?${quoted(chunk)}?=`);
  const b = split(text, base64, base64Length).map((chunk) => `=?utf-8?b?${base64(chunk)}?=`);
  return (b.join(" ").length < q.join(" ").length ? b : q).join(" ");
}

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");
/** Added up over characters, each counts its bytes. */
const base64Length = (_: string, character: string) => (Buffer.byteLength(character) * 4) / 3;

function quoted(text: string): string {
  let out = "";
  for (const character of text) {
    if (character === " ") out += "_";
    else if (BARE.test(character)) out += character;
    else
      for (const byte of Buffer.from(character, "utf8")) out += `=${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return out;
}

/** Cuts into pieces whose encoding fits, at characters (code points), never within one. */
function split(
  text: string,
  encode: (text: string) => string,
  length: (encoded: string, character: string) => number,
): string[] {
  const chunks: string[] = [];
  let [chunk, used] = ["", 0];
  for (const character of text) {
    const cost = length(encode(character), character);
    if (used + cost > ROOM && chunk) {
      chunks.push(chunk);
      [chunk, used] = ["", 0];
    }
    chunk += character;
    used += cost;
  }
  return [...chunks, chunk];
}
