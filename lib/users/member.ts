import { and, eq, isNull, ne, sql } from "drizzle-orm";
import { memberships, users } from "../../db/schema/users.ts";
import { DomainError, NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import type { Who } from "./who.ts";

/** Locks the people of the caller's organization until the transaction ends: two owners who remove each other do not both succeed. */
export async function lockPeople(s: Services, organization: string): Promise<void> {
  await s.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${organization}, 9))`);
}

/** A person of the caller's organization. @throws NotFound for anybody else */
export async function memberOf(s: Services, o: { who: Who; user: string }): Promise<typeof users.$inferSelect> {
  const [found] = await s.db
    .select({ user: users })
    .from(users)
    .innerJoin(memberships, eq(memberships.user, users.id))
    .where(and(eq(users.id, o.user), eq(memberships.organization, o.who.organization)))
    .limit(1);
  if (!found) throw new NotFound("user");
  return found.user;
}

/** @throws DomainError LAST_OWNER when nobody but this person is an owner who can sign in */
export async function requireAnotherOwner(s: Services, o: { organization: string; user: string }): Promise<void> {
  const [other] = await s.db
    .select({ user: memberships.user })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user))
    .where(
      and(
        ...[eq(memberships.organization, o.organization), eq(memberships.role, "owner")],
        ...[ne(memberships.user, o.user), isNull(users.disabledAt)],
      ),
    )
    .limit(1);
  if (!other) throw new DomainError("LAST_OWNER");
}

/** @throws DomainError PERSON_ELSEWHERE when she is an operator or works for another organization too, and the caller is no operator */
export async function requireOurs(s: Services, who: Who, person: { id: string; operator: boolean }): Promise<void> {
  if (who.operator) return;
  const [other] = await s.db
    .select({ organization: memberships.organization })
    .from(memberships)
    .where(and(eq(memberships.user, person.id), ne(memberships.organization, who.organization)))
    .limit(1);
  if (person.operator || other) throw new DomainError("PERSON_ELSEWHERE");
}
