import type { Language } from "./language.ts";

/**
 * Whether a text names a time zone of the IANA database ("Europe/Rome", "UTC"). Bare offsets and anything with the look of a path are refused (B94),
 * before the platform is asked.
 */
export function isTimeZone(text: string): boolean {
  if (text.length > 64 || !/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z][A-Za-z0-9_+-]*){0,2}$/.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Cities whose name differs from the zone's own, by language. */
const CITIES: Record<string, Partial<Record<Language, string>>> = {
  "Europe/Rome": { it: "Roma", de: "Rom", es: "Roma" },
  "Europe/London": { it: "Londra", fr: "Londres", es: "Londres" },
  "Europe/Paris": { it: "Parigi", es: "París" },
  "Europe/Berlin": { it: "Berlino", es: "Berlín" },
  "Europe/Vienna": { it: "Vienna", de: "Wien", fr: "Vienne", es: "Viena" },
  "Europe/Zurich": { it: "Zurigo", de: "Zürich", es: "Zúrich" },
  "Europe/Brussels": { it: "Bruxelles", de: "Brüssel", fr: "Bruxelles", es: "Bruselas" },
  "Europe/Lisbon": { it: "Lisbona", de: "Lissabon", fr: "Lisbonne", es: "Lisboa" },
  "Europe/Athens": { it: "Atene", de: "Athen", fr: "Athènes", es: "Atenas" },
  "Europe/Luxembourg": { it: "Lussemburgo", de: "Luxemburg", es: "Luxemburgo" },
  "America/New_York": { fr: "New York", es: "Nueva York" },
};

/** A time zone as people say it, by its city: "Roma". */
export function zoneCity(zone: string, language: Language): string {
  return CITIES[zone]?.[language] ?? (zone.split("/").at(-1) ?? zone).replaceAll("_", " ");
}
