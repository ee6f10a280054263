import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { waitingRowsSql } from "./waiting-rows.ts";

/** SQL: a campaign may still be sent at this instant, as far as its own last one says. @param c alias of `campaigns` · `at` SQL of a timestamptz */
export function inTime(c: SQL, at: SQL): SQL {
  return sql`coalesce(${c}.not_after > ${at}, true)`;
}

const CHUNK = 5000;

/**
 * What a campaign under way had not sent by its last instant becomes `cancelled`, reason `not_after`; run by each worker every few seconds, also while its audience
 * is still being written. One that is paused keeps its rows: as long as nobody resumes it, its last instant may still be put off.
 * @returns how many rows
 */
// "Bitmap Index Scan on campaigns_active"; rows by the two indexes of `waitingRowsSql`.
export async function sweepLate(db: Db): Promise<number> {
  const { rows } = await db.execute<{ id: string }>(
    sql`select c.id from campaigns c where c.state = 'sending' and not ${inTime(sql`c`, sql`(select app_now())`)}`,
  );
  let total = 0;
  for (const { id } of rows) for (let n = CHUNK; n === CHUNK; total += n) n = await sweepChunk(db, id);
  return total;
}

async function sweepChunk(db: Db, campaign: string): Promise<number> {
  const { rowCount } = await db.execute(sql`
    update deliveries d set state = 'cancelled', reason = 'not_after', epoch = null, next_at = null, decided_at = (select app_now())
     where d.campaign = ${campaign}::uuid and d.state in ('pending', 'deferred', 'claimed') and d.position in (${waitingRowsSql(campaign, CHUNK)})
       and exists (select from campaigns c where c.id = d.campaign and c.state = 'sending' and not ${inTime(sql`c`, sql`(select app_now())`)})`);
  return rowCount ?? 0;
}
