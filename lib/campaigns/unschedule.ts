import { and, eq, inArray } from "drizzle-orm";
import { campaignServers } from "../../db/schema/campaigns.ts";
import { servers } from "../../db/schema/servers.ts";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { moveCampaign } from "./move.ts";

/** What a launch froze; without it the campaign is a draft again. The time that it was to start stays what a person wrote. */
const THAWED = {
  ...{
    planned: null,
    orderSeed: null,
    snapshot: null,
    launchedAt: null,
    launchedBy: null,
    simulated: null,
    server: null,
  },
  ...{ mjmlSha: null, htmlSha: null, textSha: null, headSha: null },
};

/**
 * scheduled -> draft, as long as it has not begun.
 * @throws CAMPAIGN_NOT_SCHEDULED (it has begun meanwhile) · NotFound
 */
export async function unschedule(s: Services, o: { who: Who; campaign: string }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  const { who, campaign } = o;
  await moveCampaign(s, {
    ...{ who, campaign, from: ["scheduled"], action: "campaign.unscheduled" },
    refused: () => new DomainError("CAMPAIGN_NOT_SCHEDULED"),
    change: async ({ db }, { id }) => {
      // Who carries it is asked anew: until it goes live, an organization's mail is the sandbox's.
      const sandbox = db.select({ id: servers.id }).from(servers).where(eq(servers.kind, "sandbox"));
      await db
        .delete(campaignServers)
        .where(and(eq(campaignServers.campaign, id), inArray(campaignServers.server, sandbox)));
      return { ...THAWED, state: "draft" };
    },
  });
}
