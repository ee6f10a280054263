import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { chargeDomainsSql, domainRoomsSql, domainWindowsSql, giveBackDomainSql } from "./domain-windows.ts";
import { openSql, settle } from "./hours.ts";
import { chargeShareSql, giveBackShareSql, shareSql } from "./loan-windows.ts";
import { rampedPerDaySql } from "./ramp.ts";

export type MailKind = "campaign" | "system";

/**
 * Puts the reservations of a server in line until the transaction ends. Asked for in a statement of its own: the next one then sees what the holder
 * before us committed, so that reading the windows and adding to them in one statement is exact with any number of workers.
 */
export function serverLock(server: SQL | string): SQL {
  return sql`select pg_advisory_xact_lock(hashtextextended(${server}::text, 9))`;
}

/**
 * The windows of a server at an instant, as SQL with columns (unit, bucket, charged, begins, ends, most, campaign, system, room_campaign, room_system).
 * A campaign may use limit − max(0, reserve − system mail of this window), less what is used; system mail the whole limit, less what is used (design: §5).
 *
 * - second: of the clock; closed in its last tenth, so that a slow packet does not put three of them into one second of the other server.
 * - minute: any sixty seconds, summed from seconds. Of the reserve a tenth of the minute is kept.
 * - hour: of the clock in UTC. day: the calendar day of the server's zone, 23 or 25 hours where the clocks change; with a ramp less.
 * - day, rolling: any 24 hours, summed from whole hours and, of the oldest one, from minutes. What is too many of a bucket counts: never more, 0.1 % less.
 * - share: what a borrower may send of a day (loan-windows.ts).
 * - open: weekdays, hours and holidays, for campaigns alone.
 *
 * `bucket`: where a message is counted, in each row with `charged`; `ends`: not before then there is room again.
 * `offset 0` keeps the planner from writing the instant into each place where it is used: the statement of a hand-off had a hundred nodes more.
 * @param moment SQL of a timestamptz, evaluated once by the caller
 * @param organization whose mail it is: where it borrows the server, her share of the day is one window more
 */
export function windowsSql(server: SQL | string, moment: SQL, organization?: string): SQL {
  const used = sql`coalesce(w.system, 0) - coalesce(w.campaign, 0)`;
  return sql`
    select u.unit, u.bucket, u.charged, u.since as begins, coalesce(w.first + u.stays, u.ends) as ends, u.most,
           coalesce(w.campaign, 0) as campaign, coalesce(w.system, 0) as system,
           case when u.shut then 0 else u.most - greatest(0, u.kept - coalesce(w.system, 0)) - ${used} end as room_campaign,
           case when u.shut and u.unit <> 'open' then 0 else u.most - ${used} end as room_system
      from servers s
      cross join lateral (select ${moment} as at offset 0) i
      cross join lateral (
        select i.at, date_trunc('second', i.at) as second, date_trunc('minute', i.at) as minute, date_trunc('hour', i.at, 'UTC') as hour,
               date_trunc('day', i.at, s.zone) as day, (date_trunc('day', i.at at time zone s.zone) + interval '1 day') at time zone s.zone as tomorrow,
               ${rampedPerDaySql(sql`s`, sql`(i.at at time zone s.zone)::date`)} as per_day, s.day_window = 'rolling' as rolling,
               date_trunc('hour', i.at - interval '24 hours' - ${settle}, 'UTC') + interval '1 hour' as whole offset 0
      ) m
      cross join lateral (values ${rowsSql}) u(unit, bucket, charged, grain, part, since, upto, ends, stays, most, kept, shut)
      left join lateral (
        select sum(x.campaign)::int as campaign, sum(x.system)::int as system, min(x.begins) as first from (
          select n.campaign, n.system, n.begins from server_windows n
           where n.server = s.id and n.unit = u.grain and n.begins >= u.since and n.begins <= u.upto
          union all
          select n.campaign, n.system, n.begins + interval '1 minute' from server_windows n
           where n.server = s.id and n.unit = 'minute' and n.begins >= u.part and n.begins < u.since
        ) x
      ) w on true
     where s.id = ${server}::uuid
    ${organization ? sql`union all ${shareSql(server, organization, moment)}` : sql``}`;
}

