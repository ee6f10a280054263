import { eq } from "drizzle-orm";
import { lists as listsTable } from "../../db/schema/lists.ts";
import { users } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { compile } from "./compile.ts";
import { type Campaign, draftOf, findCampaign, listsOf, organizationOf } from "./find.ts";
import { findings } from "./findings.ts";
import { routesOf } from "./routes.ts";
import type { Draft, Finding } from "./types.ts";

export type CampaignPage = {
  campaign: Omit<Campaign, "mjmlSha" | "htmlSha" | "textSha" | "headSha">;
  draft: Draft;
  zone: string;
  organizationName: string;
  /** Who paused it, by name. */
  pausedBy: string | null;
  /** Lists that may be chosen, and those that are. */
  lists: { id: string; name: string; chosen: boolean; archived: boolean }[];
  /** Whether a real server carries it, or would carry it now. */
  server: { real: boolean };
};

/** What every page of a campaign shows. @throws NotFound */
export async function campaignPage(s: Services, o: { who: Who; campaign: string }): Promise<CampaignPage> {
  requireRight(o.who, "campaigns.see");
  const { organization: id } = o.who;
  const campaign = await findCampaign(s.db, { organization: id, campaign: o.campaign });
  const organization = await organizationOf(s.db, id);
  const chosen = await listsOf(s.db, campaign.id);
  const all = await s.db.select().from(listsTable).where(eq(listsTable.organization, id)).orderBy(listsTable.name);
  const [first] = await routesOf(s, campaign);
  const { mjmlSha, htmlSha, textSha, headSha, ...shown } = campaign;
  return {
    ...{ campaign: shown, draft: draftOf(campaign, chosen), zone: organization.timeZone },
    ...{ organizationName: organization.legalName, pausedBy: await nameOf(s, campaign.pausedBy) },
    lists: all
      .map(({ id, name, archivedAt }) => ({ id, name, chosen: chosen.includes(id), archived: archivedAt !== null }))
      .filter((list) => list.chosen || !list.archived),
    server: { real: campaign.server ? campaign.simulated === false : first?.server.kind !== "sandbox" },
  };
}

/** The checks before sending, of a draft as it is saved. @throws NotFound */
export async function checks(s: Services, o: { who: Who; campaign: string }): Promise<Finding[]> {
  requireRight(o.who, "campaigns.see");
  const { organization: id } = o.who;
  const campaign = await findCampaign(s.db, { organization: id, campaign: o.campaign });
  const organization = await organizationOf(s.db, id);
  const compiled = await compile(s, { source: campaign, organization });
  return findings(s, { who: o.who, campaign, compiled, lists: await listsOf(s.db, campaign.id) });
}

async function nameOf(s: Services, user: string | null): Promise<string | null> {
  if (!user) return null;
  const [row] = await s.db.select({ name: users.name }).from(users).where(eq(users.id, user));
  return row?.name ?? null;
}
