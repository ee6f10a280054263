import { type Language, tagOf } from "./language.ts";

/** A count or a measure for people: 2.964 in Italian. Always grouped: Italian and Spanish would leave four digits bare by themselves. */
export function formatNumber(n: number | bigint, language: Language, decimals = 0): string {
  return new Intl.NumberFormat(tagOf(language), { useGrouping: "always", maximumFractionDigits: decimals }).format(n);
}

/** A share between 0 and 1 as per cent: 0.123 is "12,3%" in Italian. */
export function formatPercent(share: number, language: Language, decimals = 1): string {
  return new Intl.NumberFormat(tagOf(language), {
    style: "percent",
    useGrouping: "always",
    maximumFractionDigits: decimals,
  }).format(share);
}

const NUMBER_SIGN: Record<Language, string> = { it: "n.", en: "no.", de: "Nr.", fr: "nº", es: "n.º" };

/** The number of an entry as people see it, "n. 4.102": they count from 1, `seq` from 0. The space does not break. */
export function entryNumber(seq: number, language: Language): string {
  return `${NUMBER_SIGN[language]}\u00a0${formatNumber(seq + 1, language)}`;
}
