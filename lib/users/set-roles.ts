import { and, eq } from "drizzle-orm";
import { memberships } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { inTransaction, type Services } from "../services.ts";
import { endSessionsOf } from "./end-session.ts";
import { lockPeople, memberOf, requireAnotherOwner } from "./member.ts";
import { recordRoles } from "./record-roles.ts";
import { type Role, requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

/**
 * Gives a person of the caller's organization these roles and no others; none takes her out of it. Her sessions end, so that no page stays open
 * with what she may no longer do (B78).
 * @throws Forbidden · NotFound · DomainError LAST_OWNER
 */
export async function setRoles(s: Services, o: { who: Who; user: string; roles: readonly Role[] }): Promise<void> {
  requireRight(o.who, "people.write");
  const { organization } = o.who;
  return inTransaction(s, async (tx) => {
    await lockPeople(tx, organization);
    await memberOf(tx, o);
    const mine = and(eq(memberships.user, o.user), eq(memberships.organization, organization));
    const before = (await tx.db.select().from(memberships).where(mine)).map(({ role }) => role);
    const roles = [...new Set(o.roles)];
    if (roles.length === before.length && roles.every((role) => before.includes(role))) return;
    if (before.includes("owner") && !roles.includes("owner"))
      await requireAnotherOwner(tx, { organization, user: o.user });
    const createdAt = await appNow(tx.db);
    await tx.db.delete(memberships).where(mine);
    if (roles.length > 0)
      await tx.db.insert(memberships).values(roles.map((role) => ({ user: o.user, organization, role, createdAt })));
    await endSessionsOf(tx.db, { user: o.user, reason: "role" });
    const facts = { before: before.join(" "), after: roles.join(" ") };
    await audit(tx, { organization, user: o.who.user, action: "user.roles", object: o.user, facts });
    await recordRoles(tx, { organization, user: o.user, roles, by: o.who.user });
  });
}
