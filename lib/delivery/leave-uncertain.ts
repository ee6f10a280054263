import { sql } from "drizzle-orm";
import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { decidable, uncertainRows } from "./quarantine.ts";

/**
 * A person decides that those whose fate is unknown get nothing more: `cancelled`, with the reason `left_uncertain`, because some of them may have received it. Recorded.
 * @param positions only these; left out: all of them
 * @returns how many
 * @throws TOO_EARLY {minutes}: the process that had them may still say · NotFound
 */
export function leaveUncertain(s: Services, o: { who: Who; campaign: string; positions?: number[] }): Promise<number> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (tx) => {
    const { organization, user } = o.who;
    const campaign = await findCampaign(tx.db, { organization, campaign: o.campaign, lock: true });
    await decidable(tx.db, campaign.id, o.positions);
    const { rowCount } = await tx.db.execute(sql`
      update deliveries set state = 'cancelled', reason = 'left_uncertain', epoch = null where ${uncertainRows(campaign.id, o.positions)}`);
    const n = rowCount ?? 0;
    if (n > 0)
      await audit(tx, { organization, user, action: "campaign.left_uncertain", object: campaign.id, facts: { n } });
    return n;
  });
}
