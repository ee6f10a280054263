import { and, eq, inArray } from "drizzle-orm";
import { campaignVersions } from "../../db/schema/campaigns.ts";
import { lists } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { signingDomain } from "../servers/dkim-find.ts";
import type { Services } from "../services.ts";
import { LOOKS_LIKE_REPLY } from "../templates/compose.ts";
import type { Finding as TemplateFinding } from "../templates/findings.ts";
import type { Who } from "../users/who.ts";
import { approvalFindings, approvalOf } from "./approval.ts";
import { audience } from "./audience.ts";
import type { Compiled } from "./compile.ts";
import { type Campaign, organizationOf } from "./find.ts";
import { countMissing, usedFields } from "./missing-fields.ts";
import { type CampaignRoute, routesOf } from "./routes.ts";
import { senderFindings } from "./sender-findings.ts";
import { knownSender } from "./sender-name.ts";
import { timingFindings } from "./timing-findings.ts";
import type { Finding } from "./types.ts";

/** Around what a telephone shows of a subject in its list of mails. */
const SUBJECT_ON_A_PHONE = 60;

/**
 * Everything that is looked at before a campaign may be sent: what blocks, what a person should know, what is good. In that order.
 * @param o.launching the button is pressed: who only lacks a field with a default is not counted, which nobody would read
 */
export async function findings(
  s: Services,
  o: { who: Who; campaign: Campaign; compiled: Compiled; lists: string[]; launching?: boolean },
): Promise<Finding[]> {
  const routes = await routesOf(s, o.campaign);
  const real = routes[0]?.server.kind !== "sandbox";
  const reached = await people(s, { ...o, real });
  const receive = Number(reached.find(({ check }) => check === "receive")?.facts.n ?? 0);
  const approval = await approvalOf(s.db, o);
  const all = [
    ...words(o.campaign),
    ...approvalFindings(approval),
    ...(await nameOfSender(s, { ...o, from: routes[0]?.server.fromName })),
    ...ofTemplate(s, o.compiled, approval ? [LOOKS_LIKE_REPLY] : []),
    ...compiledWell(o.compiled),
    ...reached,
    ...(await fields(s, { ...o, real })),
    ...onRoutes(routes),
    ...(real ? await senders(s, { ...o, routes }) : []),
    ...(await timingFindings(s, { campaign: o.campaign, receive })),
    ...(await tested(s, o.campaign)),
  ];
  const order = ["block", "warn", "unknown", "ok"];
  return all.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
}

const found = (
  check: string,
  level: Finding["level"],
  step: Finding["step"],
  facts: Finding["facts"] = {},
): Finding => ({ check, level, step, facts, key: `campaigns.checks.${check}` });

function words({ subject }: Campaign): Finding[] {
  const long = [...subject].length > SUBJECT_ON_A_PHONE;
  return [
    ...(subject.trim() === "" ? [found("subject_empty", "block", "content")] : []),
    ...(long ? [found("subject_long", "warn", "content", { n: [...subject].length })] : []),
  ];
}

/** What the compiler says; what is checked here (`said`) is left out, and so is our own address where the whole installation runs without https. */
function ofTemplate(s: Services, { findings }: Compiled, said: string[]): Finding[] {
  const ours = (one: TemplateFinding) =>
    one.code === "link_insecure" && String(one.facts.url).startsWith(s.config.PUBLIC_URL);
  return findings
    .filter((one) => !["no_subject", ...said].includes(one.code) && !ours(one))
    .map((one) => ({
      ...{ check: `template_${one.code}`, key: `templates.findings.${one.code}`, facts: one.facts, step: "content" },
      ...{ level: one.level === "error" ? "block" : "warn", line: one.line },
    }));
}

