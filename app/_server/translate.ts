import type { ReactNode } from "react";
import { createTranslator } from "use-intl/core";
import type { Logger } from "../../lib/services.ts";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };

/** Languages of the interface. */
export type Locale = "it" | "en";
type Values = Record<string, string | number | Date | undefined>;
type RichValues = Record<string, string | number | Date | ((chunks: ReactNode) => ReactNode)>;

/** Texts by their whole key: `t("people.title")`. `rich` takes a function for each tag of the text. */
export type Translate = ((key: string, values?: Values) => string) & {
  rich(key: string, values?: RichValues): ReactNode;
  has(key: string): boolean;
};

const CATALOGUE = { it, en };
/** `{n, number, group}`: four digits are grouped too (2.964). */
const FORMATS = { number: { group: { useGrouping: "always" } } } as const;

/** Eight and eleven begin with a vowel: not "il 8 nov" but "l’8 nov", not "dal 11 dicembre" but "dall’11 dicembre". */
export function elided(text: string): string {
  return text.replace(
    /\b([Ii]|[Dd]a|[Dd]e|[Nn]e|[Aa])l (?=(?:8|11) (?:gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic))/g,
    (_, begins: string) => (/i/i.test(begins) ? (begins === "I" ? "L’" : "l’") : `${begins}ll’`),
  );
}

/** Texts of the signed-in pages. A key that is missing is shown as it is, and logged: a page must not fall over it. */
export function translator(locale: Locale, timeZone: string, log?: Logger): Translate {
  const t = createTranslator({
    locale,
    timeZone,
    messages: CATALOGUE[locale] as never,
    formats: FORMATS as never,
    onError: (error) => log?.error("message.unusable", { code: error.code, text: error.originalMessage ?? "" }),
  }) as unknown as Translate;
  return locale === "it" ? spoken(t) : t;
}

/** The same texts with their articles as they are said. */
function spoken(t: Translate): Translate {
  const said = (part: ReactNode): ReactNode =>
    typeof part === "string" ? elided(part) : Array.isArray(part) ? part.map(said) : part;
  return Object.assign((key: string, values?: Values) => elided(t(key, values)), {
    rich: (key: string, values?: RichValues) => said(t.rich(key, values)),
    has: (key: string) => t.has(key),
  });
}

/** The language that a browser asks for first, among ours; Italian where it asks for none of them. */
export function localeOf(acceptLanguage: string | null): Locale {
  const wanted = (acceptLanguage ?? "")
    .toLowerCase()
    .split(",")
    .map((one) => one.trim().slice(0, 2));
  return wanted.find((one): one is Locale => one === "it" || one === "en") ?? "it";
}
