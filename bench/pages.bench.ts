import { audience } from "../lib/campaigns/audience.ts";
import { calendar } from "../lib/campaigns/calendar.ts";
import { doneDays } from "../lib/campaigns/done-days.ts";
import { lastReplies } from "../lib/campaigns/last-replies.ts";
import { listCampaigns } from "../lib/campaigns/list.ts";
import { campaignPage } from "../lib/campaigns/page.ts";
import { contactPage } from "../lib/consent/contact-page.ts";
import { listOverview } from "../lib/consent/list-overview.ts";
import { searchContacts } from "../lib/consent/search-contacts.ts";
import { story } from "../lib/consent/story.ts";
import { liveView } from "../lib/delivery/live-view.ts";
import { deliveriesOf } from "../lib/delivery/rows.ts";
import { serverGraphs } from "../lib/delivery/server-graphs.ts";
import { serverLines } from "../lib/delivery/server-lines.ts";
import { serverQueue } from "../lib/delivery/server-queue.ts";
import { campaignReport, countReports } from "../lib/reports/campaign-report.ts";
import { overview } from "../lib/reports/overview.ts";
import { findServer, listServers } from "../lib/servers/find.ts";
import { pausedDomains } from "../lib/servers/pause-domain.ts";
import type { Services } from "../lib/services.ts";
import type { Who } from "../lib/users/who.ts";
import { freshDatabase, type TestDatabase } from "../tests/support/database.ts";
import { sinkServer } from "../tests/support/sending.ts";
import { testServices } from "../tests/support/services.ts";
import type { Figure } from "./figure.ts";
import { crowd } from "./fill.ts";
import { fillCampaigns } from "./fill-campaigns.ts";

const CAMPAIGNS = 10;
/** BENCH_PEOPLE: fewer for a quick look; the figures that are written down are of ten times a million. */
const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const TIMES = 5;

/**
 * Milliseconds that each page of campaigns, servers and people waits for the database (the quickest of five, one statement after the other as the page asks them), at ten campaigns
 * to the same million people, the last one half sent, with the log of the last three.
 */
export default async function pagesBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const d = await freshDatabase(t, { durable: true });
    const s = await testServices(d);
    const w = await filled(s, d);
    const found: Figure[] = [];
    for (const [name, ask] of pages(s, w)) {
      const ours = await quickest(ask);
      found.push({
        name: `${name}, ms of database at ${n(CAMPAIGNS * PEOPLE)} deliveries`,
        ours,
        better: "less",
        goal: { value: 100 },
      });
    }
    return found;
  } finally {
    for (const close of closers) await close();
  }
}

const n = (of: number) => of.toLocaleString("en");

type World = { who: Who; campaign: string; over: string; server: string; list: string; contact: string };

/** The tables as they are after ten campaigns; the worker has counted their reports. */
export async function filled(s: Services, d: TestDatabase): Promise<World> {
  const here = await crowd(s, d, { people: PEOPLE });
  const server = await sinkServer(s, { organization: here.organization, port: 1 });
  const ids = await fillCampaigns(s, d, { here, server, campaigns: CAMPAIGNS, people: PEOPLE, logged: 3 });
  await countReports(s);
  const { rows } = await d.pool.query<{ id: string }>("select id from contacts order by id offset 1000 limit 1");
  const [over, campaign] = ids.slice(-2);
  return {
    who: here.who,
    list: here.list,
    server,
    campaign: campaign ?? "",
    over: over ?? "",
    contact: rows[0]?.id ?? "",
  };
}

/** Each page as it asks: `campaign` is under way, `over` has ended. */
export function pages(s: Services, w: World): [string, () => Promise<unknown>][] {
  const { who, campaign, over, server } = w;
  const rows = (name: string, o: { states: string[]; reason?: string; after?: number; campaign?: string }) =>
    [`rows: ${name}`, () => deliveriesOf(s, { who, campaign, limit: 51, ...o })] as [string, () => Promise<unknown>];
  const toDo = ["pending", "claimed", "sending", "deferred"];
  const notSent = ["rejected", "uncertain", "excluded", "cancelled"];
  return [
    ["first page", () => overview(s, { who })],
    ["campaign list", () => listCampaigns(s, { who })],
    ["campaign list, ended", () => listCampaigns(s, { who, state: "ended" })],
    ["campaign, head", () => campaignPage(s, { who, campaign })],
    ["campaign, live", () => liveView(s, { who, campaign })],
    ["campaign, days", () => doneDays(s, { who, campaign, zone: "Europe/Rome" })],
    ["campaign, last replies", () => lastReplies(s, { who, campaign })],
    ["campaign, report", () => campaignReport(s, { who, campaign: over })],
    ["calendar", () => calendar(s, { who })],
    rows("all", { states: [...toDo, ...notSent, "accepted"] }),
    rows("who received it, last page", { states: ["accepted"], after: PEOPLE / 2 - 60 }),
    rows("to do", { states: toDo }),
    rows("waiting", { states: ["pending"] }),
    rows("deferred", { states: ["deferred"] }),
    rows("not sent, last page", { states: notSent, after: PEOPLE - 60 }),
    rows("uncertain", { states: ["uncertain"], campaign: over }),
    rows("refused, by policy", { states: ["rejected"], reason: "policy", campaign: over }),
    rows("excluded, last page", { states: ["excluded"], after: PEOPLE - 1000, campaign: over }),
    rows("excluded, of a rare reason", { states: ["excluded"], reason: "objected", campaign: over }),
    rows("taken, settled by log (none)", { states: ["accepted"], reason: "settled_by_log", campaign: over }),
    rows("cancelled (none)", { states: ["cancelled"], campaign: over }),
    ["server list", () => listServers(s, { who })],
    ["server", async () => [await findServer(s, { who, server }), await pausedDomains(s, { who, server })]],
    ["server, queue", () => serverQueue(s, { who, server })],
    ["server, queue of a domain", () => serverQueue(s, { who, server, domain: "libero.it" })],
    ["server, queue by reply", () => serverQueue(s, { who, server, reply: "greylisted" })],
    ["server, log", () => serverLines(s, { who, server })],
    ["server, log of a domain that is not there", () => serverLines(s, { who, server, domain: "nobody.example" })],
    ["server, graphs of a day", () => serverGraphs(s, { who, server, range: "day" })],
    ["server, graphs of a year", () => serverGraphs(s, { who, server, range: "year" })],
    ["lists", () => listOverview(s, { who })],
    ["people of a list", () => searchContacts(s, { who, list: w.list })],
    [
      "a person",
      async () => [await contactPage(s, { who, contact: w.contact }), await story(s, { who, contact: w.contact })],
    ],
    ["draft, audience of a million", () => audience(s, { who, lists: [w.list], real: true })],
  ];
}

/** The quickest of them: what else runs on the machine makes it longer, nothing makes it shorter. */
export async function quickest(ask: () => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < TIMES; i++) {
    const begun = performance.now();
    await ask();
    best = Math.min(best, performance.now() - begun);
  }
  return Math.round(best * 10) / 10;
}
