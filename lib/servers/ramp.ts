import { type SQL, sql } from "drizzle-orm";

/** A new address is believed in step by step: half as many again each day. */
const STEP = 1.5;
/** After so many days the ramp is over whatever it began with: 1 would be 1.2 million. */
const DAYS = 35;

/** A ramp that a server has: so many on its first day (2026-12-11). */
export type Ramp = { rampFirst: number | null; rampFrom: string | null };

const DAY = 86_400_000;

/**
 * How many a server with a ramp may send on a calendar day of its zone: `rampFirst` up to `rampFrom`, then half as many again each day, `perDay` at most.
 * Null: no limit.
 */
export function rampedPerDay(o: Ramp & { perDay: number | null }, day: string): number | null {
  if (o.rampFirst === null || o.rampFrom === null) return o.perDay;
  const gone = Math.max(0, Math.round((Date.parse(day) - Date.parse(o.rampFrom)) / DAY));
  if (gone >= DAYS) return o.perDay;
  return Math.min(o.perDay ?? Number.POSITIVE_INFINITY, Math.floor(o.rampFirst * STEP ** gone));
}

/** The same figure for the database: SQL of an integer, or null. @param s alias of `servers` · `day` SQL of a date */
export function rampedPerDaySql(s: SQL, day: SQL): SQL {
  const gone = sql`greatest(0, ${day} - ${s}.ramp_from)`;
  // Powers of 1.5 are exact in a double for as long as they matter, so both say the same number.
  return sql`case when ${s}.ramp_first is null or ${gone} >= ${sql.raw(String(DAYS))} then ${s}.per_day
    else least(${s}.per_day, floor(${s}.ramp_first * power(${sql.raw(String(STEP))}::float8, ${gone}))::int8)::int end`;
}
