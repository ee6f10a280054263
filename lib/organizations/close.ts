import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { audit } from "../audit/log.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/**
 * Closes an organization: nobody works in it any more and nothing of it leaves. Its records stay, and its people can still leave.
 * @param o name: its legal name, typed again by whoever closes it
 * @throws Forbidden · NotFound · DomainError ORGANIZATION_BUSY { n } while campaigns run or wait, NAME_DIFFERS, LAST_ORGANIZATION
 */
export async function closeOrganization(
  s: Services,
  o: { who: Who; organization: string; name: string },
): Promise<void> {
  requireRight(o.who, "installation");
  return inTransaction(s, async (tx) => {
    await tx.db.execute(sql`select pg_advisory_xact_lock(5, 0)`);
    const open = await tx.db.select().from(organizations).where(isNull(organizations.closedAt)).for("update");
    const one = open.find(({ id }) => id === o.organization);
    if (!one) throw new NotFound("organization");
    if (open.length === 1) throw new DomainError("LAST_ORGANIZATION");
    if (one.legalName !== o.name.trim()) throw new DomainError("NAME_DIFFERS", { field: "name" });
    const busy = and(eq(campaigns.organization, one.id), inArray(campaigns.state, ["scheduled", "sending", "paused"]));
    const running = await tx.db.select({ id: campaigns.id }).from(campaigns).where(busy);
    if (running.length > 0) throw new DomainError("ORGANIZATION_BUSY", { n: running.length });
    await tx.db.update(organizations).set({ closedAt: sql`app_now()` }).where(eq(organizations.id, one.id));
    await audit(tx, { organization: one.id, user: o.who.user, action: "organization.closed", object: one.id });
  });
}
