import type { Controller, Locale, Tone } from "../notices/words/types.ts";
import { showsFooter } from "./check-compiled.ts";
import type { Finding, Part } from "./findings.ts";
import { legalFooter } from "./footer.ts";
import { contextOf, htmlEngine, renderTemplates, textEngine } from "./liquid.ts";
import { analyzeLiquid, type UsedVariable } from "./liquid-analysis.ts";
import { compileMjml } from "./mjml.ts";
import { samplePerson, sampleValues } from "./sample.ts";
import { replyMarkOf } from "./subject-marks.ts";
import { deriveText } from "./text.ts";
import { pressingWords } from "./urgency.ts";

export type Content = {
  mjml: string;
  /** As the author edited it; null: derived from the HTML. */
  text: string | null;
  subject: string;
  preheader: string;
  locale: Locale;
  tone: Tone;
  /** `privacyUrl` absolute: their own notice, or ours. */
  organization: Controller & { privacyUrl: string };
  /** Contact fields that exist; left out: any name will do. */
  fields?: readonly string[];
};

export type Composed = {
  /** What is frozen at launch, Liquid still in both, the legal footer at the end of both. "" where MJML makes nothing of the source. */
  html: string;
  text: string;
  /** What the text part would be without the author's own, without footer: for the editor. */
  derivedText: string;
  findings: Finding[];
  /** Every name that is merged in, with its place: what the checks before sending count empty fields by. */
  variables: (UsedVariable & { part: Part })[];
  /** Size of the HTML in bytes. */
  bytes: number;
};

/**
 * Makes of a draft what would be sent, and says what is wrong with it: the one function for preview, test send and launch, so that what is looked at is
 * what leaves. Never throws for what a person wrote. 5 to 80 ms: once a change, not per person.
 */
export async function composeContent(o: Content): Promise<Composed> {
  const footer = legalFooter(o);
  const compiled = await compileMjml(o.mjml, { locale: o.locale, title: o.subject, preheader: o.preheader, footer });
  const derivedText = compiled.html ? deriveText(compiled.html) : "";
  const text = `${(o.text ?? derivedText).trimEnd()}\n\n${footer.text}\n`;
  const written: [Part, string][] = [
    ["subject", o.subject],
    ["preheader", o.preheader],
    ["mjml", o.mjml],
    ...(o.text === null ? [] : ([["text", o.text]] as [Part, string][])),
  ];
  const analyses = written.map(([part, source]) => ({
    part,
    ...analyzeLiquid(source, { part, ...(o.fields ? { fields: o.fields } : {}) }),
  }));
  const findings = [...analyses.flatMap((one) => one.findings), ...compiled.findings, ...headFindings(o)];
  if (!findings.some(({ level }) => level === "error")) findings.push(...whole(compiled.html, text));
  return {
    ...{ html: compiled.html, text, derivedText, findings, bytes: Buffer.byteLength(compiled.html) },
    variables: analyses.flatMap(({ part, variables }) => variables.map((variable) => ({ ...variable, part }))),
  };
}

/**
 * The pieces were right each for itself: together they must be as well, before anybody is mailed. Rendered for somebody of whom everything is known and
 * for somebody of whom nothing is, the footer must still be found: a condition could hold the closing tag of what hides it.
 */
function whole(html: string, text: string): Finding[] {
  const fault = (code: string): Finding[] => [{ level: "error", code, part: "mjml", line: 1, facts: {} }];
  try {
    textEngine.parse(text);
    const templates = htmlEngine.parse(html);
    const shown = [samplePerson({}), samplePerson({ empty: true })].every((person) =>
      showsFooter(renderTemplates(htmlEngine, templates, contextOf(htmlEngine, sampleValues(person)))),
    );
    return shown ? [] : fault("footer_hidden");
  } catch {
    return fault("liquid_structure");
  }
}

/** A subject that begins like an answer: what it means depends on who is written to (lib/campaigns/reply-subject.ts). */
export const LOOKS_LIKE_REPLY = "looks_like_reply";

function headFindings(o: Content): Finding[] {
  const [mark, pressing] = [replyMarkOf(o.subject), pressingWords(`${o.subject} · ${o.preheader}`)];
  const warn = (part: Part, code: string, facts: Finding["facts"] = {}): Finding[] => [
    { level: "warning", code, part, line: 1, facts },
  ];
  return [
    ...(o.subject.trim() ? [] : [{ ...warn("subject", "no_subject")[0], level: "error" } as Finding]),
    ...(o.preheader.trim() ? [] : warn("preheader", "no_preheader")),
    ...(mark ? warn("subject", LOOKS_LIKE_REPLY, { mark }) : []),
    ...(pressing ? warn("subject", "presses", { words: pressing }) : []),
  ];
}
