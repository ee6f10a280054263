import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { brakeFiguresSql } from "./brake-figures.ts";
import { findCampaign } from "./find.ts";

/**
 * paused -> sending. One that a restore stopped never starts again: copy it.
 * @throws CAMPAIGN_NOT_PAUSED · NotFound
 */
export async function resume(s: Services, o: { who: Who; campaign: string }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  await inTransaction(s, async (s) => {
    const { db } = s;
    const { id, state, pausedBy } = await findCampaign(db, {
      organization: o.who.organization,
      campaign: o.campaign,
      lock: true,
    });
    if (state !== "paused") throw new DomainError("CAMPAIGN_NOT_PAUSED");
    await db
      .update(campaigns)
      .set({
        ...{ state: "sending", pausedAt: null, pausedBy: null, pausedReason: null },
        // Who resumes what a brake has stopped has seen why: it counts on from here.
        ...(pausedBy === null ? { brakeBase: brakeFiguresSql(sql`${id}::uuid`) } : {}),
      })
      .where(eq(campaigns.id, id));
    await audit(s, { organization: o.who.organization, user: o.who.user, action: "campaign.resumed", object: id });
  });
}
