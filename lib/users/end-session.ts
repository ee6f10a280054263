import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { sessions } from "../../db/schema/users.ts";

/** Why a session ended: told apart in the table, nowhere else. */
export type EndReason = "sign_out" | "password" | "role" | "disabled";

/** Ends one session (sign out). Ending it twice changes nothing. */
export async function endSession(db: Db, o: { session: string; reason: EndReason }): Promise<void> {
  await db
    .update(sessions)
    .set(ended(o.reason))
    .where(and(eq(sessions.id, o.session), isNull(sessions.endedAt)));
}

/** Ends all sessions of a user, at once: the next request of each finds none (design: revoked by the table). `but` keeps the one at hand. */
export async function endSessionsOf(db: Db, o: { user: string; reason: EndReason; but?: string }): Promise<number> {
  const theirs = and(
    eq(sessions.user, o.user),
    isNull(sessions.endedAt),
    o.but === undefined ? undefined : ne(sessions.id, o.but),
  );
  const rows = await db.update(sessions).set(ended(o.reason)).where(theirs).returning({ id: sessions.id });
  return rows.length;
}

const ended = (reason: EndReason) => ({ endedAt: sql`app_now()`, endedBy: reason });
