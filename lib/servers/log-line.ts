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

/** Forgets lines that are over. Their numbers rise with their time, so the oldest of a server are its first, a batch at a time; many workers may do it at once. */
// Tid Scan on server_log; per server Limit 5000 of "Index Scan using server_log_of" (server = s): 40,000 of 1,300,000 lines of 20 servers in 0.2 s.
export async function forgetLog(db: Db): Promise<void> {
  for (let gone = 1; gone > 0; ) {
    const { rowCount } = await db.execute(sql`
      delete from server_log where ctid = any(array(
        select o.ctid from servers s cross join lateral (select ctid, at from server_log where server = s.id order by n limit ${BATCH}) o
         where o.at < (select app_now()) - ${KEPT_DAYS} * interval '1 day'))`);
    gone = rowCount ?? 0;
  }
}
