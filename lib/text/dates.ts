import { type Language, tagOf } from "./language.ts";
import { zoneCity } from "./zones.ts";

/** For whom an instant is written: never in the machine's own language or zone. */
export type Reader = { language: Language; zone: string };

/** The whole of it, for letters and papers: "lunedì 30 novembre 2026, ore 9.00 (Roma)". */
export function formatInstant(at: Date, reader: Reader): string {
  return `${formatDay(at, reader)}, ${LONG_TIME[reader.language](clock(at, reader.zone))} (${zoneCity(reader.zone, reader.language)})`;
}

/** "lunedì 30 novembre 2026" */
export function formatDay(at: Date, reader: Reader): string {
  const { weekday, day, month, year } = parts(at, reader, {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
  });
  const { language } = reader;
  if (language === "de") return `${weekday}, ${day}. ${month} ${year}`;
  if (language === "es") return `${weekday}, ${day} de ${month} de ${year}`;
  return `${weekday} ${language === "fr" && day === "1" ? "1er" : day} ${month} ${year}`;
}

/** "30 novembre 2026" */
export function formatDate(at: Date, reader: Reader): string {
  return new Intl.DateTimeFormat(tagOf(reader.language), { dateStyle: "long", timeZone: reader.zone }).format(at);
}

/** For a line of a screen: "24 nov 2026, 9.12" */
export function formatShort(at: Date, reader: Reader): string {
  const { day, month, year } = parts(at, reader, { day: "numeric", month: "short", year: "numeric" });
  return `${day}${reader.language === "de" ? "." : ""} ${month} ${year}, ${formatTime(at, reader)}`;
}

/** A day of these weeks: "ven 11 dic" */
export function formatNearDay(at: Date, reader: Reader): string {
  const { weekday, day, month } = parts(at, reader, { weekday: "short", day: "numeric", month: "short" });
  return `${weekday} ${day}${reader.language === "de" ? "." : ""} ${month}`;
}

/** The hour in a sentence: "9.12" in Italian, "9:12" in English. */
export function formatTime(at: Date, reader: Reader): string {
  return TIME[reader.language](clock(at, reader.zone));
}

/** For tables: "24/11/2026 9:12", in every language with a colon. */
export function formatTable(at: Date, reader: Reader): string {
  return `${formatTableDate(at, reader)} ${formatTableTime(at, reader)}`;
}

/** "24/11/2026" */
export function formatTableDate(at: Date, reader: Reader): string {
  const { day, month, year } = parts(at, reader, { day: "2-digit", month: "2-digit", year: "numeric" });
  return [day, month, year].join(reader.language === "de" ? "." : "/");
}

/** "9:12" */
export function formatTableTime(at: Date, reader: Reader): string {
  const { hour, minute } = clock(at, reader.zone);
  return `${hour}:${minute}`;
}

type Clock = { hour: string; minute: string };
type Spelling = Record<Language, (time: Clock) => string>;

const colon = ({ hour, minute }: Clock) => `${hour}:${minute}`;
const french = ({ hour, minute }: Clock) => `${hour}\u00a0h\u00a0${minute}`;
const TIME: Spelling = { it: ({ hour, minute }) => `${hour}.${minute}`, en: colon, de: colon, fr: french, es: colon };
const LONG_TIME: Spelling = { ...TIME, it: (time) => `ore ${TIME.it(time)}`, de: (time) => `${colon(time)} Uhr` };

/** Hour (0 to 23, no leading zero) and minute (two digits). */
function clock(at: Date, zone: string): Clock {
  const { hour, minute } = parts(
    at,
    { language: "en", zone },
    { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  );
  return { hour: String(Number(hour)), minute: String(minute) };
}

function parts(
  at: Date,
  reader: Reader,
  options: Intl.DateTimeFormatOptions,
): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
  const format = new Intl.DateTimeFormat(tagOf(reader.language), { ...options, timeZone: reader.zone });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}
