import { sql } from "drizzle-orm";
import { markApplied } from "../journal/marks.ts";
import type { Services } from "../services.ts";
import { type Wish, wished } from "./claim.ts";

/** How far this process may attempt each campaign, by its own journal file. Begins empty with every process: its file is new. */
export type Covered = Map<string, number>;

/**
 * Makes sure that at least one block of positions may be attempted: raises `campaigns.upto`, commits, and journals it, fsynced, before any of them is
 * (formats.md §4 `sending`). A restore then knows which rows may have left. Nothing is written while the block that is covered has rows to do.
 * @param o.block rows that the limits allow in the next second, at least 1
 * @returns the highest position that this process may attempt; −1 when there is none
 */
export async function cover(
  s: Services,
  covered: Covered,
  o: { campaign: string; block: number } & Wish,
): Promise<number> {
  const mine = covered.get(o.campaign) ?? -1;
  const { rows } = await s.db.execute<{ upto: number; number: string; snapshot: string }>(sql`
    with next as materialized ( -- the first rows that wait: those already covered, or the ones above
      select max(position) as position from (
        select position from deliveries where campaign = ${o.campaign}::uuid and state in ('pending', 'deferred') ${wished(o)} and (state = 'pending' or next_at <= (select app_now()))
         order by position limit ${Math.max(1, o.block)}) p)
    update campaigns c set upto = greatest(c.upto, next.position) from next
     where c.id = ${o.campaign}::uuid and c.state = 'sending' and next.position is not null
    returning c.upto, c.number, c.snapshot`);
  const row = rows[0];
  if (!row || row.upto <= mine) return mine;
  const n = await s.journal.write({
    kind: "sending",
    campaign: o.campaign,
    number: Number(row.number),
    snapshot: row.snapshot,
    upto: row.upto,
  });
  covered.set(o.campaign, row.upto);
  // The database has it already; without the mark the next process would look at the line once more, which changes nothing.
  markApplied(s.db, { writer: s.journal.writer, n }).catch(() => undefined);
  return row.upto;
}
