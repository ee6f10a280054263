import { and, eq, isNull } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships, users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { openStaffToken, type StaffToken, takeStaffToken } from "./links.ts";
import { hashPassword, isPassword } from "./password.ts";
import { recordRoles } from "./record-roles.ts";
import type { Role } from "./roles.ts";
import { enter } from "./sign-in.ts";
import { countTry } from "./throttle.ts";

/** What the page of an invitation shows. */
export type Invitation = {
  organization: string;
  email: string;
  roles: Role[];
  expiresAt: Date /** She has a password here already. */;
  known: boolean;
};

/** The invitation behind a link; undefined when it was used, withdrawn or is older than 72 hours. Changes nothing. */
export async function showInvitation(s: Services, o: { token: string }): Promise<Invitation | undefined> {
  const token = await openStaffToken(s, "i", o.token);
  const open = token && (await contentOf(s, token));
  if (!open) return undefined;
  const { organization, email, roles, expiresAt, user } = open;
  return { organization: organization.name, email, roles, expiresAt, known: user !== undefined };
}

/**
 * Takes an invitation. Who is new chooses a password; who is known here types hers: a link that was forwarded must not let anybody into an account.
 * @returns the reference of her session, in that organization
 * @throws DomainError LINK_GONE · WRONG_CREDENTIALS, TOO_MANY_TRIES (known) · what hashPassword says (new)
 */
export async function acceptInvitation(
  s: Services,
  o: { token: string; name: string; password: string; locale: "it" | "en"; network?: string },
): Promise<string> {
  const seen = await openStaffToken(s, "i", o.token);
  const open = seen && (await contentOf(s, seen));
  if (!open) throw new DomainError("LINK_GONE");
  const passwordHash = open.user ? undefined : await hashPassword(o.password, { name: o.name, email: open.email });
  if (open.user) await requirePassword(s, { ...o, email: open.email, passwordHash: open.user.passwordHash });
  return inTransaction(s, async (tx) => {
    const token = await takeStaffToken(tx, "i", o.token);
    if (!token) throw new DomainError("LINK_GONE");
    const user = open.user?.id ?? (await addUser(tx, { ...o, email: open.email, passwordHash: passwordHash ?? "" }));
    await join(tx, { user, organization: open.organization.id, roles: open.roles, invitedBy: token.invitedBy });
    return enter(tx, { user, organization: open.organization.id, method: "link" });
  });
}

async function contentOf(s: Services, token: StaffToken) {
  const { organization: id, email, roles, expiresAt } = token;
  if (!id || !email || !roles || !expiresAt) return undefined;
  const open = and(eq(organizations.id, id), isNull(organizations.closedAt));
  const [organization] = await s.db
    .select({ id: organizations.id, name: organizations.legalName })
    .from(organizations)
    .where(open);
  if (!organization) return undefined;
  const [user] = await s.db.select().from(users).where(eq(users.email, email));
  return { organization, email, roles, expiresAt, user };
}

async function requirePassword(
  s: Services,
  o: { email: string; password: string; passwordHash: string | null; network?: string },
) {
  await countTry(s, { account: o.email, ...(o.network ? { network: o.network } : {}) });
  if (!(await isPassword(o.password, o.passwordHash)))
    throw new DomainError("WRONG_CREDENTIALS", { field: "password" });
}

async function addUser(
  s: Services,
  o: { name: string; email: string; passwordHash: string; locale: "it" | "en" },
): Promise<string> {
  const { name, email, passwordHash, locale } = o;
  const id = s.randomId();
  await s.db.insert(users).values({ id, name, email, passwordHash, locale, createdAt: await appNow(s.db) });
  return id;
}

async function join(
  s: Services,
  o: { user: string; organization: string; roles: Role[]; invitedBy: string | null },
): Promise<void> {
  const { user, organization, roles } = o;
  const createdAt = await appNow(s.db);
  const rows = roles.map((role) => ({ user, organization, role, createdAt }));
  await s.db.insert(memberships).values(rows).onConflictDoNothing();
  await audit(s, { organization, user, action: "user.joined", object: user, facts: { roles: roles.join(" ") } });
  await recordRoles(s, { organization, user, roles, by: o.invitedBy ?? user });
}
