import { and, eq } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaignVersions } from "../../db/schema/campaigns.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";
import { type Keeping, keptLines } from "./kept-versions.ts";
import type { Draft } from "./types.ts";

/** What a kept version holds of a draft: the texts. Name, lists and the address for replies are the campaign's own. */
export type KeptTexts = Pick<Draft, "subject" | "preheader" | "fromName" | "mjml" | "text">;

export type KeptVersion = {
  version: number;
  texts: KeptTexts;
  kept: Keeping[];
  /** The campaign says just this now. */
  current: boolean;
};

/** One kept version, whole. @throws NotFound (campaign, version) */
export async function keptVersion(
  s: Services,
  o: { who: Who; campaign: string; version: number },
): Promise<KeptVersion> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  const texts = await keptTexts(s.db, { campaign: campaign.id, version: o.version });
  const [line] = await keptLines(s, { campaign: campaign.id, only: o.version, most: 1 });
  const parts = Object.keys(texts) as (keyof KeptTexts)[];
  return {
    ...{ version: o.version, texts, kept: line?.kept ?? [] },
    current: parts.every((part) => campaign[part] === texts[part]),
  };
}

/** The texts alone, of a campaign that was found. Kept twice, for a test and for the launch, they are the same. @throws NotFound */
export async function keptTexts(db: Db, o: { campaign: string; version: number }): Promise<KeptTexts> {
  const { subject, preheader, fromName, mjml, text } = campaignVersions;
  const [row] = await db
    .select({ subject, preheader, fromName, mjml, text })
    .from(campaignVersions)
    .where(and(eq(campaignVersions.campaign, o.campaign), eq(campaignVersions.version, o.version)))
    .limit(1);
  if (!row) throw new NotFound("version");
  return row;
}
