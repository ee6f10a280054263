import { eq } from "drizzle-orm";
import { campaignServers, campaigns } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import { DomainError, NotFound } from "../errors.ts";
import { liveRoutes } from "../servers/lent.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";
import { chosenFor, senderOf } from "./routes.ts";
import type { Split } from "./types.ts";

/** A server that a campaign may use, and the part it has now; `weight` null: not chosen. */
export type RouteChoice = {
  id: string;
  name: string;
  address: string;
  /** It is another organization's, lent with a share of the day. */
  share: number | null;
  /** It stands still, or answers slowly: others would carry its part. */
  state: "paused" | "ailing" | "well";
  weight: number | null;
};

/** The organization's servers in production, for the page on which a campaign's are chosen; the one that goes unless another is chosen stands first. */
export async function serverChoices(
  s: Services,
  o: { who: Who; campaign: string },
): Promise<{ choices: RouteChoice[] /** From which address all of them send it. */; sender: string | null }> {
  requireRight(o.who, "campaigns.see");
  const { organization } = o.who;
  const campaign = await findCampaign(s.db, { organization, campaign: o.campaign });
  const chosen = await chosenFor(s, campaign.id);
  const live = await liveRoutes(s.db, organization);
  const some = live.some(({ server }) => chosen.has(server.id));
  const choices = live.map(({ server: { id, name, fromAddress, pausedAt, ailingSince }, loan }, i) => ({
    ...{ id, name, address: fromAddress, share: loan?.perDay ?? null },
    state: pausedAt ? ("paused" as const) : ailingSince ? ("ailing" as const) : ("well" as const),
    weight: chosen.get(id) ?? (!some && i === 0 ? 1 : null),
  }));
  return { choices, sender: await senderOf(s, campaign) };
}

/**
 * Chooses which servers carry a campaign, and how they share it; also once it is under way: its sender stays that of the server it began with.
 * @throws CHOOSE_SERVER (none) · CAMPAIGN_OVER · CAMPAIGN_SIMULATED (the sandbox carries it) · SERVER_WEIGHT · NotFound, also for a server that is not in production
 */
export async function chooseServers(
  s: Services,
  o: { who: Who; campaign: string; split: Split; servers: { server: string; weight: number }[] },
): Promise<void> {
  requireRight(o.who, "campaigns.write");
  const { organization, user } = o.who;
  if (o.servers.length === 0) throw new DomainError("CHOOSE_SERVER", { field: "servers" });
  for (const { weight } of o.servers)
    if (!Number.isInteger(weight) || weight < 1 || weight > 100) throw new DomainError("SERVER_WEIGHT");
  await inTransaction(s, async (tx) => {
    const campaign = await findCampaign(tx.db, { organization, campaign: o.campaign, lock: true });
    if (!["draft", "scheduled", "sending", "paused"].includes(campaign.state)) throw new DomainError("CAMPAIGN_OVER");
    if (campaign.simulated) throw new DomainError("CAMPAIGN_SIMULATED");
    const live = new Set((await liveRoutes(tx.db, organization)).map(({ server }) => server.id));
    if (o.servers.some(({ server }) => !live.has(server))) throw new NotFound("server");
    await tx.db.delete(campaignServers).where(eq(campaignServers.campaign, campaign.id));
    await tx.db.insert(campaignServers).values(o.servers.map((one) => ({ ...one, campaign: campaign.id })));
    await tx.db.update(campaigns).set({ split: o.split }).where(eq(campaigns.id, campaign.id));
    if (campaign.state === "draft") return;
    const facts = {
      split: o.split,
      servers: o.servers.map(({ server, weight }) => `${server} × ${weight}`).join(", "),
    };
    await audit(tx, { organization, user, action: "campaign.servers_changed", object: campaign.id, facts });
  });
}
