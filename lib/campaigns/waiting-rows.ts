import { type SQL, sql } from "drizzle-orm";

/**
 * SQL with a column `position`: up to `n` rows of a campaign that wait, or are held and not begun.
 */
// "Index Only Scan using deliveries_to_do", "Bitmap Index Scan on deliveries_held": as one list of three states no partial index has them, and each round, the last one above
// all, read the whole table.
export function waitingRowsSql(campaign: string, n: number): SQL {
  return sql`
    select position from (
      (select position from deliveries where campaign = ${campaign}::uuid and state in ('pending', 'deferred') limit ${n})
      union all
      (select position from deliveries where campaign = ${campaign}::uuid and state = 'claimed' limit ${n})) w limit ${n}`;
}
