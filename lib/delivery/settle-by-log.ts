import { sql } from "drizzle-orm";
import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { acceptedInLog } from "./server-log-lines.ts";

/** Characters of log that are read: some 6,000 lines, what a form may bring. */
export const MOST_LOG = 900_000;

/**
 * Uncertain messages that the server's own log shows as taken become `accepted`: nobody needs to guess. The line is not kept, because it names an address. Recorded.
 * @returns how many of our messages the log names as taken, and how many of them were uncertain in this campaign
 * @throws LOG_TOO_LONG · LOG_SAYS_NOTHING (no line with one of our Message-IDs) · NotFound
 */
export function settleByLog(
  s: Services,
  o: { who: Who; campaign: string; log: string },
): Promise<{ named: number; settled: number }> {
  requireRight(o.who, "campaigns.write");
  if (o.log.length > MOST_LOG) throw new DomainError("LOG_TOO_LONG");
  return inTransaction(s, async (tx) => {
    const { organization, user } = o.who;
    const campaign = await findCampaign(tx.db, { organization, campaign: o.campaign, lock: true });
    const end = campaign.snapshot?.slice(-12);
    const named = acceptedInLog(o.log).filter((one) => one.number === campaign.number && one.snapshot === end);
    if (named.length === 0) throw new DomainError("LOG_SAYS_NOTHING");
    const positions = sql.param(named.map((one) => one.position));
    const { rowCount } = await tx.db.execute(sql`
      update deliveries set state = 'accepted', reason = 'settled_by_log', sent_at = decided_at
       where campaign = ${campaign.id}::uuid and position = any(${positions}::int[]) and state = 'uncertain'`);
    const settled = rowCount ?? 0;
    const facts = { named: named.length, settled };
    await audit(tx, { organization, user, action: "campaign.settled_by_log", object: campaign.id, facts });
    return facts;
  });
}
