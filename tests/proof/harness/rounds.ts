import type { Stage } from "./stage.ts";

// For a fault that is done again and again: campaigns one after the other, so that something is under way in each round, whatever the machine is worth.

/** The campaign under way: the next one when fewer than `least` of the last one are left. */
export async function underWay(stage: Stage, least = 200): Promise<string> {
  const last = stage.campaigns.at(-1);
  if (!last) return stage.campaign();
  const { rows } = await stage.d.owner.pool.query<{ n: string }>(
    "select coalesce(sum(n), 0) as n from campaign_counts where campaign = $1 and state not in ('pending', 'claimed', 'sending', 'deferred')",
    [last],
  );
  return stage.o.people - Number(rows[0]?.n ?? 0) >= least ? last : stage.campaign();
}

/** Waits until every campaign has ended, the server being as fast as it can. With `step` the clock moves while all of them only wait. */
export async function allEnded(stage: Stage, o: { step?: number; ms?: number } = {}): Promise<void> {
  await stage.sink.behave({});
  const { step, ms = 300_000 } = o;
  for (const campaign of stage.campaigns)
    await (step ? stage.endedByWaiting(campaign, step, ms) : stage.ended(campaign, ms));
}
