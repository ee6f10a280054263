import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { inTime } from "../campaigns/not-after.ts";
import { signingDomain } from "../servers/dkim-find.ts";
import { windowsSql } from "../servers/windows.ts";
import { paceSql } from "./campaign-pace.ts";
import type { CampaignFacts } from "./claim.ts";
import { notPaused } from "./pause-sending.ts";
import { type Buckets, type Split, shareOf } from "./share.ts";
import type { Rival } from "./turns.ts";

/**
 * A campaign with rows to take and, where it has a pace of its own, room for them; which of them are this server's. `shared`: another server that works carries it too.
 */
export type Wanting = { facts: CampaignFacts; share: Buckets | "all"; shared: boolean } & Rival;

/** What a lane finds when it looks: whether it may send, how much, what for, and how many this server has sent today (`takeTurns`). */
export type Look = { open: boolean; room: number; waitMs: number; turn: number; campaigns: Wanting[] };

type Row = {
  open: boolean | null;
  room: string | null;
  wait: string | null;
  turn: number | null;
  campaigns:
    | (CampaignFacts &
        Rival & {
          split: Split;
          peers: { server: string; weight: number; out: boolean; from: string }[];
        })[]
    | null;
};

/** One look of a server's lane: its pauses and windows, the restore lock, and the campaigns that use it and have rows to take: the higher priority first, then the older launch. */
export async function look(db: Db, server: string): Promise<Look> {
  const { rows } = await db.execute<Row>(sql`
    with moment as materialized (select app_now() as at),
    windows as materialized (${windowsSql(server, sql`(select at from moment)`)})
    select (select s.paused_at is null and s.removed_at is null from servers s where s.id = ${server}::uuid)
           and not exists (select from installation where locked_since is not null) as open,
           (select min(room_campaign) from windows) as room,
           (select extract(epoch from max(ends) - (select at from moment)) * 1000 from windows where room_campaign <= 0) as wait,
           (select campaign from windows where unit = 'day') as turn,
           (select json_agg(json_build_object('id', c.id, 'number', c.number, 'snapshot', c.snapshot, 'organization', c.organization, 'fromName', c.from_name, 'priority', c.priority, 'room', pace.room,
                     'sender', (select json_build_object('name', f.from_name, 'address', f.from_address) from servers f where f.id = c.server),
                     'split', c.split, 'peers', (
                       select json_agg(json_build_object('server', p.server, 'weight', p.weight, 'from', q.from_address,
                                'out', q.paused_at is not null or q.removed_at is not null or q.ailing_since is not null) order by p.server)
                         from campaign_servers p join servers q on q.id = p.server where p.campaign = c.id))
                   order by c.priority desc, c.launched_at, c.id)
              from campaigns c join campaign_servers mine on mine.campaign = c.id and mine.server = ${server}::uuid
             cross join lateral (${paceSql(sql`c`, sql`(select at from moment)`)}) pace
             where pace.room is distinct from 0 and c.state = 'sending' and ${inTime(sql`c`, sql`(select at from moment)`)} and ${notPaused(sql`c.organization`)} and exists (
               select from deliveries d where d.campaign = c.id and (d.state = 'pending' or (d.state = 'deferred' and d.next_at <= (select at from moment))))) as campaigns`);
  const row = rows[0];
  return {
    open: row?.open ?? false,
    room: row?.room === null || row?.room === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(row.room)),
    waitMs: Math.ceil(Number(row?.wait ?? 0)),
    turn: row?.turn ?? 0,
    campaigns: (row?.campaigns ?? []).flatMap((one) => wanting(server, one)),
  };
}

function wanting(
  server: string,
  { split, peers, priority, room, ...facts }: NonNullable<Row["campaigns"]>[number],
): Wanting[] {
  const all = peers.map(({ from, ...peer }) => ({ ...peer, domain: signingDomain({ fromAddress: from }) }));
  const of = (one: string) =>
    shareOf({ split, server: one, sender: signingDomain({ fromAddress: facts.sender.address }), peers: all });
  const share = of(server);
  if (share === "none") return [];
  const shared = all.some((peer) => peer.server !== server && !peer.out && of(peer.server) !== "none");
  return [{ facts, share, shared, priority, room }];
}
