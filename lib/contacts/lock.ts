import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";

/** Class of the advisory locks that guard a person's standing (docs/decisions/0004). Others: 1 processes, 2 sequencers, 3 migration. */
const LOCK_SEED = 7;

/** The 64-bit advisory key of a contact (or of a request's subject, before there is a contact). */
const lockKey = (id: SQL | string) => sql`hashtextextended(${id}::text, ${LOCK_SEED})`;

/**
 * Takes the exclusive lock of a person until the transaction ends. Take the instant of the change (`appNow`) after it:
 * a hand-off holds the shared lock, so of a withdrawal and a hand-off one is first, and a replay at the stored instant gives the stored answer.
 */
export async function lockContact(db: Db, id: string): Promise<void> {
  await db.execute(sql`select pg_advisory_xact_lock(${lockKey(id)})`);
}

/** The shared lock as an expression, for the rows of a hand-off's window: `select ${sharedLock(sql`w.contact`)} from window w`. */
export function sharedLock(id: SQL): SQL {
  return sql`pg_advisory_xact_lock_shared(${lockKey(id)})`;
}
