import { eq, sql } from "drizzle-orm";
import { campaignReports } from "../../db/schema/campaigns.ts";
import { type Campaign, findCampaign } from "../campaigns/find.ts";
import { appNow } from "../clock.ts";
import { progress } from "../delivery/progress.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { countReport, reportBody } from "./count-report.ts";
import type { CampaignReport, ReportBody } from "./report-types.ts";

/** A campaign of this size is counted while the reader waits (below 50 ms); a bigger one by the worker. */
const SMALL = 5000;

/**
 * What became of a campaign: states and reasons as they are now, the rest as it was counted last.
 * @returns `counted` null: a big campaign that the worker has not counted yet; it does so within a minute
 * @throws NotFound
 */
export async function campaignReport(s: Services, o: { who: Who; campaign: string }): Promise<CampaignReport> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  const { id, name, state, launchedAt, endedAt } = campaign;
  return {
    campaign: { id, name, state, launchedAt, endedAt },
    progress: await progress(s.db, { campaign: id }),
    counted: await counted(s, campaign),
  };
}

async function counted(s: Services, { id, size, state }: Campaign): Promise<CampaignReport["counted"]> {
  if (size <= SMALL && state !== "draft")
    return { at: await appNow(s.db), ...(await reportBody(s.db, { campaign: id })) };
  const [kept] = await s.db.select().from(campaignReports).where(eq(campaignReports.campaign, id));
  return kept ? { at: kept.at, ...(kept.body as ReportBody) } : null;
}

/**
 * Counts the reports of campaigns that are under way or ended within the last eight days (people leave for days after), at most every minute, a big one less often.
 * Run every minute by each worker: the count itself is taken by one of them.
 */
export async function countReports(s: Services): Promise<void> {
  const { rows } = await s.db.execute<{ id: string }>(sql`
    select c.id from campaigns c left join campaign_reports r on r.campaign = c.id
     where c.state in ('sending', 'paused', 'ended', 'cancelled', 'stopped') and c.launched_at is not null
       and (c.ended_at is null or coalesce(r.at, c.ended_at) < c.ended_at + interval '8 days')
       and coalesce(r.at < (select app_now()) - greatest(1, c.size / 100000) * interval '1 minute', true)
     order by r.at nulls first limit 20`);
  for (const { id } of rows) await countReport(s, { campaign: id });
}
