import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { inTime } from "../campaigns/not-after.ts";
import { signingDomain } from "../servers/dkim-find.ts";
import { mayUseSql, shareSql } from "../servers/loan-windows.ts";
import { windowsSql } from "../servers/windows.ts";
import { paceSql, unpacedSql } from "./campaign-pace.ts";
import type { CampaignFacts } from "./claim.ts";
import { notPaused } from "./pause-sending.ts";
import { type Buckets, type Split, shareOf } from "./share.ts";
import type { Rival } from "./turns.ts";

/**
 * A campaign with rows to take and, where it has a pace of its own or its organization a share of the server, room for them; which of them are this server's. `shared`: another server that works carries it too.
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
// Whether there are rows to take: SubPlan, Limit of "Index Scan using deliveries_to_do" (campaign = c), one row. As `exists` it became a semi join that read all rows of the
// table at each look: 0.3 s of a million, and nothing was sent meanwhile.
export async function look(db: Db, server: string): Promise<Look> {
  const { rows } = await db.execute<Row>(sql`
    with moment as materialized (select app_now() as at),
    windows as materialized (${windowsSql(server, sql`(select at from moment)`)})
    select (select s.paused_at is null and s.removed_at is null from servers s where s.id = ${server}::uuid)
           and not exists (select from installation where locked_since is not null) as open,
           (select min(room_campaign) from windows) as room,
           (select extract(epoch from max(ends) - (select at from moment)) * 1000 from windows where room_campaign <= 0) as wait,
           (select campaign from windows where unit = 'day') as turn,
           (select json_agg(json_build_object('id', c.id, 'number', c.number, 'snapshot', c.snapshot, 'organization', c.organization, 'fromName', c.from_name, 'paced', not ${unpacedSql(sql`c`)}, 'priority', c.priority, 'room', least(pace.room, lent.room),
                     'sender', ${senderSql(sql`c.server`, sql`c.organization`)}, 'envelopeFrom', ${senderSql(sql`mine.server`, sql`c.organization`)} ->> 'envelope',
                     'split', c.split, 'peers', (
                       select json_agg(json_build_object('server', p.server, 'weight', p.weight, 'from', ${senderSql(sql`p.server`, sql`c.organization`)} ->> 'address',
                                'out', q.paused_at is not null or q.removed_at is not null or q.ailing_since is not null or not ${mayUseSql(sql`p.server`, sql`c.organization`)}) order by p.server)
                         from campaign_servers p join servers q on q.id = p.server where p.campaign = c.id))
                   order by c.priority desc, c.launched_at, c.id)
              from campaigns c join campaign_servers mine on mine.campaign = c.id and mine.server = ${server}::uuid
             cross join lateral (${paceSql(sql`c`, sql`(select at from moment)`)}) pace
              left join lateral (
                select x.room_campaign as room from (${shareSql(sql`mine.server`, sql`c.organization`, sql`(select at from moment)`)}) x) lent on true
             where pace.room is distinct from 0 and coalesce(lent.room, 1) > 0 and ${mayUseSql(sql`mine.server`, sql`c.organization`)} and c.state = 'sending' and ${inTime(sql`c`, sql`(select at from moment)`)} and ${notPaused(sql`c.organization`)} and (
               select true from deliveries d where d.campaign = c.id and (d.state = 'pending' or (d.state = 'deferred' and d.next_at <= (select at from moment)))
                order by d.position limit 1)) as campaigns`);
  const row = rows[0];
  return {
    open: row?.open ?? false,
    room: row?.room === null || row?.room === undefined ? Number.POSITIVE_INFINITY : Math.max(0, Number(row.room)),
    waitMs: Math.ceil(Number(row?.wait ?? 0)),
    turn: row?.turn ?? 0,
    campaigns: (row?.campaigns ?? []).flatMap((one) => wanting(server, one)),
  };
}

/** SQL: as whom an organization sends over a server, its own or one that it borrows, as JSON. */
function senderSql(server: SQL, organization: SQL): SQL {
  return sql`(
    select case when f.organization = ${organization} or l.server is null then json_build_object('name', f.from_name, 'address', f.from_address, 'envelope', f.envelope_from)
           else json_build_object('name', l.from_name, 'address', l.from_address, 'envelope', coalesce(nullif(l.envelope_from, ''), l.from_address)) end
      from servers f left join server_loans l on l.server = f.id and l.organization = ${organization} where f.id = ${server})`;
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
