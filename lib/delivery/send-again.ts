import { sql } from "drizzle-orm";
import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** A process that was frozen between the hand-off and its first byte may still wake up: nobody sends again before that is past (reliability: W11). */
const QUARANTINE_MINUTES = 15;

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
    const these = o.positions ? sql`and position = any(${sql.param(o.positions)}::int[])` : sql``;
    const { rows } = await tx.db.execute<{ young: boolean; n: string }>(sql`
      select coalesce(bool_or(decided_at > (select app_now()) - ${QUARANTINE_MINUTES} * interval '1 minute'), false) as young, count(*) as n
        from deliveries where campaign = ${campaign.id}::uuid and state = 'uncertain' ${these}`);
    if (Number(rows[0]?.n ?? 0) === 0) return 0;
    if (rows[0]?.young) throw new DomainError("TOO_EARLY", { minutes: QUARANTINE_MINUTES });
    const { rowCount } = await tx.db.execute(sql`
      update deliveries set state = 'pending', epoch = null, attempt = null, reason = null
       where campaign = ${campaign.id}::uuid and state = 'uncertain' ${these}`);
    await tx.db.execute(
      sql`update campaigns set state = 'sending', ended_at = null where id = ${campaign.id}::uuid and state = 'ended'`,
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
