import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";

export type Reconciled = { dead: number; released: number; uncertain: number; requeued: number };

/**
 * Judges what processes that are gone have left: `claimed` goes back to `pending`, `sending` becomes `uncertain` (nobody knows, RFC 1047; only a person sends
 * it again), system mail is queued again (at least once). Who is alive holds the session lock (1, epoch); a process is never judged by a clock.
 * Safe to run anywhere, at any time, by many at once.
 */
export function reconcile(db: Db): Promise<Reconciled> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<Record<keyof Reconciled, string>>(sql`
      with open as materialized (select epoch from processes where ended_at is null),
      dead as materialized (select epoch from open where pg_try_advisory_xact_lock(1, epoch)),
      ended as (update processes p set ended_at = app_now() from dead where p.epoch = dead.epoch returning 1)
      select count(*) as dead from ended`);
    const dead = Number(rows[0]?.dead ?? 0);
    // Not only those just found: a hand-off that was on its way may have left a row after its process was judged.
    const left = await tx.execute<{ state: string }>(sql`
      update deliveries d
         set state = case d.state when 'claimed' then 'pending' else 'uncertain' end::delivery_state,
             reason = case d.state when 'sending' then 'owner_gone' end,
             epoch = case d.state when 'sending' then d.epoch end
       where d.state in ('claimed', 'sending') and d.epoch in (select epoch from processes where ended_at is not null)
      returning d.state`);
    const uncertain = left.rows.filter((row) => row.state === "uncertain").length;
    const queued = await tx.execute(sql`
      update outbox o set state = 'queued', epoch = null
       where o.state = 'sending' and o.epoch in (select epoch from processes where ended_at is not null)`);
    return { dead, released: left.rows.length - uncertain, uncertain, requeued: queued.rowCount ?? 0 };
  });
}

/** Campaigns that have nothing left to hand over end. Returns their ids. */
// SubPlans: Limit of "Index Scan using deliveries_to_do" (campaign = c), Limit of "Index Scan using deliveries_held". As `not exists` they may become anti joins over all rows.
export async function endFinished(db: Db): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    update campaigns c set state = 'ended', ended_at = app_now()
     where c.state = 'sending' and c.snapshot_done
       and (select true from deliveries d where d.campaign = c.id and d.state in ('pending', 'deferred') order by d.position limit 1) is null
       and (select true from deliveries d where d.campaign = c.id and d.state in ('claimed', 'sending') order by d.epoch limit 1) is null
    returning c.id`);
  return rows.map((row) => row.id);
}
