import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { windowsSql } from "../servers/windows.ts";
import type { CampaignFacts } from "./claim.ts";
import { notPaused } from "./pause-sending.ts";

/** What a lane finds when it looks: whether it may send, how much, and what for. */
export type Look = { open: boolean; room: number; waitMs: number; campaigns: Omit<CampaignFacts, "server">[] };

type Row = {
  open: boolean | null;
  room: string | null;
  wait: string | null;
  campaigns: { id: string; number: number; snapshot: string; organization: string; fromName: string }[] | null;
};

/** One look of a server's lane: its pauses and windows, the restore lock, and its campaigns that have rows to take, oldest launch first. */
export async function look(db: Db, server: string): Promise<Look> {
  const { rows } = await db.execute<Row>(sql`
    with moment as materialized (select app_now() as at),
    windows as materialized (${windowsSql(server, sql`(select at from moment)`)})
    select (select s.paused_at is null and s.removed_at is null from servers s where s.id = ${server}::uuid)
           and not exists (select from installation where locked_since is not null) as open,
           (select min(room_campaign) from windows) as room,
           (select extract(epoch from max(ends) - (select at from moment)) * 1000 from windows where room_campaign <= 0) as wait,
           (select json_agg(json_build_object('id', c.id, 'number', c.number, 'snapshot', c.snapshot, 'organization', c.organization, 'fromName', c.from_name) order by c.launched_at, c.id)
              from campaigns c where c.server = ${server}::uuid and c.state = 'sending' and ${notPaused(sql`c.organization`)} and exists (
               select from deliveries d where d.campaign = c.id and (d.state = 'pending' or (d.state = 'deferred' and d.next_at <= (select at from moment))))) as campaigns`);
  const row = rows[0];
  return {
    open: row?.open ?? false,
    room: row?.room === null || row?.room === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(row.room)),
    waitMs: Math.ceil(Number(row?.wait ?? 0)),
    campaigns: row?.campaigns ?? [],
  };
}
