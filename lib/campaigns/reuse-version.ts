import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";
import { keptTexts } from "./kept-version.ts";
import { saveDraft } from "./save.ts";
import type { Saved } from "./types.ts";

/**
 * Puts the texts of a kept version into the draft, as a save like any other: it gets the next number, and nothing kept is changed.
 * @param from the version of the draft that the person saw when she pressed
 * @throws CampaignChanged when somebody saved meanwhile (B95) · CAMPAIGN_NOT_DRAFT · NotFound (campaign, version)
 */
export async function reuseVersion(
  s: Services,
  o: { who: Who; campaign: string; version: number; from: number },
): Promise<Saved> {
  requireRight(o.who, "campaigns.write");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  const change = await keptTexts(s.db, { campaign: campaign.id, version: o.version });
  return saveDraft(s, { who: o.who, campaign: campaign.id, version: o.from, change });
}
