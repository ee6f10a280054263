import { and, eq, isNull } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { sessions, users } from "../../db/schema/users.ts";
import { sessionStands } from "./session-life.ts";

/**
 * Whether a session still holds, asked by what runs on without its person: it does not count as seen, or a page left open would keep her signed in. A change of role or
 * password ends sessions (design: §2.12), so the row says all.
 */
export async function stillSignedIn(db: Db, session: string): Promise<boolean> {
  const [row] = await db
    .select({ id: sessions.id })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.user))
    .where(and(eq(sessions.id, session), isNull(users.disabledAt), sessionStands));
  return row !== undefined;
}
