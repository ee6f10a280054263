import * as dates from "../../lib/text/dates.ts";
import { entryNumber, formatNumber, formatPercent } from "../../lib/text/numbers.ts";

/** Numbers and instants as this reader writes them: in her language, on the clocks of her organization. */
export function formatFor(reader: dates.Reader) {
  const { language } = reader;
  return {
    number: (n: number, decimals = 0) => formatNumber(n, language, decimals),
    percent: (share: number, decimals = 1) => formatPercent(share, language, decimals),
    /** "n. 4.102" */
    entry: (seq: number) => entryNumber(seq, language),
    /** "lunedì 30 novembre 2026, ore 9.00 (Roma)" */
    instant: (at: Date) => dates.formatInstant(at, reader),
    /** "lunedì 30 novembre 2026" */
    day: (at: Date) => dates.formatDay(at, reader),
    /** A calendar day, given as 2026-12-11: "11/12/2026". It has no zone: noon of UTC is on it everywhere. */
    calendarDay: (day: string) => dates.formatTableDate(new Date(`${day}T12:00:00Z`), { language, zone: "UTC" }),
    /** "30 novembre 2026" */
    date: (at: Date) => dates.formatDate(at, reader),
    /** "24 nov 2026, 9.12" */
    short: (at: Date) => dates.formatShort(at, reader),
    /** "9.12" */
    time: (at: Date) => dates.formatTime(at, reader),
    /** "24/11/2026 9:12" */
    table: (at: Date) => dates.formatTable(at, reader),
  };
}

export type Format = ReturnType<typeof formatFor>;
