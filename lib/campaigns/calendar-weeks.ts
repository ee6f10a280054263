import { dayAfter, noonOf } from "../text/calendar-day.ts";

/** How many leave on a day: taken by a server, still to leave, or to leave after a server's service has expired. */
export type CalendarDay = { day: string; n: number; kind: "done" | "planned" | "late" };

/** A run of days of one kind within a week: from column `from` to `to` (0 Monday … 6 Sunday). */
export type Run = { kind: CalendarDay["kind"]; from: number; to: number; first: string; last: string; n: number };

/** Whether a text names a month, as 2026-12. */
export function isMonth(text: string): boolean {
  return /^(19[0-9]{2}|2[01][0-9]{2})-(0[1-9]|1[0-2])$/.test(text);
}

/** The month before, or after. */
export function monthBeside(month: string, by: -1 | 1): string {
  const [year = 0, n = 1] = month.split("-").map(Number);
  return new Date(Date.UTC(year, n - 1 + by, 1, 12)).toISOString().slice(0, 7);
}

/** The weeks of a month, Monday first, each with seven days; those of the months beside fill the first and the last one. */
export function weeksOf(month: string): string[][] {
  const first = noonOf(`${month}-01`);
  const monday = new Date(first.getTime() - ((first.getUTCDay() + 6) % 7) * 86_400_000);
  const weeks: string[][] = [];
  for (let day = monday.toISOString().slice(0, 10); day.slice(0, 7) <= month; ) {
    const week: string[] = [];
    for (; week.length < 7; day = dayAfter(day)) week.push(day);
    weeks.push(week);
  }
  return weeks;
}

/** A campaign's days in a week as runs: one ends where a day is empty, or of another kind. */
export function runsIn(week: string[], days: CalendarDay[]): Run[] {
  const runs: Run[] = [];
  const found = new Map(days.map((one) => [one.day, one]));
  for (const [i, day] of week.entries()) {
    const one = found.get(day);
    if (!one) continue;
    const before = runs.at(-1);
    if (before && before.to === i - 1 && before.kind === one.kind)
      Object.assign(before, { to: i, last: day, n: before.n + one.n });
    else runs.push({ kind: one.kind, from: i, to: i, first: day, last: day, n: one.n });
  }
  return runs;
}
