import { findCampaign } from "../campaigns/find.ts";
import { type Plan, planOf } from "../campaigns/plan.ts";
import { routesOf } from "../campaigns/routes.ts";
import type { Progress } from "../campaigns/types.ts";
import { NotFound } from "../errors.ts";
import { viewOf } from "../servers/find.ts";
import type { ServerView } from "../servers/types.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { progress } from "./progress.ts";

export type LiveView = {
  progress: Progress;
  plan: Plan;
  /** Those that carry it, the first one first; also one that was removed since. */
  servers: ServerView[];
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
  const routes = await routesOf(s, campaign);
  const figures = await progress(s.db, o);
  return {
    progress: figures,
    rate: Math.round(figures.lately / 5),
    plan: await planOf(s, { campaign, remaining: figures.toDo }),
    servers: await Promise.all(routes.map((route) => viewOf(s.db, route))),
  };
}
