import { sql } from "drizzle-orm";
import type { Db } from "../db/client.ts";

/**
 * The database's time, with the offset that a test may set, cut to milliseconds (docs/decisions/0002).
 * Whoever changes a person's standing asks for it after her lock, so that of two changes one is first.
 */
export async function appNow(db: Db): Promise<Date> {
  const { rows } = await db.execute<{ now: Date | string }>(sql`select app_now() as now`);
  return new Date(rows[0]?.now as string);
}
