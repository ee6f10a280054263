import { createHash } from "node:crypto";
import { DomainError } from "../errors.ts";
import { cutText } from "../text/header.ts";
import { plainOfAll } from "./field.ts";
import { headersOf } from "./headers.ts";
import { contextOf, htmlEngine, renderTemplates, textEngine } from "./liquid.ts";
import { END_OF_DATA } from "./mime/end.ts";
import { type PreparedPart, preparePart } from "./mime/part.ts";
import type { Frozen, Person } from "./types.ts";
import { type Values, valuesMaker } from "./values.ts";

/** Characters of a subject after merging: a field may be as long as it likes, a subject may not (B46). */
const SUBJECT_MOST = 250;

/** A campaign's message with all that is the same for everybody made. */
export type Prepared = {
  valuesOf: (person: Person) => Values;
  subject: (values: Values) => string;
  headers: ReturnType<typeof headersOf>;
  text: PreparedPart;
  html: PreparedPart;
  boundary: string;
};

/** One person's message, CRLF line ends and no line that begins with a dot. `ended`: the same memory with the end of DATA after it, to be written in one piece. */
export type Message = { raw: Buffer; ended: Buffer; envelopeUtf8: boolean };

/** Gives so many bytes to write a message into. */
export type Room = (size: number) => Buffer;

/**
 * Parses and encodes a campaign's frozen texts, once a campaign and process.
 * @throws DomainError TEMPLATE_UNUSABLE when a text is no Liquid or a header cannot be written (the checks before a launch find both)
 */
export function prepareMessage(frozen: Frozen): Prepared {
  try {
    return {
      valuesOf: valuesMaker(frozen),
      subject: subjectOf(frozen.subject),
      headers: headersOf(frozen),
      text: preparePart(textEngine, frozen.text),
      html: preparePart(htmlEngine, frozen.html),
      boundary: boundaryOf(frozen),
    };
  } catch (error) {
    throw new DomainError("TEMPLATE_UNUSABLE", { cause: (error as Error).message.slice(0, 200) });
  }
}

/**
 * One person's message. Pure: the same frozen texts and values give the same bytes, so that her copy can be rebuilt.
 * All of it is pieces that are encoded (ASCII, CRLF, no dot at the start of a line; only the fields of an internationalized address hold more) and written side by side into
 * `room`: memory that was used before, where it is given. 40 KB of new memory cost 30 µs, the writing 3.
 * @throws HeaderRefused or RenderError: for this person alone
 */
export function renderMessage(prepared: Prepared, person: Person, room: Room = Buffer.allocUnsafe): Message {
  const { values, subject } = merged(prepared, person);
  const { text, utf8 } = prepared.headers(person, subject);
  const pieces = [
    ...[text, `Content-Type: multipart/alternative;\r\n boundary="${prepared.boundary}"\r\n\r\n`],
    ...["--", prepared.boundary, "\r\n", partHead("plain", prepared.text), ...prepared.text.encode(values)],
    ...["--", prepared.boundary, "\r\n", partHead("html", prepared.html), ...prepared.html.encode(values)],
    ...["--", prepared.boundary, "--\r\n"],
  ];
  const head = utf8 ? Buffer.byteLength(text) : text.length;
  pieces.push(END_OF_DATA);
  const ended = room(pieces.reduce((size, piece) => size + piece.length, head - text.length));
  let at = 0;
  for (const piece of pieces) at += ended.write(piece, at, utf8 && at === 0 ? "utf8" : "latin1");
  return { raw: ended.subarray(0, at - END_OF_DATA.length), ended, envelopeUtf8: utf8 };
}

/** What a person will see, before encoding: the same functions, for previews. */
export function renderParts(prepared: Prepared, person: Person): { subject: string; text: string; html: string } {
  const { values, subject } = merged(prepared, person);
  return { subject, text: prepared.text.render(values), html: prepared.html.render(values) };
}

function merged(prepared: Prepared, person: Person) {
  const values = prepared.valuesOf(person);
  const subject = prepared.subject(values);
  return { subject, values: { ...values, campaign: { subject } } };
}

/** What becomes of a subject: one line, whatever stands in a field (B05). */
function subjectOf(source: string): (values: Values) => string {
  const templates = textEngine.parse(source);
  const plain = plainOfAll(templates, (text) => text);
  return (values) => oneLine(plain?.(values) ?? renderTemplates(textEngine, templates, contextOf(textEngine, values)));
}

/** A header's text from anything: controls and line ends become spaces, and it has an end. */
export const oneLine = (text: string) => {
  const line = text
    .slice(0, 2000)
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .trim();
  return line.length > SUBJECT_MOST ? cutText(line, SUBJECT_MOST) : line;
};

function partHead(type: "plain" | "html", part: PreparedPart): string {
  return `Content-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${part.encoding}\r\n\r\n`;
}

/** `=_` can stand in neither quoted-printable nor base64: no part can hold a boundary, nor guess one. */
function boundaryOf(frozen: Frozen): string {
  const hash = createHash("sha256").update(JSON.stringify([frozen.campaign.number, frozen.html, frozen.text]));
  return `=_${hash.digest("hex").slice(0, 32)}`;
}
