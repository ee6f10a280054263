import { type Making, processorsPhrase, whoPhrase } from "./parts.ts";
import type { ListPromise } from "./types.ts";

/** The words of the box itself: one purpose, one sentence, said by the person. */
export function consentBox(m: Making, list: ListPromise): string {
  const kind = list.purpose === "editorial" ? "editorial" : "promo";
  return m.say(`consentBox.${kind}`, { controller: m.organization.legalName, topics: list.topics });
}

/** The short notice above the button (compliance §4.1): one paragraph, only what works. */
export function shortNotice(m: Making, list: ListPromise): string {
  const { organization, say } = m;
  const { name, topics, frequency } = list;
  return [
    say("short.use", { who: whoPhrase(m), list: name, topics, frequency }),
    say("short.withdraw", { email: organization.privacyEmail }),
    say("short.lasts", { months: organization.consentMonths }),
    organization.processors.length > 0
      ? say("short.processors", { processors: processorsPhrase(m) })
      : say("short.staff"),
    say("short.optional", { list: name }),
    say("short.rights"),
  ].join(" ");
}
