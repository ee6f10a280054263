import { and, eq, isNull } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { audit } from "../audit/log.ts";
import { NotFound } from "../errors.ts";
import { jcs } from "../ledger/jcs.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import type { Identity } from "./identity.ts";

/**
 * Changes who writes. Words that are published keep what they said: lists whose words name the old identity are published again by hand.
 * The slug stays: it stands in links and in the ledger's origin.
 * @returns names of the fields that changed
 */
export async function updateOrganization(s: Services, o: { who: Who; identity: Identity }): Promise<string[]> {
  requireRight(o.who, "organization.write");
  const { organization: id, user } = o.who;
  return inTransaction(s, async (tx) => {
    const open = and(eq(organizations.id, id), isNull(organizations.closedAt));
    const [before] = await tx.db.select().from(organizations).where(open).for("update");
    if (!before) throw new NotFound("organization");
    const names = Object.keys(o.identity) as (keyof Identity)[];
    const changed = names.filter((name) => jcs(before[name] as never) !== jcs(o.identity[name] as never));
    if (changed.length === 0) return [];
    await tx.db.update(organizations).set(o.identity).where(eq(organizations.id, id));
    await audit(tx, {
      organization: id,
      user,
      action: "organization.changed",
      object: id,
      facts: { fields: changed.join(" ") },
    });
    return changed;
  });
}
