import { and, asc, eq, isNull, ne, sql } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships, users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { endSessionsOf } from "./end-session.ts";
import { recordRoles } from "./record-roles.ts";
import { requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

export type UserRow = {
  id: string;
  name: string;
  email: string;
  operator: boolean;
  disabledAt: Date | null;
  organizations: number;
  you: boolean;
};

/** Everybody of the installation, operators first: for the operator. */
export async function listUsers(s: Services, o: { who: Who }): Promise<UserRow[]> {
  requireRight(o.who, "installation");
  const { id, name, email, operator, disabledAt } = users;
  const of = sql<number>`(select count(distinct organization)::int from ${memberships} where ${memberships.user} = ${users.id})`;
  const rows = await s.db
    .select({ id, name, email, operator, disabledAt, organizations: of })
    .from(users)
    .orderBy(sql`${operator} desc`, asc(name), asc(id));
  return rows.map((row) => ({ ...row, you: row.id === o.who.user }));
}

/**
 * Gives or takes the operator's mark; sessions end as with any change of role. It enters the ledger of each organization: an operator can reach
 * them all (formats.md §1).
 * @throws Forbidden · NotFound · DomainError LAST_OPERATOR
 */
export async function setOperator(s: Services, o: { who: Who; user: string; operator: boolean }): Promise<void> {
  requireRight(o.who, "installation");
  return inTransaction(s, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(5, 1)`);
    const [user] = await tx.db.select().from(users).where(eq(users.id, o.user));
    if (!user) throw new NotFound("user");
    if (user.operator === o.operator) return;
    if (!o.operator) await requireAnotherOperator(tx, user.id);
    await tx.db.update(users).set({ operator: o.operator }).where(eq(users.id, user.id));
    await endSessionsOf(tx.db, { user: user.id, reason: "role" });
    await audit(tx, {
      organization: null,
      user: o.who.user,
      action: "user.operator",
      object: user.id,
      facts: { operator: o.operator },
    });
    const open = await tx.db.select({ id: organizations.id }).from(organizations).where(isNull(organizations.closedAt));
    for (const { id } of open)
      await recordRoles(tx, {
        organization: id,
        user: user.id,
        roles: await rolesIn(tx, user.id, id, o.operator),
        by: o.who.user,
      });
  });
}

async function rolesIn(s: Services, user: string, organization: string, operator: boolean) {
  const mine = and(eq(memberships.user, user), eq(memberships.organization, organization));
  const rows = await s.db.select({ role: memberships.role }).from(memberships).where(mine);
  return [...rows.map(({ role }) => role), ...(operator ? (["operator"] as const) : [])];
}

async function requireAnotherOperator(s: Services, user: string): Promise<void> {
  const others = and(eq(users.operator, true), ne(users.id, user), isNull(users.disabledAt));
  const [other] = await s.db.select({ id: users.id }).from(users).where(others).limit(1);
  if (!other) throw new DomainError("LAST_OPERATOR");
}
