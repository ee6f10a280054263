import { type SQL, sql } from "drizzle-orm";
import { inTime } from "../campaigns/not-after.ts";
import { gate } from "../consent/gate.ts";
import { chargeDomainsSql, domainRoomsSql, domainWindowsSql } from "../servers/domain-windows.ts";
import { chargeShareSql, mayUseSql } from "../servers/loan-windows.ts";
import type { Server } from "../servers/types.ts";
import { chargeSql, windowsSql } from "../servers/windows.ts";
import { chargePacesSql, paceSql, unpacedSql } from "./campaign-pace.ts";
import { notPaused } from "./pause-sending.ts";
import { answeredSql, changedSql, given, loggedSql, resultSql } from "./results.ts";

/** Whose rows are handed over. `paced`: some of their campaigns have a pace or hours of their own. */
export type HandOffOf = { server: Server; organization: string; paced: boolean };

/**
 * What the statement leaves out, since there is none of it: each part costs its share of a millisecond for a plan that is set up and taken down. The statement asks itself
 * whether that still holds; where it does not, nothing moves and the lane looks anew.
 */
type Parts = { borrowed: boolean; domains: boolean; paced: boolean };

const wantedSql = sql`
  select * from unnest(${given("w_campaign", "uuid[]")}, ${given("w_position", "int[]")}, ${given("w_attempt", "uuid[]")}, ${given("w_contact", "uuid[]")},
    ${given("w_list", "uuid[]")}, ${given("w_domain", "text[]")}, ${given("w_fault", "text[]")}) with ordinality as w(campaign, position, attempt, contact, list, domain, fault, i)`;

/** The statement of a hand-off (`HandOff`): 290 nodes with all its parts, 190 with none of those that most servers do not need. */
export function handOffSql({ server, organization, paced }: HandOffOf): SQL {
  const parts = { borrowed: organization !== server.organization, domains: server.domainLimits.length > 0, paced };
  const epoch = given("epoch", "int");
  return sql`
  with moment as materialized (select app_now() as at),
  result as materialized (${resultSql}),
  wanted as materialized (${wantedSql}),
  door as materialized (${doorSql({ server: server.id, organization, epoch }, parts)}),
  held as materialized ( -- each wanted row is found by its primary key (offset 0 keeps the planner from reading all rows that this epoch holds)
    select w.* from wanted w
     cross join lateral (select d.state, d.epoch from deliveries d where d.campaign = w.campaign and d.position = w.position offset 0) d
     cross join lateral (select c.* from campaigns c where c.id = w.campaign offset 0) c
     where (select open from door) and d.state = 'claimed' and d.epoch = ${epoch} and c.state = 'sending' and ${inTime(sql`c`, sql`(select at from moment)`)}
       and ${paced ? sql`true` : unpacedSql(sql`c`)} and exists (select from campaign_servers u where u.campaign = w.campaign and u.server = ${server.id}::uuid)
  ),
  verdict as materialized (${gate({
    candidates: sql`select contact, list from held`,
    organization,
    at: sql`select at from moment`,
    real: server.kind !== "sandbox",
  })}),
  still as materialized (select p.domain, coalesce(p.retry_at, m.at + interval '1 day') as until from server_domains p, moment m
    where p.server = ${server.id}::uuid and (p.retry_at is null or p.retry_at > m.at)),
  judged as materialized (
    select h.*, v.reason, v.basis, s.until from held h join verdict v on v.contact = h.contact left join still s on s.domain = h.domain
  ),
  ${limitsSql(server.id, organization, parts)},
  kept as ( -- a kilobyte a row, which is not carried through all the steps above
    insert into delivery_values (campaign, position, subject, sealed, sha256)
    select campaign, position, (${given("w_subject", "uuid[]")})[i], (${given("w_sealed", "bytea[]")})[i], (${given("w_sha256", "bytea[]")})[i] from granted
    on conflict (campaign, position) do update set subject = excluded.subject, sealed = excluded.sealed, sha256 = excluded.sha256
  ),
  change as materialized (${answeredSql}
    union all
    select 'sending', i, campaign, position, attempt, ${epoch}, 'sending', null, null, domain, basis, null from granted
    union all
    select 'refused', i, campaign, position, null, ${epoch}, case when reason is null then 'rejected' else 'excluded' end, coalesce(reason, fault), null, domain, null, null
      from judged where reason is not null or fault is not null
    union all -- her domain stands still at this server: others go on
    select 'later', i, campaign, position, null, ${epoch}, 'deferred', 'domain_paused', null, domain, null, until
      from judged where reason is null and fault is null and until is not null
    ${only(parts.domains, crowdedSql(epoch))}
  ),
  changed as (${changedSql}),
  logged as (${loggedSql(sql`${server.id}::uuid`)})
  select (select array_agg(i::int) filter (where kind = 'sending') from changed) as sending,
         (select array_agg(i::int) filter (where kind in ('refused', 'later')) from changed) as final,
         (select array_agg(i::int) from fit where n > (select count(*) from granted)) as waiting,
         (select at from moment) as at, (select open from door) as open,
         (select extract(epoch from max(ends) - (select at from moment)) * 1000 from windows
           where room_campaign <= (select count(*) from granted)) as wait,
         ${parts.borrowed ? sql`(select room_campaign <= (select count(*) from granted) from windows where unit = 'share')` : sql`false`} as share_full`;
}

