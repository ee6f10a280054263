import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaignServers, campaigns } from "../../db/schema/campaigns.ts";
import { servers } from "../../db/schema/servers.ts";
import { chooseServers, serverChoices } from "../../lib/campaigns/choose-servers.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { findCampaign } from "../../lib/campaigns/find.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { checks } from "../../lib/campaigns/page.ts";
import { routesOf } from "../../lib/campaigns/routes.ts";
import { unschedule } from "../../lib/campaigns/unschedule.ts";
import { goLive, goLiveFindings, leaveProduction } from "../../lib/delivery/go-live.ts";
import { serverForCampaign } from "../../lib/servers/for-organization.ts";
import { inProduction } from "../../lib/servers/production.ts";
import { removeServer } from "../../lib/servers/remove.ts";
import { freshDatabase } from "../support/database.ts";
import { launched, type Scene, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);
const code = (expected: string) => (error: { code?: string }) => error.code === expected;

/** A server that passed its test today; in production only where it is pressed. */
async function tested(here: Scene, fromAddress?: string): Promise<string> {
  const id = await sinkServer(s, {
    organization: here.organization,
    port: 25,
    ...(fromAddress ? { fromAddress } : {}),
  });
  await s.db
    .update(servers)
    .set({ testOk: "yes", testedAt: sql`app_now()` as never, liveAt: null })
    .where(eq(servers.id, id));
  return id;
}

/** A wall time that is still to come. */
const inAMonth = () => new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 16);

const ids = async (here: Scene) => (await inProduction(s, { who: here.who })).map(({ id }) => id);
const used = async (campaign: string) =>
  (await s.db.select().from(campaignServers).where(eq(campaignServers.campaign, campaign))).map((one) => one.server);

test("several servers in production: the last pressed carries system mail, and one leaves only while another stays", async () => {
  const here = await scene(s, { people: 2 });
  const { who } = here;
  const [a, b] = [await tested(here), await tested(here)];
  await goLive(s, { who, server: a });
  await assert.rejects(leaveProduction(s, { who, server: a }), code("SERVER_IS_ONLY_LIVE"));
  assert.deepEqual((await goLiveFindings(s, { who, server: b })).others.length, 1);
  await goLive(s, { who, server: b });
  assert.deepEqual(await ids(here), [b, a]);
  assert.equal((await serverForCampaign(s, here.organization))?.id, b);
  await goLive(s, { who, server: a });
  assert.deepEqual(await ids(here), [a, b]);
  const campaign = await launched(s, { scene: here, server: a, servers: [{ server: a }, { server: b }] });
  await assert.rejects(leaveProduction(s, { who, server: b }), code("SERVER_BUSY"));
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
  await assert.rejects(removeServer(s, { who, server: b }), code("SERVER_IS_LIVE"));
  await leaveProduction(s, { who, server: b });
  await removeServer(s, { who, server: b });
  assert.deepEqual(await ids(here), [a]);
  // Who was in production never falls back to the sandbox: mail waits for a server, and a launch says so.
  await s.db.update(servers).set({ liveAt: null }).where(eq(servers.id, a));
  assert.equal(await serverForCampaign(s, here.organization), undefined);
  const draft = await createCampaign(s, { who, from: "news", name: "Senza server" });
  assert.ok(
    (await checks(s, { who, campaign: draft })).some((one) => one.check === "no_server" && one.level === "block"),
  );
  await assert.rejects(launch(s, { who, campaign: draft, version: 1 }), code("CAMPAIGN_BLOCKED"));
});

test("which servers carry a campaign is chosen by a person, of those in production; what is not chosen goes by the last one", async () => {
  const [here, there] = [await scene(s, { people: 2 }), await scene(s, { people: 1 })];
  const { who } = here;
  const [a, b] = [await tested(here), await tested(here, "posta@altra.example")];
  const [idle, foreign] = [await tested(here), await tested(there)];
  await goLive(s, { who, server: b });
  await goLive(s, { who, server: a });
  await goLive(s, { who: there.who, server: foreign });
  const campaign = await createCampaign(s, { who, from: "news", name: "Scelta" });
  const choose = (list: string[], split: "weight" | "capacity" | "domain" = "weight", weight = 2) =>
    chooseServers(s, { who, campaign, split, servers: list.map((server) => ({ server, weight })) });
  const choices = async () =>
    (await serverChoices(s, { who, campaign })).choices.map(({ id, weight }) => [id, weight] as const);

  assert.deepEqual(await choices(), [
    [a, 1],
    [b, null],
  ]);
  await assert.rejects(choose([]), code("CHOOSE_SERVER"));
  await assert.rejects(choose([a], "weight", 101), code("SERVER_WEIGHT"));
  for (const other of [idle, foreign]) await assert.rejects(choose([a, other]), code("NOT_FOUND"));
  await choose([a, b]);
  assert.deepEqual(await choices(), [
    [a, 2],
    [b, 2],
  ]);
  const routes = async () => {
    const found = await findCampaign(s.db, { organization: here.organization, campaign });
    return (await routesOf(s, found)).map(({ server, weight }) => [server.id, weight] as const);
  };
  assert.deepEqual(await routes(), [
    [a, 2],
    [b, 2],
  ]);
  const warned = (await checks(s, { who, campaign })).filter((one) => one.check === "server_other_domain");
  assert.deepEqual(
    warned.map((one) => [one.level, one.facts.name, one.facts.address]),
    [["warn", "Prova", "news@libreria.example"]],
  );

  await launch(s, { who, campaign, version: 1, at: inAMonth() });
  assert.deepEqual((await used(campaign)).sort(), [a, b].sort());
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
  assert.deepEqual([row?.server, row?.split, row?.simulated], [a, "weight", false]);
  // Under way it may be changed; the sender stays.
  await choose([b], "capacity", 1);
  assert.deepEqual(await used(campaign), [b]);
  assert.equal((await s.db.select().from(campaigns).where(eq(campaigns.id, campaign)))[0]?.server, a);
  await unschedule(s, { who, campaign });
  assert.deepEqual(await routes(), [[b, 1]]);
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
  await assert.rejects(choose([a]), code("CAMPAIGN_OVER"));

  const plain = await createCampaign(s, { who, from: "news", name: "Senza scelta" });
  await launch(s, { who, campaign: plain, version: 1 });
  assert.deepEqual(await used(plain), [a]);
});
