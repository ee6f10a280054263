/** Text as records, JSON and PostgreSQL can hold it: lone surrogates and U+0000 become U+FFFD (formats.md, at the top). */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\u{fffd}");
}

/** Whether `cleanText` would change nothing: what a form or an API may take in (B18, B19). */
export function isClean(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** Text from bytes that must be UTF-8. Undefined for invalid or overlong sequences and encoded surrogates; a byte order mark is kept. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
