import { and, eq, inArray } from "drizzle-orm";
import { campaignServers, campaigns } from "../../db/schema/campaigns.ts";
import { servers } from "../../db/schema/servers.ts";
import { audit } from "../audit/log.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";

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
  await inTransaction(s, async (s) => {
    const { db } = s;
    const { id, state } = await findCampaign(db, {
      organization: o.who.organization,
      campaign: o.campaign,
      lock: true,
    });
    if (state !== "scheduled") throw new DomainError("CAMPAIGN_NOT_SCHEDULED");
    await db
      .update(campaigns)
      .set({ ...THAWED, state: "draft" })
      .where(eq(campaigns.id, id));
    // Who carries it is asked anew: until it goes live, an organization's mail is the sandbox's.
    const sandbox = db.select({ id: servers.id }).from(servers).where(eq(servers.kind, "sandbox"));
    await db
      .delete(campaignServers)
      .where(and(eq(campaignServers.campaign, id), inArray(campaignServers.server, sandbox)));
    await audit(s, { organization: o.who.organization, user: o.who.user, action: "campaign.unscheduled", object: id });
  });
}
