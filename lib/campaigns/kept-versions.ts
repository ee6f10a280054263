import { sql } from "drizzle-orm";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";

/** For what a version was kept, when, and by whom (null: she is no user any more). */
export type Keeping = { keptFor: "test" | "launch"; at: Date; by: string | null };
export type KeptVersionLine = { version: number; subject: string; kept: Keeping[] };

export const VERSIONS_A_PAGE = 50;

/**
 * The versions of a campaign that were kept at a test send or at the launch, newest first.
 * @param before the last version of the page before
 * @returns one more than a page holds, where there are more
 * @throws NotFound
 */
export async function keptVersions(
  s: Services,
  o: { who: Who; campaign: string; before?: number },
): Promise<KeptVersionLine[]> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  return keptLines(s, { campaign: campaign.id, most: VERSIONS_A_PAGE + 1, ...(o.before ? { before: o.before } : {}) });
}

/** Backward along the primary key (campaign, version, kept_for), grouped as it is read: it stops after `most` versions. */
export async function keptLines(
  s: Services,
  o: { campaign: string; most: number; before?: number; only?: number },
): Promise<KeptVersionLine[]> {
  const { rows } = await s.db.execute<{ version: number; subject: string; kept: Record<string, string>[] }>(sql`
    select v.version, min(v.subject) as subject,
           json_agg(json_build_object('for', v.kept_for, 'at', v.kept_at, 'by', u.name) order by v.kept_at) as kept
      from campaign_versions v left join users u on u.id = v.kept_by
     where v.campaign = ${o.campaign}::uuid
       ${o.before === undefined ? sql`` : sql`and v.version < ${o.before}`}
       ${o.only === undefined ? sql`` : sql`and v.version = ${o.only}`}
     group by v.version order by v.version desc limit ${o.most}`);
  return rows.map(({ version, subject, kept }) => ({ version, subject, kept: kept.map(keepingOf) }));
}

function keepingOf(one: Record<string, string>): Keeping {
  return { keptFor: one.for as Keeping["keptFor"], at: new Date(one.at ?? ""), by: one.by ?? null };
}
