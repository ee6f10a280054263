import { and, asc, eq, gt, isNull, ne, sql } from "drizzle-orm";
import { memberships, sessions, users, userTokens } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import { type Role, requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

export type Person = {
  id: string;
  name: string;
  email: string;
  roles: Role[];
  operator: boolean;
  disabledAt: Date | null;
  /** Last request of any of their sessions. */
  seenAt: Date | null;
  you: boolean;
  /** Also belongs to another organization of this installation: disabling is the operator's. */
  elsewhere: boolean;
};
export type OpenInvitation = { id: string; email: string; roles: Role[]; expiresAt: Date };

/** Who works in the caller's organization, by name, and who is invited. */
export async function listPeople(
  s: Services,
  o: { who: Who },
): Promise<{ people: Person[]; invitations: OpenInvitation[] }> {
  requireRight(o.who, "people.see");
  const { organization } = o.who;
  const seenAt =
    sql<Date | null>`(select max(${sessions.seenAt}) from ${sessions} where ${sessions.user} = ${users.id})`.mapWith(
      sessions.seenAt,
    );
  const elsewhere = sql<boolean>`exists (select from memberships m where m."user" = ${users.id} and m.organization <> ${organization})`;
  const rows = await s.db
    .select({ user: users, role: memberships.role, seenAt, elsewhere })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user))
    .where(eq(memberships.organization, organization))
    .orderBy(asc(users.name), asc(users.id), asc(memberships.role));
  const people = new Map<string, Person>();
  for (const { user, role, ...rest } of rows) {
    const { id, name, email, operator, disabledAt } = user;
    const person = people.get(id) ?? {
      id,
      name,
      email,
      roles: [],
      operator,
      disabledAt,
      ...rest,
      you: id === o.who.user,
    };
    person.roles.push(role);
    people.set(id, person);
  }
  return { people: [...people.values()], invitations: await openInvitations(s, organization) };
}

async function openInvitations(s: Services, organization: string): Promise<OpenInvitation[]> {
  const open = [isNull(userTokens.usedAt), gt(userTokens.expiresAt, sql`(select app_now())`), ne(userTokens.email, "")];
  const rows = await s.db
    .select()
    .from(userTokens)
    .where(and(eq(userTokens.purpose, "i"), eq(userTokens.organization, organization), ...open))
    .orderBy(asc(userTokens.email));
  return rows.flatMap(({ hash, email, roles, expiresAt }) =>
    email && roles && expiresAt ? [{ id: hash.toString("hex"), email, roles, expiresAt }] : [],
  );
}
