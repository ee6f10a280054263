import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { type BrakeFigures, brakeFiguresSql, complainedSql } from "../campaigns/brake-figures.ts";
import { pauseCampaign } from "../campaigns/pause-by-machine.ts";
import { tellStaff } from "../notices/tell-staff.ts";
import type { Services } from "../services.ts";

/** Dead addresses, as a share of those attempted (compliance.md CB-05). */
const DEAD = 0.03;
/** The first of a campaign that are watched: judged as if all of them had been attempted, and not by the first few alone. */
const CANARY = { share: 0.02, atLeast: 100 };
/** Complaints, as a share of those accepted (CB-03; Gmail and Yahoo ask for less than 0.10 %). Fewer people than this are no rate. */
const COMPLAINTS = { warn: 0.001, stop: 0.002, atLeast: 3 };

type Row = {
  id: string;
  organization: string;
  name: string;
  sendable: string;
  figures: BrakeFigures;
  base: BrakeFigures | null;
};

const rowsSql = (which: ReturnType<typeof sql>) => sql`
  select c.id, c.organization, c.name, c.size - (select coalesce(sum(n), 0) from campaign_counts k where k.campaign = c.id and k.state = 'excluded') as sendable,
         ${brakeFiguresSql(sql`c.id`)} as figures, c.brake_base as base
    from campaigns c where ${which}`;

/**
 * Stops a campaign of which too many addresses are dead: that audience was not collected as it says, and each of them costs the sender's reputation.
 * Asked whenever an address turns out dead, and every few seconds.
 * @param o.more dead ones whose outcome is still on its way into its row
 */
export async function brake(db: Db, o: { campaign: string; more?: number }): Promise<void> {
  const { rows } = await db.execute<Row>(rowsSql(sql`c.id = ${o.campaign}::uuid and c.state = 'sending'`));
  for (const row of rows)
    if (tooManyDead(row, o.more ?? 0)) await pauseCampaign(db, { campaign: row.id, reason: "bounces" });
}

function tooManyDead({ figures, base, sendable }: Row, more: number): boolean {
  const dead = figures.dead + more - (base?.dead ?? 0);
  const attempted = figures.attempted + more - (base?.attempted ?? 0);
  const canary = Math.max(CANARY.atLeast, Math.ceil(Number(sendable) * CANARY.share));
  return dead > DEAD * Math.max(canary, attempted);
}

/**
 * The brakes of all campaigns: dead addresses of those under way; complaints also of those that ended this week. At 0.10 % staff are told, at 0.20 % a campaign that
 * is under way stops. The rate is that of all who got it, or of one recipient domain: a mailbox provider looks at its own alone.
 */
export async function brakes(s: Services): Promise<void> {
  const recent = sql`c.state in ('sending', 'paused') or (c.state = 'ended' and c.ended_at > (select app_now()) - interval '7 days')`;
  const { rows } = await s.db.execute<Row & { state: string }>(rowsSql(sql`c.launched_at is not null and (${recent})`));
  for (const row of rows) {
    if (tooManyDead(row, 0)) await pauseCampaign(s.db, { campaign: row.id, reason: "bounces" });
    const rate = await complaintRate(s.db, row);
    if (rate >= COMPLAINTS.stop) await pauseCampaign(s.db, { campaign: row.id, reason: "complaints" });
    if (rate >= COMPLAINTS.warn) await warn(s, row, rate);
  }
}

/** The highest complaint rate of a campaign, over all or over one domain; 0 while so few complained that it is no rate. */
export async function complaintRate(db: Db, row: Pick<Row, "id" | "figures" | "base">): Promise<number> {
  const complaints = row.figures.complaints - (row.base?.complaints ?? 0);
  if (complaints < COMPLAINTS.atLeast) return 0;
  const rate = complaints / Math.max(1, row.figures.accepted - (row.base?.accepted ?? 0));
  if (rate >= COMPLAINTS.stop) return rate;
  // "Index Scan using server_log_of_campaign": all lines of the campaign, only while somebody has complained.
  const { rows } = await db.execute<{ rate: string }>(sql`
    with complained as materialized (
      select split_part(p.address_key, '@', 2) as domain, count(*) as n
        from (${complainedSql(sql`${row.id}::uuid`)}) x join contacts p on p.id = x.contact group by 1 having count(*) >= ${COMPLAINTS.atLeast})
    select max(c.n::float / l.accepted) as rate
      from complained c
      join (select domain, count(*) as accepted from server_log where campaign = ${row.id}::uuid and outcome = 'accepted' and domain in (select domain from complained) group by 1) l
        on l.domain = c.domain`);
  return Math.max(rate, row.base ? 0 : Number(rows[0]?.rate ?? 0));
}

function warn(s: Services, row: Row, rate: number): Promise<boolean> {
  return tellStaff(s, {
    ...{ organization: row.organization, kind: "complaints_rise", object: row.id, key: `complaints_rise:${row.id}` },
    ...{ path: `/campaigns/${row.id}`, facts: { name: row.name, n: row.figures.complaints, rate } },
  });
}
