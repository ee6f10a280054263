import { noonOf } from "../../lib/text/calendar-day.ts";
import * as dates from "../../lib/text/dates.ts";
import { entryNumber, formatNumber, formatPercent } from "../../lib/text/numbers.ts";

/** Numbers and instants as this reader writes them: in her language, on the clocks of her organization. */
export function formatFor(reader: dates.Reader) {
  const { language } = reader;
  const utc = { language, zone: "UTC" };
  return {
    number: (n: number, decimals = 0) => formatNumber(n, language, decimals),
    percent: (share: number, decimals = 1) => formatPercent(share, language, decimals),
    /** "n. 4.102" */
    entry: (seq: number) => entryNumber(seq, language),
    /** "lunedì 30 novembre 2026, ore 9.00 (Roma)" */
    instant: (at: Date) => dates.formatInstant(at, reader),
    /** "lunedì 30 novembre 2026" */
    day: (at: Date) => dates.formatDay(at, reader),
    /** Of a calendar day, given as 2026-12-11: "11/12/2026" */
    calendarDay: (day: string) => dates.formatTableDate(noonOf(day), utc),
    /** "venerdì 11 dicembre 2026" */
    calendarLong: (day: string) => dates.formatDay(noonOf(day), utc),
    /** "11 dicembre 2026" */
    calendarDate: (day: string) => dates.formatDate(noonOf(day), utc),
    /** "ven 11 dic" */
    calendarNear: (day: string) => dates.formatNearDay(noonOf(day), utc),
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
