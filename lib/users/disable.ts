import { and, eq, isNull, sql } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { endSessionsOf } from "./end-session.ts";
import { lockPeople, memberOf, requireAnotherOwner, requireOurs } from "./member.ts";
import { recordRoles } from "./record-roles.ts";
import { requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

/**
 * Keeps a person out of the whole installation; her sessions end at once. Who belongs to another organization too, or is an operator, is
 * disabled by an operator alone: an owner takes her roles away instead.
 * @throws Forbidden · NotFound · DomainError PERSON_IS_YOU, LAST_OWNER, PERSON_ELSEWHERE
 */
export async function disablePerson(s: Services, o: { who: Who; user: string }): Promise<void> {
  requireRight(o.who, "people.write");
  const { organization } = o.who;
  return inTransaction(s, async (tx) => {
    await lockPeople(tx, organization);
    const person = await memberOf(tx, o);
    if (person.id === o.who.user) throw new DomainError("PERSON_IS_YOU");
    await requireOurs(tx, o.who, person);
    await requireAnotherOwner(tx, { organization, user: person.id });
    const stands = and(eq(users.id, person.id), isNull(users.disabledAt));
    const [changed] = await tx.db
      .update(users)
      .set({ disabledAt: sql`app_now()` })
      .where(stands)
      .returning({ id: users.id });
    if (!changed) return;
    await endSessionsOf(tx.db, { user: person.id, reason: "disabled" });
    await audit(tx, { organization, user: o.who.user, action: "user.disabled", object: person.id });
    await recordRoles(tx, { organization, user: person.id, roles: [], by: o.who.user });
  });
}
