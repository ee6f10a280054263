import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import type { campaigns } from "../../db/schema/campaigns.ts";

type Campaign = typeof campaigns.$inferSelect;

/** The next people of an audience, as parts of one statement. */
export type Portion = {
  /** CTEs before the gate: `next (contact, rank)`, the people in the order in which they get their positions. */
  next: SQL;
  /** Who of `next` stands on which of the lists. */
  candidates: SQL;
  /** The last of them, to go on from; null where what was taken is gone from the order. */
  last: SQL;
};

/**
 * The next `n` people of a campaign in its order. Oldest and newest first go along the ids of contacts, which rise with time, and need nothing beside;
 * a random order stands in `campaign_order` and loses whoever was taken.
 * @param standing SQL condition over `bases b`
 */
export function portion(campaign: Campaign, o: { n: number; standing: SQL }): Portion {
  const candidates = sql`select distinct b.contact, b.list from bases b join next on next.contact = b.contact where ${o.standing}`;
  if (campaign.sendOrder === "random") {
    const next = sql`
      next as materialized (
        delete from campaign_order where campaign = ${campaign.id}::uuid and rank in (
          select rank from campaign_order where campaign = ${campaign.id}::uuid order by rank limit ${o.n})
        returning contact, rank)`;
    return { next, candidates, last: sql`max(null::text)` };
  }
  const [beyond, way, last] =
    campaign.sendOrder === "newest" ? [sql`<`, sql`desc`, sql`min`] : [sql`>`, sql`asc`, sql`max`];
  const after = campaign.snapshotAfter ? sql`and b.contact ${beyond} ${campaign.snapshotAfter}::uuid` : sql``;
  const next = sql`
    next as materialized (
      select contact, row_number() over (order by contact ${way}) as rank
        from (select distinct b.contact from bases b where ${o.standing} ${after} order by b.contact ${way} limit ${o.n}) p)`;
  return { next, candidates, last: sql`${last}(contact::text)` };
}

/**
 * Works out a random order once, before the first row: by the MD5 of contact and seed, so that whoever knows the seed can do it again.
 */
export async function drawOrder(db: Db, campaign: Campaign, standing: SQL): Promise<void> {
  if (campaign.sendOrder !== "random" || campaign.size > 0) return;
  await db.execute(sql`
    insert into campaign_order (campaign, rank, contact)
    select ${campaign.id}::uuid, row_number() over (order by md5(contact::text || ${String(campaign.orderSeed ?? 0)}::text), contact) - 1, contact
      from (select distinct b.contact from bases b where ${standing}) p
     where not exists (select from campaign_order where campaign = ${campaign.id}::uuid)`);
}