/** A `since` of null counts nothing, a `stays` of null means that the window ends as a whole. */
const rowsSql = sql`
  ('second', m.second, s.per_second is not null or s.per_minute is not null, 'second', null::timestamptz,
     case when s.per_second is not null then m.second end, m.second, m.second + interval '1 second', null::interval,
     s.per_second, 0, s.per_second is not null and m.at >= m.second + interval '900 milliseconds'),
  ('minute', m.minute, m.rolling, 'second', null,
     case when s.per_minute is not null then date_trunc('second', m.at - interval '60.5 seconds') end, m.second, m.second + interval '1 second', interval '61.5 seconds',
     s.per_minute, least(s.reserve, s.per_minute / 10), false),
  ('hour', m.hour, true, 'hour', null, m.hour, m.hour, m.hour + interval '1 hour', null,
     s.per_hour, s.reserve, s.per_hour is not null and m.at + ${settle} >= m.hour + interval '1 hour'),
  ('day', m.day, true, case when m.rolling then 'hour' else 'day' end, case when m.rolling then date_trunc('minute', m.at - interval '24 hours' - ${settle}) end,
     case when m.rolling then m.whole else m.day end, case when m.rolling then m.hour else m.day end,
     case when m.rolling then m.at + interval '1 minute' else m.tomorrow end, case when m.rolling then interval '24 hours' + ${settle} end,
     m.per_day, s.reserve, m.per_day is not null and not m.rolling and m.at + ${settle} >= m.tomorrow),
  ('open', m.minute, false, null, null, null, null, m.minute + interval '1 minute', null, null, 0,
     not ${openSql({ row: sql`s`, holidays: sql`s.rest_holidays`, zone: sql`s.zone`, at: sql`m.at` })})`;

/** Counts `n` (SQL of an integer) in every window of `windows` (name of a CTE made with windowsSql) that is counted. */
export function chargeSql(server: SQL | string, windows: SQL, o: { kind: MailKind; n: SQL }): SQL {
  const [campaign, system] = o.kind === "campaign" ? [o.n, sql`0`] : [sql`0`, o.n];
  return sql`
    insert into server_windows as w (server, unit, begins, campaign, system)
    select ${server}::uuid, r.unit, r.bucket, ${campaign}, ${system} from ${windows} r where r.charged and ${o.n} > 0
    on conflict (server, unit, begins) do update set campaign = w.campaign + excluded.campaign, system = w.system + excluded.system`;
}

/**
 * What a reservation got: `granted` may leave now (numbers from 0 of what was asked for, `n` in all); when the server has no room for the others, `waitMs` until it may
 * have some. `later`: those of a recipient domain that has no room, and until when. `at`: to give back with.
 */
export type Reserved = { n: number; granted: number[]; later: { i: number; at: Date }[]; waitMs: number; at: Date };

type ReservedRow = {
  granted: number[] | null;
  later: { i: number; at: string }[] | null;
  wait: string | null;
  at: Date;
};

/**
 * Reserves up to `n` messages in all windows of a server at once. Call it in the transaction that moves them to `sending`.
 * @param o.organization whose mail it is, the owner's where left out · `domains` of the recipients, one each; left out: nobody's limit is asked
 */
