import { sql } from "drizzle-orm";
import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { decidable, uncertainRows } from "./quarantine.ts";

/**
 * A person decides that those whose fate is unknown get the message again, maybe a second time. The machine never does this by itself. Recorded.
 * @param positions only these; left out: all of them
 * @returns how many are sent again
 * @throws CAMPAIGN_NOT_UNDER_WAY (cancelled or stopped) · TOO_EARLY {minutes} · NotFound
 */
export function sendAgain(s: Services, o: { who: Who; campaign: string; positions?: number[] }): Promise<number> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (tx) => {
    const campaign = await findCampaign(tx.db, { organization: o.who.organization, campaign: o.campaign, lock: true });
    if (!["sending", "paused", "ended"].includes(campaign.state)) throw new DomainError("CAMPAIGN_NOT_UNDER_WAY");
    if ((await decidable(tx.db, campaign.id, o.positions)) === 0) return 0;
    const { rowCount } = await tx.db.execute(sql`
      update deliveries set state = 'pending', epoch = null, attempt = null, reason = null where ${uncertainRows(campaign.id, o.positions)}`);
    await tx.db.execute(
      sql`update campaigns set state = 'sending', ended_at = null, closed_at = null where id = ${campaign.id}::uuid and state = 'ended'`,
    );
    const n = rowCount ?? 0;
    await audit(tx, {
      organization: o.who.organization,
      user: o.who.user,
      action: "campaign.sent_again",
      object: campaign.id,
      facts: { n },
    });
    return n;
  });
}
