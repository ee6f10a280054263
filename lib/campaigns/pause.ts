import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { moveCampaign } from "./move.ts";

/**
 * sending -> paused, with the reason and who. What is with the server at this moment still ends; nothing new begins.
 * @throws CAMPAIGN_NOT_SENDING · NotFound
 */
export async function pause(s: Services, o: { who: Who; campaign: string; reason: string }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  const { who, campaign } = o;
  await moveCampaign(s, {
    ...{ who, campaign, from: ["sending"], action: "campaign.paused" },
    refused: () => new DomainError("CAMPAIGN_NOT_SENDING"),
    change: async ({ db }) => ({
      ...{ state: "paused", pausedAt: await appNow(db), pausedBy: who.user, pausedReason: o.reason.trim() || null },
    }),
  });
}
