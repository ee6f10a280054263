import { createHash } from "node:crypto";
import { eq } from "drizzle-orm";
import { campaignServers, campaigns, contents } from "../../db/schema/campaigns.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { jcs } from "../ledger/jcs.ts";
import { quietNotice } from "../notices/quiet-notice.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { CampaignChanged } from "./changed.ts";
import { type Compiled, compile, privacyUrl } from "./compile.ts";
import { type Campaign, draftOf, findCampaign, listsOf, type Organization, organizationOf } from "./find.ts";
import { findings } from "./findings.ts";
import type { Head } from "./frozen.ts";
import { keepVersion } from "./keep-version.ts";
import { planOf } from "./plan.ts";
import { type CampaignRoute, routesOf } from "./routes.ts";
import { startAt } from "./start-at.ts";

/**
 * Starts a campaign at the time that its draft says, now where it says none. What is sent is frozen here: MJML, compiled HTML, text and head, by hash; nothing
 * that is edited afterwards changes it (F18). The audience is frozen when it starts, by the engine.
 *
 * @param version the one that the person looked at
 * @param at `2026-11-30T09:00`, another time than the draft's
 * @param pastExpiry plan also what would leave after a server's service has expired
 * @returns the state it is in, and when it starts
 * @throws CampaignChanged · CAMPAIGN_NOT_DRAFT · CAMPAIGN_BLOCKED {check, n} by the checks · CAMPAIGN_PAST_EXPIRY {n} ·
 * what `startAt` throws · NotFound
 */
export async function launch(
  s: Services,
  o: { who: Who; campaign: string; version: number; at?: string; pastExpiry?: boolean },
): Promise<{ state: "sending" | "scheduled"; at: Date }> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (s) => {
    const { organization: id, user } = o.who;
    const campaign = await findCampaign(s.db, { organization: id, campaign: o.campaign, lock: true });
    const lists = await listsOf(s.db, campaign.id);
    if (campaign.state !== "draft") throw new DomainError("CAMPAIGN_NOT_DRAFT");
    if (campaign.version !== o.version) {
      const { version, savedAt } = campaign;
      throw new CampaignChanged({ theirs: draftOf(campaign, lists), version, savedAt });
    }
    const organization = await organizationOf(s.db, id);
    const routes = await routesOf(s, campaign);
    const [now, compiled] = [await appNow(s.db), await compile(s, { source: campaign, organization })];
    const start = o.at === undefined ? upcoming(campaign, now) : startAt(o.at, { zone: organization.timeZone, now }).at;
    const begins = { ...campaign, scheduledAt: start ?? null };
    const planned = await refuseBlocked(s, { who: o.who, campaign: begins, compiled, lists });
    if (!o.pastExpiry) await refuseExpired(s, { campaign: begins, planned });
    const shas = await freeze(s, { campaign, organization, compiled, lists });
    await keepVersion(s.db, { campaign, keptFor: "launch", at: now, by: user });
    const state = start ? "scheduled" : "sending";
    await s.db
      .update(campaigns)
      .set({
        ...{ ...shas, state, ...(await useRoutes(s, campaign.id, routes)), scheduledAt: start ?? null },
        ...{ snapshot: s.randomId(), snapshotDone: false, snapshotAfter: null, size: 0, upto: -1 },
        ...{ launchedAt: now, launchedBy: user, planned },
        orderSeed: campaign.sendOrder === "random" ? s.randomBytes(4).readInt32BE() : null,
      })
      .where(eq(campaigns.id, campaign.id));
    // It may have come to need no approval: another list, not of advertising.
    await quietNotice(s, { organization: id, kind: "approval_waits", object: campaign.id });
    await audit(s, {
      organization: id,
      user,
      action: `campaign.${state}`,
      object: campaign.id,
      facts: { version: o.version },
    });
    return { state, at: start ?? now };
  });
}

/** Keeps the servers that carry it; a choice that is not in production any more is forgotten. The first one's sender is the campaign's. */
async function useRoutes(s: Services, campaign: string, routes: CampaignRoute[]) {
  const [first] = routes;
  if (!first) throw new DomainError("NO_SERVER");
  await s.db.delete(campaignServers).where(eq(campaignServers.campaign, campaign));
  await s.db
    .insert(campaignServers)
    .values(routes.map(({ server, weight }) => ({ campaign, server: server.id, weight })));
  return { server: first.server.id, simulated: first.server.kind === "sandbox" };
}

/** @returns how many would receive it */
async function refuseBlocked(
  s: Services,
  o: { who: Who; campaign: Campaign; compiled: Compiled; lists: string[] },
): Promise<number> {
  const found = await findings(s, { ...o, launching: true });
  const blocks = found.filter((one) => one.level === "block");
  const [first] = blocks;
  if (first) throw new DomainError("CAMPAIGN_BLOCKED", { check: first.check, n: blocks.length });
  return Number(found.find((one) => one.check === "receive")?.facts.n ?? 0);
}

/** The time that the draft says, which must be still to come. */
function upcoming({ scheduledAt }: Campaign, now: Date): Date | undefined {
  if (scheduledAt && scheduledAt <= now) throw new DomainError("SCHEDULE_IN_PAST");
  return scheduledAt ?? undefined;
}

/** What would leave after a server's service has expired leaves only when asked for. */
async function refuseExpired(s: Services, o: { campaign: Campaign; planned: number }): Promise<void> {
  const { conflicts } = (await planOf(s, { campaign: o.campaign, remaining: o.planned })).forecast;
  const n = conflicts.reduce((sum, one) => sum + (one.kind === "expiry" ? one.n : 0), 0);
  if (n > 0) throw new DomainError("CAMPAIGN_PAST_EXPIRY", { n });
}

/** Keeps the four texts by hash; the same text twice is one row. */
async function freeze(
  s: Services,
  o: { campaign: Campaign; organization: Organization; compiled: Compiled; lists: string[] },
) {
  const { campaign, organization, compiled } = o;
  const head: Head = {
    ...{ v: 1, subject: campaign.subject, preheader: campaign.preheader, fromName: campaign.fromName },
    ...{ replyTo: campaign.replyTo, locale: campaign.locale, tone: organization.tone, lists: o.lists },
    ...{ zone: organization.timeZone, domain: new URL(s.config.PUBLIC_URL).hostname },
    campaign: { number: campaign.number },
    organization: {
      ...{ slug: organization.slug, legalName: organization.legalName, address: organization.address },
      ...{ taxId: organization.taxId, privacyEmail: organization.privacyEmail, website: organization.website },
      privacyUrl: privacyUrl(s, organization),
    },
  };
  const texts = { mjml: campaign.mjml, html: compiled.html, text: compiled.text, head: jcs(withoutNulls(head)) };
  const rows = (Object.keys(texts) as (keyof typeof texts)[]).map((kind) => ({
    ...{ organization: organization.id, kind, body: texts[kind] },
    sha256: createHash("sha256").update(texts[kind]).digest(),
  }));
  await s.db.insert(contents).values(rows).onConflictDoNothing();
  const sha = (kind: keyof typeof texts) => rows.find((row) => row.kind === kind)?.sha256 ?? null;
  return { mjmlSha: sha("mjml"), htmlSha: sha("html"), textSha: sha("text"), headSha: sha("head") };
}

/** As records do: what does not apply is left out. */
function withoutNulls<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (_, one) => (one === null ? undefined : one)));
}
