import { and, eq, isNull } from "drizzle-orm";
import { campaignServers } from "../../db/schema/campaigns.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { signingDomain } from "../servers/dkim-find.ts";
import { serverForCampaign } from "../servers/for-organization.ts";
import { asLent, liveRoutes, type Route } from "../servers/lent.ts";
import type { Services } from "../services.ts";
import type { Campaign } from "./find.ts";

/** A server that carries a campaign, with the part that it has of one that is split by weight. */
export type CampaignRoute = Route & { weight: number };

/**
 * The servers that carry a campaign, the one first whose sender it has. Of a draft: those that were chosen and are in production, else the organization's own way;
 * none where an organization that was in production has no server left.
 */
export async function routesOf(s: Services, campaign: Campaign): Promise<CampaignRoute[]> {
  return campaign.server ? launchedRoutes(s, campaign) : draftRoutes(s, campaign);
}

async function launchedRoutes(s: Services, campaign: Campaign): Promise<CampaignRoute[]> {
  const rows = await s.db
    .select({ server: servers, loan: serverLoans, weight: campaignServers.weight })
    .from(campaignServers)
    .innerJoin(servers, eq(servers.id, campaignServers.server))
    .leftJoin(serverLoans, and(eq(serverLoans.server, servers.id), eq(serverLoans.organization, campaign.organization)))
    .where(eq(campaignServers.campaign, campaign.id))
    .orderBy(servers.id);
  const routes = rows.map(({ server, loan, weight }) =>
    server.organization === campaign.organization || !loan
      ? { server, loan: null, weight }
      : { server: asLent(server, loan), loan, weight },
  );
  const rank = ({ server }: Route) => (server.id === campaign.server ? 0 : 1);
  return routes.sort((a, b) => rank(a) - rank(b));
}

async function draftRoutes(s: Services, { id, organization }: Campaign): Promise<CampaignRoute[]> {
  const chosen = await chosenFor(s, id);
  const live = await liveRoutes(s.db, organization);
  const routes = live.flatMap((route) => {
    const weight = chosen.get(route.server.id);
    return weight === undefined ? [] : [{ ...route, weight }];
  });
  if (routes.length > 0) return routes;
  const [primary] = live;
  if (primary) return [{ ...primary, weight: 1 }];
  const carrier = await serverForCampaign(s, organization);
  if (!carrier) return [];
  const rows = await s.db
    .select()
    .from(servers)
    .where(and(eq(servers.id, carrier.id), isNull(servers.removedAt)));
  return rows.map((server) => ({ server, loan: null, weight: 1 }));
}

/** Servers chosen for a campaign, with their weights. */
export async function chosenFor(s: Services, campaign: string): Promise<Map<string, number>> {
  const rows = await s.db.select().from(campaignServers).where(eq(campaignServers.campaign, campaign));
  return new Map(rows.map(({ server, weight }) => [server, weight]));
}

/** From which address all of its servers send a campaign: that of its first one, also where that one carries nothing any more. Null while it has no server. */
export async function senderOf(s: Services, campaign: Campaign): Promise<string | null> {
  if (!campaign.server) return (await draftRoutes(s, campaign))[0]?.server.fromAddress ?? null;
  const [row] = await s.db
    .select({ server: servers, loan: serverLoans })
    .from(servers)
    .leftJoin(serverLoans, and(eq(serverLoans.server, servers.id), eq(serverLoans.organization, campaign.organization)))
    .where(eq(servers.id, campaign.server));
  const borrowed = row?.server.organization !== campaign.organization;
  return (borrowed ? row?.loan?.fromAddress : row?.server.fromAddress) ?? null;
}

/** Of its servers those that carry anything: where it is split by the sender's domain, the ones that send as it. */
export async function carriersOf(s: Services, campaign: Campaign): Promise<CampaignRoute[]> {
  const routes = await routesOf(s, campaign);
  const sender = await senderOf(s, campaign);
  if (campaign.split !== "domain" || sender === null) return routes;
  const fitting = routes.filter(({ server }) => signingDomain(server) === signingDomain({ fromAddress: sender }));
  return fitting.length > 0 ? fitting : routes;
}
