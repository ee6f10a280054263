import { and, eq, isNotNull } from "drizzle-orm";
import { memberships, users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { inTransaction, type Services } from "../services.ts";
import { memberOf, requireOurs } from "./member.ts";
import { recordRoles } from "./record-roles.ts";
import { requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

/** Lets a disabled person sign in again, with the roles she had. @throws Forbidden · NotFound · DomainError PERSON_ELSEWHERE */
export async function enablePerson(s: Services, o: { who: Who; user: string }): Promise<void> {
  requireRight(o.who, "people.write");
  const { organization } = o.who;
  return inTransaction(s, async (tx) => {
    const person = await memberOf(tx, o);
    await requireOurs(tx, o.who, person);
    const disabled = and(eq(users.id, person.id), isNotNull(users.disabledAt));
    const [changed] = await tx.db.update(users).set({ disabledAt: null }).where(disabled).returning({ id: users.id });
    if (!changed) return;
    const mine = and(eq(memberships.user, person.id), eq(memberships.organization, organization));
    const roles = (await tx.db.select().from(memberships).where(mine)).map(({ role }) => role);
    await audit(tx, { organization, user: o.who.user, action: "user.enabled", object: person.id });
    await recordRoles(tx, { organization, user: person.id, roles, by: o.who.user });
  });
}
