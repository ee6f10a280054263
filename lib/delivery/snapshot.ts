import { and, eq, sql } from "drizzle-orm";
import { campaignLists, campaigns } from "../../db/schema/campaigns.ts";
import { gate } from "../consent/gate.ts";
import { inTransaction, type Services } from "../services.ts";
import { drawOrder, portion } from "./snapshot-order.ts";

/** The first chunk is small: its rows can leave while the rest of a million is still being written. */
const FIRST = 1000;
/** Small enough that a planner without fresh statistics does no harm (10,000 took 6 s then, 0.12 s with them). */
const CHUNK = 2000;

/**
 * Writes the next chunk of a launched campaign's audience, one row a person, through the gate at the instant of the launch (design: §5, Snapshot).
 * Whoever is refused is a row too, with the reason. In the campaign's order; it goes on where a killed process stopped, and positions have no gap.
 * One process at a time for a campaign; another one leaves it to that.
 *
 * @returns whether there is more to write
 */
export function fillSnapshot(s: Services, o: { campaign: string }): Promise<boolean> {
  return inTransaction(s, async ({ db }) => {
    const { rows } = await db.execute<{ mine: boolean }>(
      sql`select pg_try_advisory_xact_lock(5, hashtext(${o.campaign})) as mine`,
    );
    if (!rows[0]?.mine) return false;
    const [campaign] = await db
      .select()
      .from(campaigns)
      .where(and(eq(campaigns.id, o.campaign), eq(campaigns.state, "sending"), eq(campaigns.snapshotDone, false)));
    if (!campaign?.launchedAt) return false;
    const lists = (
      await db.select({ list: campaignLists.list }).from(campaignLists).where(eq(campaignLists.campaign, campaign.id))
    ).map((row) => row.list);
    // What was scheduled is frozen when it starts, not when somebody pressed.
    const at = new Date(Math.max(campaign.launchedAt.getTime(), campaign.scheduledAt?.getTime() ?? 0));
    const chunk = campaign.size === 0 ? FIRST : CHUNK;
    // Frozen at launch: a standing that began after it is of no concern, one that ended after it is seen at hand-off.
    const standing = sql`b.list = any(${sql.param(lists)}::uuid[]) and b.from_at <= ${at.toISOString()}::timestamptz`;
    await drawOrder(db, campaign, standing);
    const { next, candidates, last } = portion(campaign, { n: chunk, standing });
    const written = await db.execute<{ taken: string; n: string; last: string | null }>(sql`
      with ${next},
      judged as materialized (${gate({ candidates, organization: campaign.organization, at, real: !campaign.simulated })}),
      written as (
        insert into deliveries (campaign, position, contact, list, state, reason, basis, decided_at)
        select ${campaign.id}::uuid, ${campaign.size} + row_number() over (order by next.rank) - 1, j.contact, j.list,
               (case when j.reason is null then 'pending' else 'excluded' end)::delivery_state, j.reason, j.basis, ${at.toISOString()}::timestamptz
          from judged j join next on next.contact = j.contact
        returning 1)
      select (select count(*) from next) as taken, (select count(*) from written) as n, (select ${last} from next) as last`);
    const [taken, n] = [Number(written.rows[0]?.taken ?? 0), Number(written.rows[0]?.n ?? 0)];
    await db
      .update(campaigns)
      .set(
        taken === 0
          ? { snapshotDone: true }
          : { size: campaign.size + n, snapshotAfter: written.rows[0]?.last ?? null },
      )
      .where(eq(campaigns.id, campaign.id));
    return taken > 0;
  });
}

/** Campaigns whose audience is still being written. */
export async function unfilled(s: Services): Promise<string[]> {
  const { rows } = await s.db.execute<{ id: string }>(
    sql`select id from campaigns where state = 'sending' and not snapshot_done order by launched_at`,
  );
  return rows.map((row) => row.id);
}
