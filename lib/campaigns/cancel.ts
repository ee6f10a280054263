import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { moveCampaign } from "./move.ts";
import { waitingRowsSql } from "./waiting-rows.ts";

/**
 * Ends a campaign before its end: scheduled, sending or paused -> cancelled. The state is committed first, so nothing new begins; then its rows
 * that were to be sent become cancelled, a chunk at a time. What is with the server at this moment gets the answer that it gets.
 *
 * @returns how many messages are not sent
 * @throws CAMPAIGN_NOT_UNDER_WAY · NotFound
 */
export async function cancel(s: Services, o: { who: Who; campaign: string }): Promise<{ cancelled: number }> {
  requireRight(o.who, "campaigns.write");
  const { who, campaign } = o;
  const { id } = await moveCampaign(s, {
    ...{ who, campaign, from: ["scheduled", "sending", "paused"], action: "campaign.cancelled" },
    refused: () => new DomainError("CAMPAIGN_NOT_UNDER_WAY"),
    change: async ({ db }) => ({ state: "cancelled", endedAt: await appNow(db) }),
  });
  return { cancelled: await sweepCancelled(s.db, { campaign: id }) };
}

const CHUNK = 5000;

/** Turns what a cancelled or stopped campaign still had to do into `cancelled`. May be repeated: a death in the middle leaves the rest for the next. */
export async function sweepCancelled(db: Db, o: { campaign: string }): Promise<number> {
  for (let total = 0; ; ) {
    const { rowCount } = await db.execute(sql`
      update deliveries d set state = 'cancelled', epoch = null, next_at = null, decided_at = (select app_now())
       where d.campaign = ${o.campaign} and d.state in ('pending', 'deferred', 'claimed') and d.position in (${waitingRowsSql(o.campaign, CHUNK)})
         and exists (select from campaigns c where c.id = d.campaign and c.state in ('cancelled', 'stopped'))`);
    total += rowCount ?? 0;
    if ((rowCount ?? 0) === 0) return total;
  }
}

/**
 * Finishes what a death in the middle of a cancel left, and rows that got a 4xx after it; run by each worker from time to time.
 * @returns how many rows became `cancelled`
 */
export async function sweepAllCancelled(db: Db): Promise<number> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select c.id from campaigns c
     where c.state in ('cancelled', 'stopped')
       and (select true from deliveries d where d.campaign = c.id and d.state in ('pending', 'deferred') order by d.position limit 1)`);
  let total = 0;
  for (const { id } of rows) total += await sweepCancelled(db, { campaign: id });
  return total;
}
