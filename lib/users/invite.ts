import { and, eq, isNull } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships, users, userTokens } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { makeStaffLink } from "./links.ts";
import { type Role, requireRight } from "./roles.ts";
import { queueStaffMail } from "./staff-mail.ts";
import type { Who } from "./who.ts";

/**
 * Invites somebody into the caller's organization, by mail or by a link to be copied: 72 hours, once. An earlier invitation of the same address
 * works no more.
 * @param o email: an address key
 * @returns the link, where it is to be copied
 * @throws Forbidden · DomainError ALREADY_MEMBER
 */
export async function invite(
  s: Services,
  o: { who: Who; email: string; roles: readonly Role[]; by: "mail" | "link" },
): Promise<{ link?: string }> {
  requireRight(o.who, "people.write");
  const { organization, user } = o.who;
  const roles = [...new Set(o.roles)];
  return inTransaction(s, async (tx) => {
    await refuseMember(tx, organization, o.email);
    const open = [eq(userTokens.organization, organization), eq(userTokens.email, o.email), isNull(userTokens.usedAt)];
    await tx.db.delete(userTokens).where(and(eq(userTokens.purpose, "i"), ...open));
    const content = { organization, email: o.email, roles, invitedBy: user };
    const { url, hash } = await makeStaffLink(tx, "i", content);
    const facts = { roles: roles.join(" "), by: o.by };
    await audit(tx, { organization, user, action: "user.invited", object: hash.toString("hex"), facts });
    if (o.by === "link") return { link: url };
    await queueStaffMail(tx, { organization, mail: await invitationMail(tx, { ...o, roles, link: url, hash }) });
    return {};
  });
}

async function refuseMember(s: Services, organization: string, email: string): Promise<void> {
  const [member] = await s.db
    .select({ user: users.id })
    .from(users)
    .innerJoin(memberships, eq(memberships.user, users.id))
    .where(and(eq(users.email, email), eq(memberships.organization, organization)))
    .limit(1);
  if (member) throw new DomainError("ALREADY_MEMBER", { field: "email" });
}

async function invitationMail(s: Services, o: { who: Who; email: string; roles: Role[]; link: string; hash: Buffer }) {
  const [facts] = await s.db
    .select({
      ...{ organization: organizations.legalName, locale: organizations.locale, zone: organizations.timeZone },
      ...{ inviter: users.name, expiresAt: userTokens.expiresAt },
    })
    .from(userTokens)
    .innerJoin(organizations, eq(organizations.id, o.who.organization))
    .innerJoin(users, eq(users.id, o.who.user))
    .where(eq(userTokens.hash, o.hash));
  if (!facts) throw new NotFound("organization");
  const { organization, inviter, zone } = facts;
  const expiresAt = facts.expiresAt?.toISOString() ?? "";
  const said = { organization, inviter, roles: o.roles, link: o.link, expiresAt, zone };
  return { kind: "invitation" as const, to: o.email, locale: facts.locale, facts: said };
}
