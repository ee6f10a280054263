import { createTranslator } from "use-intl/core";
import en from "../../../messages/en.json" with { type: "json" };
import it from "../../../messages/it.json" with { type: "json" };
import type { Locale, Tone } from "./types.ts";

/** Both languages have the same keys (a check of the build says so): one shape serves for both. */
const CATALOGUE = { it, en: en as unknown as typeof it };

/** Italian leaves four digits ungrouped by itself: 1.200 everywhere, not 1200 here and 12.000 there. */
const FORMATS = { number: { group: { useGrouping: "always" } } } as const;

/** Facts of a sentence; `tone` chooses between tu and Lei where a language has both. */
export type Say = (key: string, facts?: Record<string, string | number>) => string;

/**
 * The sentences of a namespace in one language and tone. A missing sentence throws: no text is published with a hole in it.
 * Dates come in as text already, in the reader's zone.
 */
export function sayer(namespace: "words" | "mail", o: { locale: Locale; tone: Tone }): Say {
  const t = createTranslator({
    locale: o.locale,
    messages: CATALOGUE[o.locale],
    namespace: namespace as never,
    formats: FORMATS,
    timeZone: "UTC",
    onError(error) {
      throw error;
    },
  });
  return (key, facts = {}) => t(key as never, { tone: o.tone, ...facts } as never);
}
