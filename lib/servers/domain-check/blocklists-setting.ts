import { installation } from "../../../db/schema/installation.ts";
import { audit } from "../../audit/log.ts";
import { DomainError } from "../../errors.ts";
import { inTransaction, type Services } from "../../services.ts";
import { asciiDomain } from "../../text/domain.ts";
import { requireRight } from "../../users/roles.ts";
import type { Who } from "../../users/who.ts";

/** Each is asked every night for each server. */
const MOST = 20;

/** The zones of the blocklists that this installation asks; none by default: public lists limit who may ask them, and how much. */
export async function blocklists(s: Services, o: { who: Who }): Promise<string[]> {
  requireRight(o.who, "installation");
  const [row] = await s.db.select({ zones: installation.blocklists }).from(installation);
  return row?.zones ?? [];
}

/**
 * Replaces the list.
 * @throws DomainError BLOCKLIST_INVALID {zone} · BLOCKLISTS_TOO_MANY {n}
 */
export async function setBlocklists(s: Services, o: { who: Who; zones: string[] }): Promise<string[]> {
  requireRight(o.who, "installation");
  const zones = [...new Set(o.zones.map(readZone))].sort();
  if (zones.length > MOST) throw new DomainError("BLOCKLISTS_TOO_MANY", { n: MOST, field: "zones" });
  return inTransaction(s, async (tx) => {
    await tx.db.update(installation).set({ blocklists: zones });
    const facts = { n: zones.length };
    await audit(tx, { organization: null, user: o.who.user, action: "installation.blocklists", facts });
    return zones;
  });
}

function readZone(typed: string): string {
  const zone = asciiDomain(typed.trim().toLowerCase().replace(/\.$/, ""));
  if (!zone) throw new DomainError("BLOCKLIST_INVALID", { zone: typed.trim().slice(0, 80), field: "zones" });
  return zone;
}
