import { type Making, making, taxLabel } from "./parts.ts";
import type { Controller, Locale, Tone } from "./types.ts";

/** The legal footer of a campaign in words (compliance §4.6). `why` holds Liquid: date, list and site differ from person to person. */
export type FooterWords = { why: string; leave: string; privacy: string; identity: string };

/** The sentence takes these for the values; Liquid fills them in for each person. */
const LIQUID = { date: "{{ consent.date }}", list: "{{ list.name }}", until: "{{ consent.until }}" };
const onlyIf = (name: string, text: string) => `{% if ${name} %} ${text}{% endif %}`;

export function footerWords(o: { organization: Controller; locale: Locale; tone: Tone }): FooterWords {
  const m: Making = making(o);
  const site = onlyIf("consent.source", m.say("footer.site", { site: "{{ consent.source }}" }));
  const until = onlyIf("consent.until", m.say("footer.until", { until: LIQUID.until }));
  const { legalName, address, privacyEmail } = o.organization;
  return {
    why: m.say("footer.why", { date: LIQUID.date, list: LIQUID.list, site }) + until,
    leave: m.say("footer.leave"),
    privacy: m.say("footer.privacy"),
    identity: m.say("footer.identity", { controller: legalName, address, tax: taxLabel(m), email: privacyEmail }),
  };
}

/** The footer as the text of a notice. */
export function footerText(words: FooterWords): string {
  return [words.why, `[${words.leave}] · [${words.privacy}]`, words.identity].join("\n\n");
}
