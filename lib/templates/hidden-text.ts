import type { DefaultTreeAdapterTypes } from "parse5";
import { PREHEADER_CLASS } from "./preheader.ts";

type Node = DefaultTreeAdapterTypes.Node;
type Element = DefaultTreeAdapterTypes.Element;
type Style = Map<string, string>;

/** How a text is shown, as far as the styles on the elements around it say; colours undefined: not known. */
type Shown = { hidden: boolean; size: number; colour: string | undefined; back: string | undefined };
export type HiddenText = { element: Element; words: string };

/** What Gmail and Outlook show of a mail before anybody chooses: dark letters on white. */
const START: Shown = { hidden: false, size: 16, colour: "#000000", back: "#ffffff" };
const UNREADABLE_PX = 2;
const NO_TEXT = new Set(["head", "style", "title", "script"]);
const NAMES: Record<string, string> = { white: "#ffffff", black: "#000000" };
/** MJML's own preview line; ours has a class. */
const PREVIEW = /^display:none;font-size:1px;color:#ffffff;/;

/**
 * Words that stand in a mail and that nobody is to see: not displayed, of no size, transparent, or in the colour of what is behind them. Filters take
 * them for deceit, and so may a reader (MC-01). The preview line is meant to be hidden, once. What style sheets hide is not seen here.
 */
export function hiddenText(root: Node): HiddenText[] {
  const found: HiddenText[] = [];
  let preview = false;
  const open: { node: Node; shown: Shown }[] = [{ node: root, shown: START }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { node, shown } = next;
    if (!("childNodes" in node)) continue;
    if ("tagName" in node && NO_TEXT.has(node.tagName)) continue;
    if (!preview && isPreview(node)) {
      preview = true;
      continue;
    }
    const here = "tagName" in node ? under(shown, node) : shown;
    const words = node.childNodes.map((child) => ("value" in child ? child.value : "")).join(" ");
    if ("tagName" in node && unseen(here) && /\p{L}/u.test(words)) found.push({ element: node, words: shorten(words) });
    for (const child of node.childNodes.toReversed()) open.push({ node: child, shown: here });
  }
  return found;
}

const unseen = ({ hidden, size, colour, back }: Shown) =>
  hidden || size < UNREADABLE_PX || (colour !== undefined && colour === back);

const shorten = (words: string) => words.replace(/\s+/g, " ").trim().slice(0, 40);

function isPreview(node: Node): boolean {
  if (!("attrs" in node) || !node.parentNode || !("tagName" in node.parentNode)) return false;
  if (node.parentNode.tagName !== "body") return false;
  return node.attrs.some(
    ({ name, value }) =>
      (name === "class" && value === PREHEADER_CLASS) || (name === "style" && PREVIEW.test(value.replaceAll(" ", ""))),
  );
}

function under(around: Shown, { attrs }: Element): Shown {
  const of = (wanted: string) => attrs.find(({ name }) => name === wanted)?.value;
  const style = styleOf(of("style") ?? "");
  const size = /^([\d.]+)(px|pt)?$/.exec(style.get("font-size") ?? "")?.[1];
  const back = style.get("background-color") ?? style.get("background") ?? of("bgcolor");
  return {
    hidden: around.hidden || hides(style) || attrs.some(({ name }) => name === "hidden"),
    size: size === undefined ? (style.has("font-size") ? START.size : around.size) : Number(size),
    colour: style.has("color") ? colourOf(style.get("color")) : around.colour,
    back: back === undefined || /^(none|transparent|inherit)\b/.test(back) ? around.back : colourOf(back),
  };
}

const hides = (style: Style) =>
  style.get("display") === "none" || style.get("visibility") === "hidden" || Number(style.get("opacity") ?? 1) === 0;

function styleOf(text: string): Style {
  const pairs = text.split(";").map((one) => one.split(":").map((part) => part.trim().toLowerCase()));
  return new Map(pairs.map(([name = "", value = ""]) => [name, value.replace(/\s*!important$/, "")]));
}

/** One plain colour as `#rrggbb`; undefined for pictures, gradients and what else cannot be told. */
function colourOf(text: string | undefined): string | undefined {
  const value = text?.trim().toLowerCase() ?? "";
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/.exec(value);
  if (short) return `#${short[1]}${short[1]}${short[2]}${short[2]}${short[3]}${short[3]}`;
  const rgb = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/.exec(value);
  if (rgb)
    return `#${rgb
      .slice(1)
      .map((part) => Number(part).toString(16).padStart(2, "0"))
      .join("")}`;
  return /^#[0-9a-f]{6}$/.test(value) ? value : NAMES[value];
}
