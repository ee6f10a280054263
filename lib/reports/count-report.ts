import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaignReports } from "../../db/schema/campaigns.ts";
import { appNow } from "../clock.ts";
import { inTransaction, type Services } from "../services.ts";
import type { ReportBody, ReportDay, ReportDomain } from "./report-types.ts";

/** Domains that are named; the others are summed. */
const DOMAINS = 30;

/** Counts a campaign's report anew and keeps it. One process at a time counts one campaign; another that wants to leaves it. */
export function countReport(s: Services, o: { campaign: string }): Promise<void> {
  return inTransaction(s, async (tx) => {
    const { rows } = await tx.db.execute<{ ours: boolean }>(
      sql`select pg_try_advisory_xact_lock(6, hashtext(${o.campaign})) as ours`,
    );
    if (!rows[0]?.ours) return;
    const body = await reportBody(tx.db, o);
    const at = await appNow(tx.db);
    await tx.db
      .insert(campaignReports)
      .values({ campaign: o.campaign, at, body })
      .onConflictDoUpdate({ target: campaignReports.campaign, set: { at, body } });
  });
}

/** What is counted from the rows of a campaign; changes nothing. */
export async function reportBody(db: Db, { campaign }: { campaign: string }): Promise<ReportBody> {
  return { days: await days(db, campaign), domains: await domains(db, campaign), ...(await gone(db, campaign)) };
}

async function days(db: Db, campaign: string): Promise<ReportDay[]> {
  const { rows } = await db.execute<Record<keyof ReportDay, string>>(sql`
    select to_char(d.sent_at at time zone o.time_zone, 'YYYY-MM-DD') as day,
           count(*) filter (where d.state = 'accepted') as accepted, count(*) filter (where d.state = 'rejected') as rejected
      from deliveries d join campaigns c on c.id = d.campaign join organizations o on o.id = c.organization
     where d.campaign = ${campaign}::uuid and d.state in ('accepted', 'rejected') and d.sent_at is not null group by 1 order by 1`);
  return rows.map((row) => ({ day: row.day, accepted: Number(row.accepted), rejected: Number(row.rejected) }));
}

async function domains(db: Db, campaign: string): Promise<ReportDomain[]> {
  const { rows } = await db.execute<Record<keyof ReportDomain, string>>(sql`
    with by_domain as (
      select coalesce(split_part(c.address_key, '@', 2), '') as domain, count(*) as size,
             count(*) filter (where d.state = 'accepted') as accepted, count(*) filter (where d.state = 'rejected') as rejected,
             count(*) filter (where d.state = 'uncertain') as uncertain,
             count(*) filter (where d.state in ('pending', 'claimed', 'sending', 'deferred')) as todo
        from deliveries d left join contacts c on c.id = d.contact
       where d.campaign = ${campaign}::uuid and d.state <> 'excluded' group by 1
    ),
    ranked as (select *, row_number() over (order by size desc, domain) as n from by_domain)
    select case when n <= ${DOMAINS} and domain <> '' then domain else '*' end as domain, sum(size) as size, sum(accepted) as accepted,
           sum(rejected) as rejected, sum(uncertain) as uncertain, sum(todo) as "toDo", min(case when n <= ${DOMAINS} and domain <> '' then n else 999999 end) as place
      from ranked group by 1 order by place`);
  return rows.map((row) => ({
    domain: row.domain,
    size: Number(row.size),
    accepted: Number(row.accepted),
    rejected: Number(row.rejected),
    uncertain: Number(row.uncertain),
    toDo: Number(row.toDo),
  }));
}

/** Whoever received it and then left one of its lists within seven days, and whoever complained meanwhile: measured on those who received it. */
async function gone(db: Db, campaign: string): Promise<{ left: number; complained: number }> {
  const received = (contact: ReturnType<typeof sql>, at: ReturnType<typeof sql>) => sql`
    exists (select from deliveries d where d.campaign = c.id and d.contact = ${contact} and d.state = 'accepted' and ${at} between d.sent_at and d.sent_at + interval '7 days')`;
  const { rows } = await db.execute<{ left: string; complained: string }>(sql`
    select (select count(distinct b.contact) from bases b join campaign_lists l on l.list = b.list and l.campaign = c.id
             where b.ended_reason = 'withdrawn' and b.ended_at > c.launched_at and ${received(sql`b.contact`, sql`b.ended_at`)}) as left,
           (select count(distinct k.contact) from suppressions x join contact_keys k on k.organization = x.organization and k.key = x.key
             where x.organization = c.organization and x.reason = 'complaint' and x.from_at > c.launched_at and ${received(sql`k.contact`, sql`x.from_at`)}) as complained
      from campaigns c where c.id = ${campaign}::uuid`);
  return { left: Number(rows[0]?.left ?? 0), complained: Number(rows[0]?.complained ?? 0) };
}
