import { sql } from "drizzle-orm";
import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** Refusals that another try cannot change: the address is dead, or there is nobody any more. */
export const HOPELESS = ["hard_bounce", "address_dead", "no_recipient", "user_unknown"];

/**
 * Those whom the server refused for another reason than a dead address are tried again, and nobody else: a refused message was not received, so nobody gets it twice.
 * The gate is asked again at the hand-off. Recorded.
 * @returns how many
 * @throws CAMPAIGN_NOT_UNDER_WAY · NotFound
 */
export function retryFailed(s: Services, o: { who: Who; campaign: string }): Promise<number> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (tx) => {
    const { organization, user } = o.who;
    const campaign = await findCampaign(tx.db, { organization, campaign: o.campaign, lock: true });
    if (!["sending", "paused", "ended"].includes(campaign.state)) throw new DomainError("CAMPAIGN_NOT_UNDER_WAY");
    const { rowCount } = await tx.db.execute(sql`
      update deliveries set state = 'pending', epoch = null, attempt = null, reason = null, tries = 0, sent_at = null
       where campaign = ${campaign.id}::uuid and state = 'rejected' and reason <> all(${sql.param(HOPELESS)}::text[])`);
    const n = rowCount ?? 0;
    if (n === 0) return 0;
    await tx.db.execute(
      sql`update campaigns set state = 'sending', ended_at = null, closed_at = null where id = ${campaign.id}::uuid and state = 'ended'`,
    );
    await audit(tx, { organization, user, action: "campaign.retried", object: campaign.id, facts: { n } });
    return n;
  });
}