/** The windows of their domain are full: others go on. */
const crowdedSql = (epoch: SQL) => sql`
    union all
    select 'later', i, campaign, position, null, ${epoch}, 'deferred', 'domain_limit', null, domain, null, ends from allowed where nth > room`;

/** Whether anything may leave now, and whether what this statement leaves out is still not there. */
function doorSql(o: { server: string; organization: string; epoch: SQL }, { borrowed, domains }: Parts): SQL {
  return sql`
    select exists (select from servers s where s.id = ${o.server}::uuid and s.paused_at is null and s.removed_at is null
               and (s.organization <> ${o.organization}::uuid) = ${borrowed} and (s.domain_limits <> '[]') = ${domains})
       and exists (select from processes p where p.epoch = ${o.epoch} and p.ended_at is null)
       and ${borrowed ? mayUseSql(o.server, o.organization) : sql`true`} and ${notPaused(o.organization)}
       and not exists (select from installation where locked_since is not null) as open`;
}

/**
 * Of the rows that the gate lets pass (`allowed`), in their order: those that their recipients' domains have room for, then those that the pace of their campaign
 * has room for (`fit`), then as many as the server has room for (`granted`); these are counted in all windows.
 */
function limitsSql(server: string, organization: string, { borrowed, domains, paced }: Parts): SQL {
  const at = sql`(select at from moment)`;
  const granted = { kind: "campaign" as const, n: sql`(select count(*)::int from granted)` };
  return sql`
  windows as materialized (${windowsSql(server, at, borrowed ? organization : undefined)}),
  ${only(
    domains,
    sql`
  of_domains as materialized (${domainWindowsSql(server, sql`held`, at, "campaign")}),
  rooms as materialized (${domainRoomsSql(sql`of_domains`)}),`,
  )}
  allowed as materialized (
    select j.*, ${domains ? sql`r.room, r.ends, row_number() over (partition by j.domain order by j.i) as nth` : sql`null::int as room, null::timestamptz as ends, null::int as nth`}
      from judged j ${only(domains, sql`left join rooms r on r.domain = j.domain`)}
     where j.reason is null and j.fault is null and j.until is null
  ),
  ${only(paced, sql`paces as materialized (select c.id as campaign, p.* from campaigns c cross join lateral (${paceSql(sql`c`, at)}) p where c.id in (select campaign from held)),`)}
  paced as materialized (
    select a.*, ${paced ? sql`p.room as pace, row_number() over (partition by a.campaign order by a.i) as mine` : sql`null::int as pace, null::int as mine`}
      from allowed a ${only(paced, sql`join paces p on p.campaign = a.campaign`)} where a.room is null or a.nth <= a.room
  ),
  fit as materialized (select p.*, row_number() over (order by p.i) as n from paced p where p.pace is null or p.mine <= p.pace),
  granted as materialized (select * from fit where n <= coalesce((select min(room_campaign) from windows), 2147483647)),
  ${only(domains, sql`charged_domains as (${chargeDomainsSql(server, sql`granted`, sql`of_domains`)}),`)}
  ${only(paced, sql`charged_paces as (${chargePacesSql(sql`granted`, sql`paces`)}),`)}
  ${only(borrowed, sql`charged_share as (${chargeShareSql({ server, organization, windows: sql`windows`, ...granted })}),`)}
  charged as (${chargeSql(server, sql`windows`, granted)})`;
}

const only = (there: boolean, part: SQL): SQL => (there ? part : sql``);
