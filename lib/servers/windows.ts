import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";

export type MailKind = "campaign" | "system";

/**
 * Puts the reservations of a server in line until the transaction ends. Asked for in a statement of its own: the next one then sees what the holder
 * before us committed, so that reading the windows and adding to them in one statement is exact with any number of workers.
 */
export function serverLock(server: SQL | string): SQL {
  return sql`select pg_advisory_xact_lock(hashtextextended(${server}::text, 9))`;
}

/**
 * The windows of a server at an instant, as SQL with columns (unit, begins, ends, most, campaign, system, room_campaign, room_system).
 * A campaign may use limit − max(0, reserve − system mail of this window), less what is used; system mail the whole limit, less what is used (design: §5).
 * The day is the calendar day of the server's zone: 23 or 25 hours where the clocks change.
 * @param moment SQL of a timestamptz, evaluated once by the caller
 */
export function windowsSql(server: SQL | string, moment: SQL): SQL {
  return sql`
    select u.unit, u.begins, u.ends, u.most, coalesce(w.campaign, 0) as campaign, coalesce(w.system, 0) as system,
           u.most - greatest(0, u.kept - coalesce(w.system, 0)) - coalesce(w.system, 0) - coalesce(w.campaign, 0) as room_campaign,
           u.most - coalesce(w.system, 0) - coalesce(w.campaign, 0) as room_system
      from servers s
      cross join lateral (select ${moment} as at) m
      cross join lateral (values
        ('second', date_trunc('second', m.at), date_trunc('second', m.at) + interval '1 second', s.per_second, 0),
        ('minute', date_trunc('minute', m.at), date_trunc('minute', m.at) + interval '1 minute', s.per_minute, 0),
        ('hour', date_trunc('hour', m.at), date_trunc('hour', m.at) + interval '1 hour', s.per_hour, s.reserve),
        ('day', date_trunc('day', m.at, s.zone), (date_trunc('day', m.at at time zone s.zone) + interval '1 day') at time zone s.zone, s.per_day, s.reserve)
      ) u(unit, begins, ends, most, kept)
      left join server_windows w on w.server = s.id and w.unit = u.unit and w.begins = u.begins
     where s.id = ${server}::uuid`;
}

/**
 * Adds `n` (SQL of an integer) to every window of `windows` (name of a CTE made with windowsSql) that has a limit, and to the hour and the day that pages show.
 */
export function chargeSql(server: SQL | string, windows: SQL, o: { kind: MailKind; n: SQL }): SQL {
  const [campaign, system] = o.kind === "campaign" ? [o.n, sql`0`] : [sql`0`, o.n];
  return sql`
    insert into server_windows as w (server, unit, begins, campaign, system)
    select ${server}::uuid, r.unit, r.begins, ${campaign}, ${system} from ${windows} r
     where (r.most is not null or r.unit in ('hour', 'day')) and ${o.n} > 0
    on conflict (server, unit, begins) do update set campaign = w.campaign + excluded.campaign, system = w.system + excluded.system`;
}

/** What a reservation got: `n` may leave now; when it is less than asked, `waitMs` until the fullest window ends. `at`: to give back with. */
export type Reserved = { n: number; waitMs: number; at: Date };

/** Reserves up to `n` messages in all windows of a server at once. Call it in the transaction that moves them to `sending`. */
export async function reserve(db: Db, o: { server: string; kind: MailKind; n: number }): Promise<Reserved> {
  await db.execute(serverLock(o.server));
  const room = o.kind === "campaign" ? sql`room_campaign` : sql`room_system`;
  const { rows } = await db.execute<{ n: number; wait: string | null; at: Date }>(sql`
    with moment as materialized (select app_now() as at),
    windows as materialized (${windowsSql(o.server, sql`(select at from moment)`)}),
    granted as materialized (select greatest(0, least(${o.n}::int, min(${room}))) as n from windows),
    charged as (${chargeSql(o.server, sql`windows`, { kind: o.kind, n: sql`(select n from granted)` })})
    select g.n, (select extract(epoch from max(ends) - m.at) * 1000 from windows where ${room} - g.n <= 0) as wait, m.at from granted g, moment m`);
  const row = rows[0];
  return { n: Number(row?.n ?? 0), waitMs: Math.ceil(Number(row?.wait ?? 0)), at: new Date(row?.at ?? 0) };
}

/** Gives back what was reserved at `at`: only where the connection failed before MAIL FROM (design: §5, counting rules). */
export async function giveBack(db: Db, o: { server: string; kind: MailKind; n: number; at: Date }): Promise<void> {
  const column = o.kind === "campaign" ? sql`campaign` : sql`system`;
  await db.execute(sql`
    update server_windows w set ${column} = greatest(0, w.${column} - ${o.n})
      from (${windowsSql(o.server, sql`${o.at.toISOString()}::timestamptz`)}) r
     where w.server = ${o.server}::uuid and w.unit = r.unit and w.begins = r.begins`);
}

/** Forgets windows that are over: seconds and minutes after an hour, hours after a month, days after two years. */
export async function forgetWindows(db: Db): Promise<void> {
  await db.execute(sql`
    delete from server_windows where begins < (select app_now()) - (case unit when 'day' then interval '2 years' when 'hour' then interval '31 days' else interval '1 hour' end)`);
}
