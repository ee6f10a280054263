import { isClean } from "./clean.ts";

/** Controls (C0, DEL, C1: with CR, LF, NUL, U+0085) and the two separators that some software takes for a line end. */
const LINE_OR_CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** Marks that turn the direction of what follows (UAX #9): they make `exe.fdp` of `pdf.exe`. */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text for a mail header (subject, sender's name, list's name), trimmed. Undefined where it holds a control character or a line end: a header could be smuggled in (B01). */
export function headerText(text: string): string | undefined {
  const trimmed = text.trim();
  return isClean(trimmed) && !LINE_OR_CONTROL.test(trimmed) ? trimmed : undefined;
}

/** The same text without direction controls: for senders' names and file names. */
export function withoutBidi(text: string): string {
  return text.replace(BIDI_CONTROLS, "");
}

/** The first `most` characters as people count them (a family of four emoji is one), whole. */
export function cutText(text: string, most: number): string {
  let kept = "";
  let count = 0;
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (count++ === most) return kept;
    kept += segment;
  }
  return text;
}
