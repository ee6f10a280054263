import { sql } from "drizzle-orm";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { brakeFiguresSql } from "./brake-figures.ts";
import { moveCampaign } from "./move.ts";

/**
 * paused -> sending. One that a restore stopped never starts again: copy it.
 * @throws CAMPAIGN_NOT_PAUSED · NotFound
 */
export async function resume(s: Services, o: { who: Who; campaign: string }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  const { who, campaign } = o;
  await moveCampaign(s, {
    ...{ who, campaign, from: ["paused"], action: "campaign.resumed" },
    refused: () => new DomainError("CAMPAIGN_NOT_PAUSED"),
    change: (_, { id, pausedBy }) => ({
      ...{ state: "sending", pausedAt: null, pausedBy: null, pausedReason: null },
      // Who resumes what a brake has stopped has seen why: it counts on from here.
      ...(pausedBy === null ? { brakeBase: brakeFiguresSql(sql`${id}::uuid`) } : {}),
    }),
  });
}
