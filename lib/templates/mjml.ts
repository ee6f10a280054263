import { checkCompiled } from "./check-compiled.ts";
import { escapeAroundLiquid } from "./escape.ts";
import type { Finding } from "./findings.ts";
import type { Footer } from "./footer.ts";
import { sourceFindings } from "./mjml-source.ts";
import { PREHEADER_CLASS } from "./preheader.ts";

export type Compiled = { html: string; findings: Finding[] };

/**
 * Compiles MJML text to the HTML that is frozen at launch, Liquid still in it, the legal footer as the last part of its body.
 * `html` is "" where MJML can make nothing of the text; an error finding says so. Findings of the source come with its lines.
 *
 * @param o.title subject, for screen readers and tabs · o.preheader shown beside the subject; both may hold Liquid
 */
export async function compileMjml(
  source: string,
  o: { locale: string; title: string; preheader: string; footer: Footer },
): Promise<Compiled> {
  const before = sourceFindings(source);
  if (before.some(({ code }) => code === "source_too_big")) return { html: "", findings: before };
  const compiled = await run(withoutPreview(source, o.preheader));
  if (!compiled.html) return { html: "", findings: before.length > 0 ? before : compiled.findings };
  const html = dressed(compiled.html, { ...o, dark: source.includes("prefers-color-scheme") });
  const seen = new Set(before.map((finding) => `${finding.code} ${finding.line}`));
  const after = checkCompiled({ html, source }).filter((finding) => !seen.has(`${finding.code} ${finding.line}`));
  return { html, findings: [...before, ...compiled.findings, ...after].sort((a, b) => a.line - b.line) };
}

/** MJML is heavy (184 MB with all of it): only who compiles loads it. `fonts: {}`: no font comes from another host. */
async function run(source: string): Promise<Compiled> {
  const { default: mjml2html } = await import("mjml");
  try {
    const { html, errors } = await mjml2html(source, {
      fonts: {},
      validationLevel: "soft",
      minify: false,
      ignoreIncludes: true,
      keepComments: false,
    });
    return { html: html.includes("</body>") ? trimmed(html) : "", findings: errors.map(fromMjml) };
  } catch {
    return { html: "", findings: [{ level: "error", code: "mjml_unreadable", part: "mjml", line: 1, facts: {} }] };
  }
}

/** MJML indents by depth and leaves lines of spaces: a fifth of a letter, sent to everybody. Where spaces count they stay. */
const trimmed = (html: string) =>
  /<pre|<textarea|white-space:\s*pre/i.test(html)
    ? html
    : html.replace(/^[ \t]+|[ \t]+$/gm, "").replace(/\n{2,}/g, "\n");

/** The campaign's own preheader takes the place of `<mj-preview>`; lines stay where they were. */
function withoutPreview(source: string, preheader: string): string {
  if (!preheader.trim()) return source;
  return source.replace(/<mj-preview\b[^>]*>[\s\S]*?<\/mj-preview>/gi, (found) => found.replace(/[^\n]/g, ""));
}

/** Language, title, preheader and footer in the frame that MJML writes. */
function dressed(html: string, o: { locale: string; title: string; preheader: string; footer: Footer; dark: boolean }) {
  const head = o.dark
    ? `<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><style type="text/css">:root{color-scheme:light dark}${o.footer.css}</style>`
    : "";
  const preheader = o.preheader.trim()
    ? `<div class="${PREHEADER_CLASS}" style="display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden">${escapeAroundLiquid(o.preheader)}</div>`
    : "";
  const end = html.lastIndexOf("</body>");
  const whole = `${html.slice(0, end)}${o.footer.html}\n${html.slice(end)}`;
  return whole
    .replace(/ aria-label="[^"]*"(?= aria-roledescription="email")/, "")
    .replace(/<html lang="[^"]*" dir="auto"/, () => `<html lang="${o.locale}" dir="ltr"`)
    .replace(
      /(role="article" )lang="[^"]*" dir="auto"/,
      (_, role) => `${role}aria-label="${escapeAroundLiquid(o.title)}" lang="${o.locale}" dir="ltr"`,
    )
    .replace(/<title>[\s\S]*?<\/title>/, () => `<title>${escapeAroundLiquid(o.title)}</title>`)
    .replace("</head>", () => `${head}</head>`)
    .replace(/<body[^>]*>/, (body) => body + preheader);
}

/** MJML's own findings, as codes. What drops content is an error; an attribute that it passes over is not. */
function fromMjml(error: { line: number; message: string; tagName: string }): Finding {
  const base = { part: "mjml" as const, line: error.line || 1, tag: error.tagName };
  const attribute = /^Attributes? ([\w:, -]{1,80}?) (?:is|are) illegal/.exec(error.message);
  if (attribute) return { ...base, level: "warning", code: "mjml_attribute", facts: { name: attribute[1] ?? "" } };
  const element = /^Element (\S{1,40}) doesn't exist/.exec(error.message);
  if (element) return { ...base, level: "error", code: "mjml_element", facts: { name: element[1] ?? "" } };
  const place = /^(\S{1,40}) cannot be used inside (\S{1,40}?),/.exec(error.message);
  if (place)
    return { ...base, level: "error", code: "mjml_place", facts: { name: place[1] ?? "", parent: place[2] ?? "" } };
  return { ...base, level: "warning", code: "mjml_other", facts: { message: error.message.slice(0, 200) } };
}
