import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { settle } from "./hours.ts";
import type { Used } from "./types.ts";
import type { MailKind } from "./windows.ts";

/** SQL: how many of a loan's share of today have left. The day is that of the server's zone. */
export function usedOfLoanSql(server: SQL, organization: SQL): SQL {
  return sql`coalesce((
    select w.n from server_loan_windows w join servers z on z.id = w.server
     where w.server = ${server} and w.organization = ${organization} and w.begins = date_trunc('day', (select app_now()), z.zone)), 0)`;
}

/** How many of a share are kept for a borrower's confirmations: a tenth (`shareSql`). */
export const shareReserve = (perDay: number): number => Math.floor(perDay / 10);

/** What of a loan's share of today has left. */
export async function usedOfLoan(db: Db, o: { server: string; organization: string }): Promise<Used> {
  const { rows } = await db.execute<{ campaign: number; system: number }>(sql`
    select w.n - w.system as campaign, w.system from server_loan_windows w join servers z on z.id = w.server
     where w.server = ${o.server}::uuid and w.organization = ${o.organization}::uuid and w.begins = date_trunc('day', (select app_now()), z.zone)`);
  return { campaign: Number(rows[0]?.campaign ?? 0), system: Number(rows[0]?.system ?? 0) };
}

/**
 * SQL: the share of a day that a borrower has of a server, as one more of its windows (`windowsSql`), unit `share`; no row for its own organization. A tenth of it is
 * kept for her confirmations. As in every other window of a day nothing leaves in its last two seconds: it would arrive in the next one.
 */
export function shareSql(server: SQL | string, organization: SQL | string, moment: SQL): SQL {
  return sql`
    select 'share' as unit, d.begins as bucket, false as charged, d.begins, d.ends, l.per_day as most, coalesce(w.n - w.system, 0) as campaign, coalesce(w.system, 0) as system,
           case when d.shut then 0 else l.per_day - greatest(0, l.per_day / 10 - coalesce(w.system, 0)) - coalesce(w.n, 0) end as room_campaign,
           case when d.shut then 0 else l.per_day - coalesce(w.n, 0) end as room_system
      from server_loans l
      join servers s on s.id = l.server and s.organization <> l.organization
      cross join lateral (select ${moment} as at offset 0) m
      cross join lateral (select date_trunc('day', m.at, s.zone) as begins, (date_trunc('day', m.at at time zone s.zone) + interval '1 day') at time zone s.zone as ends) e
      cross join lateral (select e.*, m.at + ${settle} >= e.ends as shut) d
      left join server_loan_windows w on w.server = l.server and w.organization = l.organization and w.begins = d.begins
     where l.server = ${server}::uuid and l.organization = ${organization}::uuid and l.ended_at is null`;
}

/** SQL: counts `n` in the share that stands among `windows`, where there is one. */
export function chargeShareSql(
  o: { server: SQL | string; organization?: SQL | string; windows: SQL } & { kind: MailKind; n: SQL },
): SQL {
  return sql`
    insert into server_loan_windows as w (server, organization, begins, n, system)
    select ${o.server}::uuid, ${o.organization ?? null}::uuid, r.begins, ${o.n}, ${o.kind === "system" ? o.n : sql`0`} from ${o.windows} r where r.unit = 'share' and ${o.n} > 0
    on conflict (server, organization, begins) do update set n = w.n + excluded.n, system = w.system + excluded.system`;
}

/** SQL: takes one message of an instant out of the share again. @param after name of a CTE that is read first */
export function giveBackShareSql(
  o: { server: string; organization?: string; kind: MailKind },
  moment: SQL,
  after: SQL,
): SQL {
  return sql`
    update server_loan_windows w set n = greatest(0, w.n - 1), system = greatest(0, w.system - ${o.kind === "system" ? 1 : 0})
      from ${after}, servers s where s.id = w.server and w.server = ${o.server}::uuid and w.organization = ${o.organization ?? null}::uuid and w.begins = date_trunc('day', ${moment}, s.zone)`;
}

/** SQL: this organization may send over this server: it is its own, or lent to it and in production there. */
export function mayUseSql(server: SQL | string, organization: SQL | string): SQL {
  return sql`(exists (select from servers s where s.id = ${server} and s.organization = ${organization})
    or exists (select from server_loans l where l.server = ${server} and l.organization = ${organization} and l.ended_at is null and l.live_at is not null))`;
}
