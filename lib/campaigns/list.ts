import { sql } from "drizzle-orm";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import type { CampaignState } from "./types.ts";

export type CampaignRow = {
  id: string;
  name: string;
  subject: string;
  state: CampaignState;
  savedAt: Date;
  scheduledAt: Date | null;
  launchedAt: Date | null;
  endedAt: Date | null;
  simulated: boolean | null;
  /** Rows of the snapshot without those who are not sent to: what `done` is measured against. */
  total: number;
  done: number;
  lists: string[];
};

const PAGE = 25;

/**
 * Campaigns of the caller's organization, newest first.
 * @param before the last id of the page before · @param state only these
 */
export async function listCampaigns(
  s: Services,
  o: { who: Who; before?: string; state?: CampaignState; limit?: number },
): Promise<{ rows: CampaignRow[]; next?: string }> {
  requireRight(o.who, "campaigns.see");
  const limit = o.limit ?? PAGE;
  const { rows } = await s.db.execute<Record<string, never>>(sql`
    with page as (
      select * from campaigns
       where organization = ${o.who.organization}
         ${o.before ? sql`and id < ${o.before}::uuid` : sql``} ${o.state ? sql`and state = ${o.state}` : sql``}
       order by id desc limit ${limit + 1})
    select p.id, p.name, p.subject, p.state, p.simulated, p.saved_at, p.scheduled_at, p.launched_at, p.ended_at, d.total, d.done,
           array(select l.name from campaign_lists cl join lists l on l.id = cl.list where cl.campaign = p.id order by l.name) as lists
      from page p
      cross join lateral (
        select coalesce(sum(n) filter (where state not in ('excluded', 'cancelled')), 0) as total,
               coalesce(sum(n) filter (where state = 'accepted'), 0) as done
          from campaign_counts where campaign = p.id) d
     order by p.id desc`);
  const shown = rows.slice(0, limit).map(asRow);
  const last = shown.at(-1);
  return { rows: shown, ...(rows.length > limit && last ? { next: last.id } : {}) };
}

function asRow(row: Record<string, unknown>): CampaignRow {
  const at = (value: unknown) => (value === null ? null : new Date(value as string));
  return {
    ...(row as Pick<CampaignRow, "id" | "name" | "subject" | "state" | "simulated" | "lists">),
    ...{ total: Number(row.total), done: Number(row.done), savedAt: new Date(row.saved_at as string) },
    ...{ scheduledAt: at(row.scheduled_at), launchedAt: at(row.launched_at), endedAt: at(row.ended_at) },
  };
}