export async function reserve(
  db: Db,
  o: { server: string; organization?: string; kind: MailKind; n: number; domains?: string[] },
): Promise<Reserved> {
  await db.execute(serverLock(o.server));
  const room = o.kind === "campaign" ? sql`room_campaign` : sql`room_system`;
  const domains = o.domains ?? Array.from({ length: o.n }, () => "");
  const { rows } = await db.execute<ReservedRow>(sql`
    with moment as materialized (select app_now() as at),
    windows as materialized (${windowsSql(o.server, sql`(select at from moment)`, o.organization)}),
    asked as materialized (
      select a.*, row_number() over (partition by domain order by i) as nth from unnest(${sql.param(domains)}::text[]) with ordinality as a(domain, i)),
    of_domains as materialized (${domainWindowsSql(o.server, sql`asked`, sql`(select at from moment)`, o.kind)}),
    rooms as materialized (${domainRoomsSql(sql`of_domains`)}),
    fit as materialized (
      select a.i, a.domain, row_number() over (order by a.i) as n from asked a left join rooms r on r.domain = a.domain where r.room is null or a.nth <= r.room),
    granted as materialized (select * from fit where n <= coalesce((select min(${room}) from windows), 2147483647)),
    charged as (${chargeSql(o.server, sql`windows`, { kind: o.kind, n: sql`(select count(*)::int from granted)` })}),
    shared as (${chargeShareSql({ ...o, windows: sql`windows`, n: sql`(select count(*)::int from granted)` })}),
    counted as (${chargeDomainsSql(o.server, sql`granted`, sql`of_domains`)})
    select (select array_agg(i::int order by i) from granted) as granted,
           (select json_agg(json_build_object('i', a.i, 'at', r.ends)) from asked a join rooms r on r.domain = a.domain where a.nth > r.room) as later,
           (select extract(epoch from max(ends) - m.at) * 1000 from windows where ${room} <= (select count(*) from granted)) as wait, m.at
      from moment m`);
  const row = rows[0];
  return {
    n: row?.granted?.length ?? 0,
    granted: (row?.granted ?? []).map((i) => i - 1),
    later: (row?.later ?? []).map(({ i, at }) => ({ i: i - 1, at: new Date(at) })),
    waitMs: Math.max(0, Math.ceil(Number(row?.wait ?? 0))),
    at: new Date(row?.at ?? 0),
  };
}

/**
 * Gives back one message that was reserved at `at`: only where the connection failed before MAIL FROM (design: §5, counting rules).
 * @param o.domain of the recipient · `pace`: the campaign, which may have counted it in a window of its own
 */
export async function giveBack(
  db: Db,
  o: { server: string; organization?: string; kind: MailKind; at: Date; domain: string; pace?: string },
): Promise<void> {
  const column = o.kind === "campaign" ? sql`campaign` : sql`system`;
  const at = sql`${o.at.toISOString()}::timestamptz`;
  // The lock first: of two statements that change several windows neither then waits for the other.
  await db.execute(sql`
    with locked as materialized (${serverLock(o.server)}),
    of_domain as (${giveBackDomainSql(o.server, o.domain, at, sql`locked`)}),
    of_share as (${giveBackShareSql(o, at, sql`locked`)}),
    of_pace as (
      update server_windows w set campaign = greatest(0, w.campaign - 1) from locked
       where w.server = ${o.pace ?? null}::uuid and w.unit = 'hour' and w.begins = date_trunc('hour', ${at}, 'UTC'))
    update server_windows w set ${column} = greatest(0, w.${column} - 1)
      from locked, (${windowsSql(o.server, at)}) r
     where w.server = ${o.server}::uuid and w.unit = r.unit and w.begins = r.bucket`);
}

/** Forgets windows that are over: seconds after an hour, minutes after the 25 that a rolling day looks at, hours after a month, days after two years. */
export async function forgetWindows(db: Db): Promise<void> {
  await db.execute(sql`
    delete from server_windows where begins < (select app_now()) - (case unit when 'day' then interval '2 years' when 'hour' then interval '31 days'
      when 'minute' then interval '26 hours' else interval '1 hour' end)`);
  await db.execute(sql`delete from server_domain_windows where begins < (select app_now()) - interval '2 days'`);
  await db.execute(sql`delete from server_loan_windows where begins < (select app_now()) - interval '2 years'`);
}
