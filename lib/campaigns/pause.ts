import { eq } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";

/**
 * sending -> paused, with the reason and who. What is with the server at this moment still ends; nothing new begins.
 * @throws CAMPAIGN_NOT_SENDING · NotFound
 */
export async function pause(s: Services, o: { who: Who; campaign: string; reason: string }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  await inTransaction(s, async (s) => {
    const { db } = s;
    const { id, state } = await findCampaign(db, {
      organization: o.who.organization,
      campaign: o.campaign,
      lock: true,
    });
    if (state !== "sending") throw new DomainError("CAMPAIGN_NOT_SENDING");
    await db
      .update(campaigns)
      .set({ state: "paused", pausedAt: await appNow(db), pausedBy: o.who.user, pausedReason: o.reason.trim() || null })
      .where(eq(campaigns.id, id));
    await audit(s, { organization: o.who.organization, user: o.who.user, action: "campaign.paused", object: id });
  });
}
