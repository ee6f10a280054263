import { type SQL, sql } from "drizzle-orm";

/**
 * The windows of recipient domains that a server has a limit for (`domain_limits`: the domain's own entry, else that of `*`), as SQL with columns
 * (domain, unit, begins, ends, room). Minutes and hours of the clock (UTC), the calendar day of the server's zone; none in their last moments, as `windowsSql`.
 * For system mail a tenth at most is kept of them: a reserve of the whole server would leave a small domain nothing.
 * @param wanted name of a CTE with a column domain (A-labels, lower case; empty: nobody's)
 */
export function domainWindowsSql(server: SQL | string, wanted: SQL, moment: SQL, kind: "campaign" | "system"): SQL {
  const kept = kind === "campaign" ? sql`least(s.reserve, u.most / 10)` : sql`0`;
  return sql`
    select d.domain, u.unit, u.begins, u.ends,
           case when u.shut then 0 else greatest(0, u.most - ${kept} - coalesce(w.n, 0)) end as room
      from servers s
      join (select distinct domain from ${wanted}) d on s.domain_limits <> '[]' and d.domain <> ''
      cross join lateral (
        select e.* from jsonb_to_recordset(s.domain_limits) as e(domain text, "perMinute" int, "perHour" int, "perDay" int)
         where e.domain in (d.domain, '*') order by e.domain = '*' limit 1) l
      cross join lateral (${unitsSql(moment)}) u
      left join server_domain_windows w on w.server = s.id and w.domain = d.domain and w.unit = u.unit and w.begins = u.begins
     where s.id = ${server}::uuid and u.most is not null`;
}

/** The windows of an entry `l` on a server `s`. */
function unitsSql(moment: SQL): SQL {
  return sql`
    select v.*, m.at + (case v.unit when 'minute' then interval '0.5 seconds' else interval '2 seconds' end) >= v.ends as shut
      from (select ${moment} as at offset 0) m
      cross join lateral (values
        ('minute', date_trunc('minute', m.at), date_trunc('minute', m.at) + interval '1 minute', l."perMinute"),
        ('hour', date_trunc('hour', m.at, 'UTC'), date_trunc('hour', m.at, 'UTC') + interval '1 hour', l."perHour"),
        ('day', date_trunc('day', m.at, s.zone), (date_trunc('day', m.at at time zone s.zone) + interval '1 day') at time zone s.zone, l."perDay")
      ) v(unit, begins, ends, most)`;
}

/** The smallest room of each domain, and when that window ends: columns (domain, room, ends). @param windows name of a CTE made with domainWindowsSql */
export function domainRoomsSql(windows: SQL): SQL {
  return sql`select domain, min(room) as room, (array_agg(ends order by room, ends desc))[1] as ends from ${windows} group by domain`;
}

/** Counts the rows of `granted` (name of a CTE with a column domain) in the windows of their domains. */
export function chargeDomainsSql(server: SQL | string, granted: SQL, windows: SQL): SQL {
  return sql`
    insert into server_domain_windows as w (server, domain, unit, begins, n)
    select ${server}::uuid, d.domain, d.unit, d.begins, count(*) from ${granted} g join ${windows} d on d.domain = g.domain group by d.domain, d.unit, d.begins
    on conflict (server, domain, unit, begins) do update set n = w.n + excluded.n`;
}

/** Takes one message that was counted at `at` out of its domain's windows. @param after name of a CTE that is read first */
export function giveBackDomainSql(server: string, domain: string, at: SQL, after: SQL): SQL {
  return sql`
    update server_domain_windows w set n = greatest(0, w.n - 1)
      from ${after}, (${domainWindowsSql(server, sql`(select ${domain}::text as domain) one`, at, "system")}) d
     where w.server = ${server}::uuid and w.domain = d.domain and w.unit = d.unit and w.begins = d.begins`;
}
