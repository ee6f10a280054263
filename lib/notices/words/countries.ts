import { tagOf } from "../../text/language.ts";
import type { Locale } from "./types.ts";

/** The European Economic Area (ISO 3166-1): data that stay there are not transferred (GDPR chapter V). */
const EEA = new Set(
  "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split(" "),
);
/** Countries outside of it that are named most, so that their names are known in both languages. */
const OTHERS = "US GB CH CA JP KR NZ IL IN AU BR AR UY TR UA RS SG ZA".split(" ");
/** Other names, and the area itself. */
const ALIASES: Record<string, string> = {
  ...{ olanda: "NL", holland: "NL", "repubblica ceca": "CZ", "czech republic": "CZ", usa: "US", uk: "GB" },
  ...{ ue: "EU", eu: "EU", see: "EU", eea: "EU", "unione europea": "EU", "european union": "EU" },
  ...{ "spazio economico europeo": "EU", "european economic area": "EU", "stati uniti d'america": "US" },
};

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'").trim().toLowerCase();

const CODES = new Map<string, string>([
  ...Object.entries(ALIASES),
  ...(["it", "en", "de", "fr", "es"] as const).flatMap((language) => {
    const names = new Intl.DisplayNames([tagOf(language)], { type: "region" });
    return [...EEA, ...OTHERS].map((code): [string, string] => [plain(names.of(code) ?? code), code]);
  }),
]);

const codeOf = (country: string) =>
  /^[A-Za-z]{2}$/.test(country.trim()) && !ALIASES[plain(country)]
    ? country.trim().toUpperCase()
    : CODES.get(plain(country));

/** Whether a country, as a person wrote it (name or two letters), lies in the European Economic Area. One that nobody knows does not. */
export function isInEea(country: string): boolean {
  const code = codeOf(country);
  return code === "EU" || (code !== undefined && EEA.has(code));
}

/** A country for a sentence in that language; as it was written where its name is not known. */
export function countryName(country: string, locale: Locale): string {
  const code = codeOf(country);
  if (!code) return country.trim();
  return new Intl.DisplayNames([tagOf(locale)], { type: "region", fallback: "none" }).of(code) ?? country.trim();
}
