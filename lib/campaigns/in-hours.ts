import { type SQL, sql } from "drizzle-orm";

/**
 * SQL: the campaign's own weekdays and hours allow it to be sent at this instant, on the clocks of its first server; none set: always.
 * @param c alias with weekdays, hour_from, hour_to and server of `campaigns` · `at` SQL of a timestamptz
 */
export function inHours(c: SQL, at: SQL): SQL {
  const local = sql`(${at} at time zone coalesce((select zone from servers where id = ${c}.server), 'UTC'))`;
  return sql`(coalesce(${c}.weekdays, 127) >> (extract(isodow from ${local})::int - 1) & 1 = 1
    and extract(hour from ${local}) >= coalesce(${c}.hour_from, 0) and extract(hour from ${local}) < coalesce(${c}.hour_to, 24))`;
}
