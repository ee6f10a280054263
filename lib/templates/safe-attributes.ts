import { domainToUnicode } from "node:url";

type Attribute = { name: string; value: string };
export type Fault = { code: string; level: "error" | "warning"; facts: Record<string, string>; value: string };

const LINKS = new Set([
  "href",
  "src",
  "action",
  "formaction",
  "background",
  "xlink:href",
  "srcset",
  "poster",
  "data",
  "cite",
]);
const SCHEMES = new Set(["http", "https", "mailto", "tel"]);
/** What makes a style sheet load or run: also written with escapes and comments, which are taken away first. */
const ACTIVE_CSS = /@import|expression\s*\(|javascript:|vbscript:|behavior\s*:|-moz-binding|data:text/;

/** What is wrong with an element's attributes as a browser reads them (entities already decoded). */
export function attributeFaults(tag: string, attributes: readonly Attribute[]): Fault[] {
  return attributes.flatMap(({ name, value }) => {
    if (name.startsWith("on") || name === "srcdoc") return [fault("event_handler", value, { name })];
    if (name === "style") return cssFaults(value);
    return LINKS.has(name) ? linkFaults(tag, name, value) : [];
  });
}

function cssFaults(value: string): Fault[] {
  const css = value
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/\\([0-9a-f]{1,6})\s?/gi, (_, hex) => characterOf(hex))
    .replaceAll("\\", "")
    .toLowerCase();
  const active = ACTIVE_CSS.exec(css);
  return active ? [fault("active_css", value, { name: active[0].trim() })] : [];
}

const characterOf = (hex: string) => {
  const code = Number.parseInt(hex, 16);
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "";
};

function linkFaults(tag: string, name: string, value: string): Fault[] {
  const values = name === "srcset" ? value.split(",").map((one) => one.trim().split(/\s+/)[0] ?? "") : [value];
  return values.flatMap((one) => linkFault(tag, one));
}

function linkFault(tag: string, value: string): Fault[] {
  // A browser drops these before it looks at the scheme.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: just those that a URL parser strips
  const url = value.replace(/[\t\n\r]/g, "").replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, "");
  const merged = mergedFault(url, value);
  if (merged) return [merged];
  if (url.startsWith("#") || url.startsWith("{{") || url.startsWith("{%")) return [];
  if (url === "") return tag === "a" ? [fault("link_empty", value, {}, "warning")] : [];
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (!scheme) return [fault("link_relative", value, { url: url.slice(0, 120) })];
  if (!SCHEMES.has(scheme)) return [fault("link_scheme", value, { scheme })];
  if (scheme === "http")
    return [fault("link_insecure", value, { url: url.slice(0, 120) }, "warning"), ...homograph(url, value)];
  return scheme === "https" ? homograph(url, value) : [];
}

/** An address with letters that look like others is shown as the network knows it (B13). */
function homograph(url: string, value: string): Fault[] {
  if (url.includes("{")) return [];
  try {
    const { hostname } = new URL(url);
    const shown = domainToUnicode(hostname);
    return shown === hostname ? [] : [fault("link_homograph", value, { host: hostname, shown }, "warning")];
  } catch {
    return [fault("link_broken", value, { url: url.slice(0, 120) })];
  }
}

/**
 * A link may hold our own links and addresses, and anything else only through `url_encode`: else a contact's field could choose where it leads, or
 * make a `javascript:` of it.
 */
function mergedFault(url: string, value: string): Fault | undefined {
  for (const [, inside = ""] of url.matchAll(/\{\{-?([\s\S]*?)-?\}\}/g)) {
    if (/^\s*(links\.\w+|org\.(website|privacy_email))\s*$/.test(inside) || /\|\s*url_encode\s*$/.test(inside))
      continue;
    return fault("link_variable", value, { name: inside.trim().slice(0, 80) });
  }
  return undefined;
}

const fault = (code: string, value: string, facts: Record<string, string>, level: Fault["level"] = "error"): Fault => ({
  code,
  level,
  facts,
  value,
});
