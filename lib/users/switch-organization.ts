import { and, eq, isNull } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships, sessions } from "../../db/schema/users.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import type { Who } from "./who.ts";

/**
 * Goes on working in another organization of the caller's, in this session.
 * @throws NotFound for one that she does not belong to, or that is closed
 */
export async function switchOrganization(
  s: Services,
  o: { who: Who; session: string; organization: string },
): Promise<void> {
  const [member] = await s.db
    .select({ id: organizations.id })
    .from(memberships)
    .innerJoin(organizations, eq(organizations.id, memberships.organization))
    .where(and(eq(memberships.user, o.who.user), eq(organizations.id, o.organization), isNull(organizations.closedAt)))
    .limit(1);
  if (!member) throw new NotFound("organization");
  const own = and(eq(sessions.id, o.session), eq(sessions.user, o.who.user));
  await s.db.update(sessions).set({ organization: member.id }).where(own);
}
