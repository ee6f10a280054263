import { and, desc, eq, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships, sessions } from "../../db/schema/users.ts";

/** Where a user's new session begins: the organization that the last one was in, else the first joined; null without any. */
export async function homeOrganization(db: Db, user: string): Promise<string | null> {
  const last = sql`(select max(${sessions.seenAt}) from ${sessions} where ${sessions.user} = ${user} and ${sessions.organization} = ${memberships.organization})`;
  const [home] = await db
    .select({ id: memberships.organization })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organization))
    .where(and(eq(memberships.user, user), isNull(organizations.closedAt)))
    .orderBy(sql`${last} desc nulls last`, memberships.createdAt, desc(memberships.organization))
    .limit(1);
  return home?.id ?? null;
}
