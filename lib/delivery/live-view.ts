import { eq } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { findCampaign } from "../campaigns/find.ts";
import { type Plan, planOf } from "../campaigns/plan.ts";
import type { Progress } from "../campaigns/types.ts";
import { NotFound } from "../errors.ts";
import { usedWindows } from "../servers/find.ts";
import type { Server, Used } from "../servers/types.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { progress } from "./progress.ts";

export type LiveView = {
  progress: Progress;
  plan: Plan;
  /** The first of its servers. */
  server: Pick<
    Server,
    "id" | "kind" | "name" | "pausedAt" | "pausedReason" | "retryAt" | "perDay" | "perHour" | "reserve"
  > & { used: { hour: Used; day: Used } };
  /** Messages a minute, over the last five. */
  rate: number;
};

/**
 * Everything that the page of a campaign under way shows, to be asked every few seconds.
 * @throws NotFound for a campaign that was not launched
 */
export async function liveView(s: Services, o: { who: Who; campaign: string }): Promise<LiveView> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  if (!campaign.server) throw new NotFound("campaign");
  // Also one that was removed since.
  const [server] = await s.db.select().from(servers).where(eq(servers.id, campaign.server));
  if (!server) throw new NotFound("server");
  const figures = await progress(s.db, o);
  const { id, kind, name, pausedAt, pausedReason, retryAt, perDay, perHour, reserve } = server;
  return {
    progress: figures,
    rate: Math.round(figures.lately / 5),
    plan: await planOf(s, { campaign, remaining: figures.toDo }),
    server: {
      ...{ id, kind, name, pausedAt, pausedReason, retryAt, perDay, perHour, reserve },
      used: await usedWindows(s.db, server.id),
    },
  };
}