/** What the compiled mail certainly has, because the compiler looked at it and found nothing. */
function compiledWell({ findings, html, bytes }: Compiled): Finding[] {
  const errors = findings.some((one) => one.level === "error");
  if (errors || html === "") return [];
  const cut = findings.some((one) => one.code === "gmail_cuts");
  return [
    found("leave_link", "ok", "content"),
    found("text_part", "ok", "content"),
    ...(cut ? [] : [found("size", "ok", "content", { kb: Math.max(1, Math.round(bytes / 1024)) })]),
  ];
}

async function people(s: Services, o: { who: Who; lists: string[]; real: boolean }): Promise<Finding[]> {
  if (o.lists.length === 0) return [found("no_lists", "block", "audience")];
  const { receive } = await audience(s, o);
  return receive === 0 ? [found("nobody", "block", "audience")] : [found("receive", "ok", "audience", { n: receive })];
}

/** Whoever lacks a field that has no default would read a hole: that stops the launch. With a default it is worth knowing. */
async function fields(
  s: Services,
  o: { who: Who; campaign: Campaign; lists: string[]; real: boolean; launching?: boolean },
): Promise<Finding[]> {
  const used = usedFields(o.campaign).filter(({ hasDefault }) => !(o.launching && hasDefault));
  const { organization } = o.who;
  const missing = await countMissing(s.db, { ...o, organization, at: await appNow(s.db), fields: used });
  return used.flatMap(({ name, hasDefault, line }, i) => {
    const n = missing[i] ?? 0;
    if (n === 0) return [];
    const check = hasDefault ? "field_default" : "field_missing";
    return [{ ...found(check, hasDefault ? "warn" : "block", "content", { field: name, n }), line }];
  });
}

/** Each server that carries it, and whether one of them sends as another domain than the campaign's: its mail is the hardest to vouch for. */
function onRoutes(routes: CampaignRoute[]): Finding[] {
  const [first] = routes;
  if (!first) return [found("no_server", "block", "send")];
  if (first.server.kind === "sandbox") return [found("sandbox", "warn", "send")];
  const address = first.server.fromAddress;
  return routes.flatMap(({ server }) => {
    const facts = { name: server.name, address, server: server.id };
    const stands = server.pausedAt
      ? found("server_paused", "warn", "send", facts)
      : found("server", "ok", "send", facts);
    const other = signingDomain(server) !== signingDomain(first.server);
    return other ? [stands, found("server_other_domain", "warn", "send", facts)] : [stands];
  });
}

/** A name that has nothing of what people said yes to (`knownSender`). */
async function nameOfSender(
  s: Services,
  o: { campaign: Campaign; lists: string[]; from: string | undefined },
): Promise<Finding[]> {
  const name = o.campaign.fromName || o.from;
  if (!name) return [];
  const { legalName, website } = await organizationOf(s.db, o.campaign.organization);
  const names = await s.db.select({ name: lists.name }).from(lists).where(inArray(lists.id, o.lists));
  const known = [legalName, website ?? "", ...names.map((list) => list.name)];
  return knownSender(name, known) ? [] : [found("from_name_stranger", "warn", "content", { name, own: legalName })];
}

/** What receivers make of the campaign's sender, that of its first server, over each server that carries it. */
async function senders(
  s: Services,
  o: { campaign: Campaign; lists: string[]; routes: CampaignRoute[] },
): Promise<Finding[]> {
  const [first] = o.routes;
  if (!first) return [];
  const servers = o.routes.map(({ server }) => server.id);
  const from = signingDomain(first.server);
  return senderFindings(s, { organization: o.campaign.organization, from, servers, lists: o.lists });
}

async function tested(s: Services, { id, version }: Campaign): Promise<Finding[]> {
  const [row] = await s.db
    .select({ version: campaignVersions.version })
    .from(campaignVersions)
    .where(
      and(
        eq(campaignVersions.campaign, id),
        eq(campaignVersions.version, version),
        eq(campaignVersions.keptFor, "test"),
      ),
    );
  return [row ? found("tested", "ok", "content") : found("not_tested", "warn", "content")];
}
