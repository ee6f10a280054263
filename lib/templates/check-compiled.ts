import { type DefaultTreeAdapterTypes, parse } from "parse5";
import type { Finding } from "./findings.ts";
import { lineAt } from "./findings.ts";
import { FOOTER_CLASS } from "./footer.ts";
import { hiddenText } from "./hidden-text.ts";
import { attributeFaults } from "./safe-attributes.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;

/** A browser would run, load or submit something by these; in a mail none has a use. */
const ACTIVE = new Set(
  "script iframe frame frameset object embed applet form base link svg math template portal noembed plaintext xmp".split(
    " ",
  ),
);
/** `http-equiv` that MJML itself writes. */
const META = new Set(["x-ua-compatible", "content-type"]);
/** Gmail cuts what is longer; from the second on the program refuses. */
export const GMAIL_CUTS = 102 * 1024;
const HTML_MOST = 5 * 1024 * 1024;
const LINKS_MOST = 2000;
/** A letter of MJML is some 20 elements deep; programs that read mail give up somewhere beyond this. */
const DEPTH_MOST = 150;

/**
 * Judges compiled HTML as a browser reads it: nothing active in it, no address but of the web, mail and telephone, the legal footer there, whole, under the body itself.
 * @param o.source the MJML, to name the line where the same text stands
 */
export function checkCompiled(o: { html: string; source: string }): Finding[] {
  const bytes = Buffer.byteLength(o.html);
  if (bytes > HTML_MOST) return [finding(o, "html_too_big", { most: HTML_MOST })];
  const root = parse(o.html, { sourceCodeLocationInfo: true });
  const { elements, depth } = elementsOf(root);
  const links = elements.filter((element) => element.tagName === "a").length;
  return [
    ...elements.flatMap((element) => elementFaults(element, o)),
    ...hiddenFindings(root, o),
    ...(hasFooter(elements) ? [] : [finding(o, "footer_hidden", {})]),
    ...(depth > DEPTH_MOST ? [finding(o, "too_deep", { most: DEPTH_MOST })] : []),
    ...(links > LINKS_MOST ? [finding(o, "too_many_links", { links, most: LINKS_MOST })] : []),
    ...(bytes > GMAIL_CUTS ? [finding(o, "gmail_cuts", { kb: Math.ceil(bytes / 1024) }, undefined, "warning")] : []),
  ];
}

/** The first words that nobody is to see: one is enough to know. */
function hiddenFindings(root: Node, o: { html: string; source: string }): Finding[] {
  return hiddenText(root)
    .slice(0, 1)
    .map(({ element: { tagName }, words }) => {
      const start = words.split(/[{<&]/, 1)[0] ?? "";
      return finding(o, "hidden_text", { words }, { tag: tagName, raw: start }, "warning");
    });
}

function elementsOf(root: Node): { elements: Element[]; depth: number } {
  const elements: Element[] = [];
  let deepest = 0;
  // A stack of our own: nesting of a hostile text would overrun the program's.
  const open: [Node, number][] = [[root, 0]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [node, depth] = next;
    deepest = Math.max(deepest, depth);
    if ("tagName" in node) elements.push(node);
    const inside = ["childNodes" in node ? node.childNodes : [], "content" in node ? [node.content] : []].flat();
    for (const child of inside.toReversed()) open.push([child, depth + 1]);
  }
  return { elements, depth: deepest };
}

function elementFaults(element: Element, o: { html: string; source: string }): Finding[] {
  const name = element.tagName;
  const at = { tag: name, raw: rawOf(element, o.html) };
  if (ACTIVE.has(name)) return [finding(o, "active_tag", { name }, at)];
  const attribute = (wanted: string) => element.attrs.find((attr) => attr.name === wanted)?.value;
  const equiv = attribute("http-equiv");
  if (name === "meta" && equiv !== undefined && !META.has(equiv.trim().toLowerCase()))
    return [finding(o, "active_tag", { name }, at)];
  const faults = attributeFaults(name, element.attrs).map((fault) =>
    finding(o, fault.code, fault.facts, { tag: name, raw: fault.value }, fault.level),
  );
  const css = name === "style" ? styleFaults(element, o) : [];
  return [...faults, ...css, ...imageFaults(name, attribute, o, at)];
}

/** A style sheet loads nothing and runs nothing. */
function styleFaults(element: Element, o: { html: string; source: string }): Finding[] {
  const css = element.childNodes.map((node) => ("value" in node ? node.value : "")).join("");
  return attributeFaults("style", [{ name: "style", value: css }]).map((fault) =>
    finding(o, fault.code, fault.facts, { tag: "mj-style", raw: fault.value }, fault.level),
  );
}

/** An image of a single point is there to watch who opens (design: §2.9). */
function imageFaults(
  name: string,
  attribute: (name: string) => string | undefined,
  o: { html: string; source: string },
  at: { tag: string; raw: string },
): Finding[] {
  const tiny = (size: string | undefined) => size !== undefined && /^\s*[01](px)?\s*$/.test(size);
  if (name !== "img" || !(tiny(attribute("width")) || tiny(attribute("height")))) return [];
  return [finding(o, "pixel", {}, { ...at, raw: attribute("src") ?? at.raw })];
}

/** The footer that the law asks for (MC-02, MC-03, WD-01), looked for where a reader would find it: directly under the body, once. */
function hasFooter(elements: Element[]): boolean {
  const isFooter = (element: Element) =>
    element.attrs.some((attr) => attr.name === "class" && attr.value === FOOTER_CLASS);
  const footers = elements.filter(isFooter);
  const parent = footers[0]?.parentNode;
  return (
    footers.length === 1 && parent !== undefined && parent !== null && "tagName" in parent && parent.tagName === "body"
  );
}

/** Whether a reader of this HTML finds the legal footer: also asked of rendered mails, where a condition may have left a tag open. */
export function showsFooter(html: string): boolean {
  return hasFooter(elementsOf(parse(html)).elements);
}

const rawOf = (element: Element, html: string) => {
  const place = element.sourceCodeLocation?.startTag ?? element.sourceCodeLocation;
  return place
    ? html.slice(place.startOffset, Math.min(place.endOffset, place.startOffset + 200))
    : `<${element.tagName}`;
};

/** Finds the source's line by the text that is at fault; MJML copies it as it stands. Line 1 where it does not stand there. */
function finding(
  o: { source: string },
  code: string,
  facts: Finding["facts"],
  at?: { tag: string; raw: string },
  level: Finding["level"] = "error",
): Finding {
  const exact = at?.raw ? o.source.indexOf(at.raw) : -1;
  const offset = exact === -1 && at ? o.source.toLowerCase().indexOf(`<${at.tag}`) : exact;
  return {
    level,
    code,
    part: "mjml",
    line: lineAt(o.source, Math.max(offset, 0)),
    facts,
    ...(at ? { tag: at.tag } : {}),
  };
}
