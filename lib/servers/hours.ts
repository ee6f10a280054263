import { type SQL, sql } from "drizzle-orm";
import { holidaySql, isHoliday } from "./holidays.ts";
import type { OpenHours } from "./types.ts";

/**
 * Nothing is handed over in the last two seconds of an hour, a day or a stretch of open hours that has a limit: what leaves is at the other server before the
 * next one begins, so that its own count agrees with ours. Who came so late with a message (a frozen process) leaves it.
 */
export const SETTLE_MS = 2000;
export const settle = sql.raw(`interval '${SETTLE_MS} milliseconds'`);

/** Whether campaigns may leave on a calendar day (2026-12-11) at all: its weekday is ticked, and it is no holiday on which they rest. */
export function opensOn(day: string, hours: Pick<OpenHours, "weekdays" | "restHolidays">): boolean {
  const monday0 = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return ((hours.weekdays >> monday0) & 1) === 1 && !(hours.restHolidays && isHoliday(day));
}

/**
 * SQL of a boolean: campaigns may leave at `at` and still two seconds later. The same rule as `opensOn` and the hours of the day.
 * @param o.row alias of a row with weekdays, hour_from and hour_to; null: every day, every hour · `holidays` SQL of a boolean: rest on them · `zone` SQL of a text
 */
export function openSql(o: { row: SQL; holidays: SQL; zone: SQL; at: SQL }): SQL {
  const { row } = o;
  const opens = (
    at: SQL,
  ) => sql`(select (coalesce(${row}.weekdays, 127) >> (extract(isodow from l.at)::int - 1)) & 1 = 1
      and extract(hour from l.at) >= coalesce(${row}.hour_from, 0) and extract(hour from l.at) < coalesce(${row}.hour_to, 24)
      and not (${o.holidays} and ${holidaySql(sql`l.at::date`)})
    from (select (${at}) at time zone ${o.zone} as at offset 0) l)`;
  return sql`case when coalesce(${row}.weekdays, 127) = 127 and coalesce(${row}.hour_from, 0) = 0 and coalesce(${row}.hour_to, 24) = 24 and not ${o.holidays} then true
    else ${opens(o.at)} and ${opens(sql`${o.at} + ${settle}`)} end`;
}
