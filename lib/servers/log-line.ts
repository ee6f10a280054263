import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { serverLog } from "../../db/schema/server-history.ts";

/** What a line of a server's log says beside when. Never an address: of a recipient her domain, of a reply what `replyText` leaves. */
export type LogLine = Omit<typeof serverLog.$inferInsert, "at" | "n">;

/** Writes one line into a server's log: system mail, and connections that failed. Campaign mail writes its lines as it records them (`results.ts`). */
export async function logLine(db: Db, line: LogLine): Promise<void> {
  await db.insert(serverLog).values({ ...line, at: sql`app_now()` as never });
}

/** Days that a line is kept. */
const KEPT_DAYS = 30;
const BATCH = 5000;

/**
 * Forgets lines that are over. Their numbers rise with their time, so the oldest are found by the primary key, a batch at a time; many workers may do it at once.
 */
// Delete on server_log, Nested Loop: HashAggregate over Limit 5000 of "Index Only Scan using server_log_pkey", then "Index Scan using server_log_pkey".
export async function forgetLog(db: Db): Promise<void> {
  for (let gone = BATCH; gone === BATCH; ) {
    const { rowCount } = await db.execute(sql`
      delete from server_log where n = any(array(select n from server_log order by n limit ${BATCH})) and at < (select app_now()) - ${KEPT_DAYS} * interval '1 day'`);
    gone = rowCount ?? 0;
  }
}
