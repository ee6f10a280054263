import { type SQL, sql } from "drizzle-orm";
import { openSql, settle } from "../servers/hours.ts";

/** Guards the pace of a campaign that several servers carry: taken after a server's lock, in the order of the ids. */
export const paceLock = (campaign: SQL): SQL => sql`pg_advisory_xact_lock(hashtextextended(${campaign}::text, 9))`;

/**
 * What the campaign's own pace and hours leave of this hour, as SQL with columns (counted, hour, room); room null: no limit of its own. Weekdays and hours are
 * those of its first server's zone; what the servers do not allow stays forbidden. Its hour is counted beside those of servers, under its own id.
 * @param c alias of a row of campaigns · `moment` SQL of a timestamptz
 */
export function paceSql(c: SQL, moment: SQL): SQL {
  return sql`
    select ${c}.per_hour is not null as counted, m.hour,
           case when not ${openSql({ row: c, holidays: sql`false`, zone: sql`z.zone`, at: sql`m.at` })} then 0
                when ${c}.per_hour is not null and m.at + ${settle} >= m.hour + interval '1 hour' then 0
                when ${c}.per_hour is not null then greatest(0, ${c}.per_hour - coalesce(w.campaign, 0)) end as room
      from (select i.at, date_trunc('hour', i.at, 'UTC') as hour from (select ${moment} as at offset 0) i) m
      left join servers z on z.id = ${c}.server
      left join server_windows w on ${c}.per_hour is not null and w.server = ${c}.id and w.unit = 'hour' and w.begins = m.hour`;
}

/** SQL: the campaign has neither a pace nor hours of its own, so that `paceSql` would say room without a limit. */
export const unpacedSql = (c: SQL): SQL =>
  sql`(${c}.per_hour is null and coalesce(${c}.weekdays, 127) = 127 and coalesce(${c}.hour_from, 0) = 0 and coalesce(${c}.hour_to, 24) = 24)`;

/** Counts the rows of `granted` in the hours of campaigns that have a pace. @param paces name of a CTE with campaign and the columns of paceSql */
export function chargePacesSql(granted: SQL, paces: SQL): SQL {
  return sql`
    insert into server_windows as w (server, unit, begins, campaign)
    select p.campaign, 'hour', p.hour, count(*) from ${granted} g join ${paces} p on p.campaign = g.campaign where p.counted group by p.campaign, p.hour
    on conflict (server, unit, begins) do update set campaign = w.campaign + excluded.campaign`;
}
