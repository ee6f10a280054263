import { type SQL, sql } from "drizzle-orm";

/** Public holidays of the whole country that fall on the same day each year, as month and day (law 260/1949 and later ones); `from`: the first year. */
const FIXED: { day: string; from: number }[] = [
  { day: "01-01", from: 1949 },
  { day: "01-06", from: 1986 },
  { day: "04-25", from: 1949 },
  { day: "05-01", from: 1949 },
  { day: "06-02", from: 2001 },
  { day: "08-15", from: 1949 },
  // San Francesco, law 151/2025.
  { day: "10-04", from: 2026 },
  { day: "11-01", from: 1949 },
  { day: "12-08", from: 1949 },
  { day: "12-25", from: 1949 },
  { day: "12-26", from: 1949 },
];

/** Years that the database is told of. */
const YEARS = { first: 2020, last: 2120 };

/** Easter Sunday and Monday of a year, as 2026-04-05 (Gregorian calendar; Meeus, Astronomical Algorithms, chapter 8). */
export function easterDays(year: number): [string, string] {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const moon = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const week = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - moon - (c % 4)) % 7;
  const late = Math.floor((a + 11 * moon + 22 * week) / 451);
  const days = moon + week - 7 * late + 114;
  const sunday = Date.UTC(year, Math.floor(days / 31) - 1, (days % 31) + 1);
  const text = (at: number) => new Date(at).toISOString().slice(0, 10);
  return [text(sunday), text(sunday + 86_400_000)];
}

/** Whether a day (2026-12-25) is a public holiday in Italy. Patron saints of single towns are none. */
export function isHoliday(day: string): boolean {
  const year = Number(day.slice(0, 4));
  if (FIXED.some((one) => one.day === day.slice(5) && year >= one.from)) return true;
  return easterDays(year).includes(day);
}

const moving = Array.from({ length: YEARS.last - YEARS.first + 1 }, (_, i) => easterDays(YEARS.first + i)).flat();

/** The same days for the database: SQL of a boolean. @param day SQL of a date */
export function holidaySql(day: SQL): SQL {
  const fixed = FIXED.map(
    (one) => sql`(to_char(${day}, 'MM-DD') = ${lit(one.day)} and ${day} >= ${lit(`${one.from}-01-01`)}::date)`,
  );
  return sql`(${sql.join(fixed, sql` or `)} or ${day} = any(${lit(`{${moving.join()}}`)}::date[]))`;
}

/** Written into the text, not a parameter: our own constants, in a statement that is prepared once. */
const lit = (text: string): SQL => sql.raw(`'${text}'`);
