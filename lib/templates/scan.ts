/** A tag of a source text as it stands there. */
export type Tag = { name: string; closing: boolean; selfClosing: boolean; raw: string; start: number };

/** The text with its comments turned into spaces (line ends stay): offsets and lines are those of the text. */
export function withoutComments(source: string): { text: string; comments: { inner: string; start: number }[] } {
  const comments: { inner: string; start: number }[] = [];
  let [text, at] = ["", 0];
  for (;;) {
    const start = source.indexOf("<!--", at);
    if (start === -1) return { text: text + source.slice(at), comments };
    const closed = source.indexOf("-->", start + 4);
    const end = closed === -1 ? source.length : closed + 3;
    comments.push({ inner: source.slice(start + 4, closed === -1 ? end : closed), start });
    text += source.slice(at, start) + source.slice(start, end).replace(/[^\n]/g, " ");
    at = end;
  }
}

/** The tags of a text, in order; quoted attribute values may hold `>`. One pass, whatever the text holds: a tag without an end ends the walk. */
export function tagsOf(text: string): Tag[] {
  const tags: Tag[] = [];
  for (let start = text.indexOf("<"); start !== -1; ) {
    const name = /^<\/?([A-Za-z][\w:-]{0,60})/.exec(text.slice(start, start + 64));
    const end = name ? tagEnd(text, start) : undefined;
    if (name && end === undefined) return tags;
    if (name && end !== undefined) {
      const raw = text.slice(start, end);
      const closing = raw[1] === "/";
      tags.push({ name: (name[1] ?? "").toLowerCase(), closing, selfClosing: /\/\s*>$/.test(raw), raw, start });
    }
    start = text.indexOf("<", end ?? start + 1);
  }
  return tags;
}

function tagEnd(text: string, start: number): number | undefined {
  let quote = "";
  for (let i = start; i < text.length; i++) {
    const character = text[i] ?? "";
    if (quote) quote = character === quote ? "" : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === ">") return i + 1;
  }
  return undefined;
}
