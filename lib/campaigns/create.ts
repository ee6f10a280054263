import { and, desc, eq, isNull } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { lists } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { starters } from "../templates/starters.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { columnsOf, draftOf, listsOf, type Organization, organizationOf } from "./find.ts";
import { chooseLists } from "./save.ts";
import type { Draft, Sending } from "./types.ts";

export type StarterId = "letter" | "news" | "notice";

/**
 * A new draft: from a starter that carries the organization's identity, or from the last campaign. Where there is just one list, it is chosen.
 * @param name how staff will call it
 * @returns its id
 * @throws NotFound when there is no last campaign
 */
export async function createCampaign(
  s: Services,
  o: { who: Who; from: StarterId | "last"; name: string },
): Promise<string> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (s) => {
    const organization = await organizationOf(s.db, o.who.organization);
    const { draft, locale } =
      o.from === "last" ? await lastCampaign(s, o.who) : await fromStarter(s, organization, o.from);
    return insertDraft(s, { who: o.who, draft: { ...draft, name: o.name }, locale });
  });
}

/** Whether there is a campaign to start from. */
export async function hasCampaigns(s: Services, o: { who: Who }): Promise<boolean> {
  requireRight(o.who, "campaigns.see");
  const mine = eq(campaigns.organization, o.who.organization);
  return (await s.db.select({ id: campaigns.id }).from(campaigns).where(mine).limit(1)).length > 0;
}

async function lastCampaign(s: Services, who: Who): Promise<{ draft: Draft; locale: "it" | "en" }> {
  const mine = eq(campaigns.organization, who.organization);
  const [row] = await s.db.select().from(campaigns).where(mine).orderBy(desc(campaigns.id)).limit(1);
  if (!row) throw new NotFound("campaign");
  return { draft: draftOf(row, await listsOf(s.db, row.id)), locale: row.locale };
}

/** The starters, with the organization's identity in them: for their thumbnails and for a new draft. */
export function startersOf(organization: Organization) {
  const { locale, tone } = organization;
  return starters({ locale, tone, organization });
}

async function fromStarter(s: Services, organization: Organization, id: StarterId) {
  const starter = startersOf(organization).find((one) => one.id === id);
  if (!starter) throw new NotFound("starter");
  const open = and(eq(lists.organization, organization.id), isNull(lists.archivedAt));
  const only = await s.db.select({ id: lists.id }).from(lists).where(open).limit(2);
  const { subject, preheader, mjml } = starter;
  const draft: Draft = {
    ...USUAL,
    ...{ name: "", subject, preheader, mjml, fromName: "", replyTo: null, text: null },
    lists: only.length === 1 ? only.map((list) => list.id) : [],
  };
  return { draft, locale: organization.locale };
}

/** Sent at once, at the server's pace. */
const USUAL: Sending = {
  ...{ startsAt: null, notAfter: null, perHour: null, weekdays: null, hourFrom: null, hourTo: null },
  ...{ priority: 0, sendOrder: "oldest" },
};

/** Writes a new draft. Times of the one it is copied from are over, and lists that are archived by now are left out. */
export async function insertDraft(s: Services, o: { who: Who; draft: Draft; locale: "it" | "en" }): Promise<string> {
  const { lists: chosen, ...parts } = { ...o.draft, startsAt: null, notAfter: null };
  const [id, at] = [s.randomId(), await appNow(s.db)];
  const { organization, user } = o.who;
  await s.db
    .insert(campaigns)
    .values({ ...columnsOf(parts), id, organization, locale: o.locale, createdAt: at, createdBy: user, savedAt: at });
  const open = await s.db
    .select({ id: lists.id })
    .from(lists)
    .where(and(eq(lists.organization, organization), isNull(lists.archivedAt)));
  const there = new Set(open.map((list) => list.id));
  await chooseLists(s.db, { organization, campaign: id, lists: chosen.filter((list) => there.has(list)) });
  return id;
}
