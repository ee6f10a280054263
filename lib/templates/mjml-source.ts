import { type Finding, lineAt } from "./findings.ts";
import { type Tag, tagsOf, withoutComments } from "./scan.ts";

/** Characters of MJML: far beyond any letter, near enough to keep the compiler quick (B46). */
export const SOURCE_MOST = 1_000_000;

/** Tags that may not stand in a source at all, with the code for people. Those of a document's frame are MJML's own to write. */
const REFUSED = new Map<string, string>([
  ["mj-include", "include"],
  ["mj-font", "foreign_font"],
  ["style", "raw_style"],
  ...["html", "head", "body", "title"].map((name): [string, string] => [name, "frame_tag"]),
  ..."script iframe frame frameset object embed applet form base meta link svg math template portal noembed plaintext xmp"
    .split(" ")
    .map((name): [string, string] => [name, "active_tag"]),
]);

/** What MJML takes for text to its closing tag: tags in there are HTML and need not balance. */
const TEXTUAL =
  /^mj-(text|button|raw|table|style|title|preview|social-element|navbar-link|accordion-title|accordion-text)$/;

/** What can be said of an MJML text before it is compiled, each with its line. The compiled result is judged by `check-compiled.ts`. */
export function sourceFindings(source: string): Finding[] {
  if (source.length > SOURCE_MOST) return [found("source_too_big", source, 0, { most: SOURCE_MOST })];
  const { text, comments } = withoutComments(source);
  const tags = tagsOf(text);
  // What stands in a comment for Outlook alone is read by Outlook.
  const hidden = comments.flatMap(({ inner, start }) =>
    tagsOf(inner).map((tag) => ({ ...tag, start: tag.start + start })),
  );
  return [
    ...[...tags, ...hidden].flatMap((tag) => refused(tag, source)),
    ...unbalanced(tags, source),
    ...reserved(source),
    ...tags.flatMap((tag) => [...fileStart(tag, source), ...noAlt(tag, source)]),
  ].sort((a, b) => a.line - b.line);
}

const refused = (tag: Tag, source: string): Finding[] => {
  const code = tag.closing ? undefined : REFUSED.get(tag.name);
  return code ? [found(code, source, tag.start, { name: tag.name }, tag.name)] : [];
};

/** `<mj-raw position="file-start">` would write before the document begins. */
const fileStart = (tag: Tag, source: string): Finding[] =>
  tag.name === "mj-raw" && /position\s*=\s*["']?\s*file-start/i.test(tag.raw)
    ? [found("file_start", source, tag.start, {}, tag.name)]
    : [];

/** An image needs words for whoever does not see it. An empty `alt` is a choice (decoration), none at all is not; MJML would write an empty one. */
const noAlt = (tag: Tag, source: string): Finding[] =>
  (tag.name === "mj-image" || tag.name === "img") && !tag.closing && !/\salt\s*=/i.test(tag.raw)
    ? [{ ...found("no_alt", source, tag.start, {}, tag.name), level: "warning" }]
    : [];

/** Names of our own parts (footer, preheader): a style for them could hide them. */
function reserved(source: string): Finding[] {
  const at = source.toLowerCase().indexOf("assenso-");
  return at === -1 ? [] : [found("reserved_name", source, at, {})];
}

/** MJML drops what an unclosed tag holds without a word: the first one is named. */
function unbalanced(tags: Tag[], source: string): Finding[] {
  const open: Tag[] = [];
  for (const tag of tags) {
    if (!(tag.name === "mjml" || tag.name.startsWith("mj-"))) continue;
    const last = open.at(-1);
    if (last && TEXTUAL.test(last.name) && !(tag.closing && tag.name === last.name)) continue;
    if (tag.closing) {
      if (last?.name !== tag.name) return [notClosed(last ?? tag, source)];
      open.pop();
    } else if (!tag.selfClosing) open.push(tag);
  }
  const last = open.at(-1);
  return last ? [notClosed(last, source)] : [];
}

const notClosed = (tag: Tag, source: string) =>
  found("tag_not_closed", source, tag.start, { name: tag.name }, tag.name);

function found(code: string, source: string, at: number, facts: Finding["facts"], tag?: string): Finding {
  return { level: "error", code, part: "mjml", line: lineAt(source, at), facts, ...(tag ? { tag } : {}) };
}
