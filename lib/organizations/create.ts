import { sql } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { memberships } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { appendOther } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import type { Identity } from "./identity.ts";
import { freeSlug } from "./slug.ts";

/**
 * Makes an organization: a controller of its own, with its own lists, ledger and people; who makes it is its first owner. All its mail goes to
 * the sandbox until a sending server goes live.
 * @throws Forbidden for who is no operator · DomainError NAME_TAKEN
 */
export async function createOrganization(
  s: Services,
  o: { who: Who; identity: Identity },
): Promise<{ id: string; slug: string }> {
  requireRight(o.who, "installation");
  return inTransaction(s, async (tx) => {
    // Two of one name at once: the second sees the first's slug.
    await tx.db.execute(sql`select pg_advisory_xact_lock(5, 0)`);
    const [id, slug, at] = [s.randomId(), await freeSlug(tx.db, o.identity.legalName), await appNow(tx.db)];
    await tx.db.insert(organizations).values({ ...o.identity, id, slug, createdAt: at });
    await tx.db.insert(memberships).values({ user: o.who.user, organization: id, role: "owner", createdAt: at });
    await audit(tx, { organization: id, user: o.who.user, action: "organization.created", object: id });
    await appendOther(tx, {
      ...{ v: 1, id: s.randomId(), organization: id, kind: "role.changed", at: at.toISOString() },
      ...{ actor: { type: "staff", id: o.who.user }, user: o.who.user, roles: ["owner"] },
    });
    return { id, slug };
  });
}
