import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sql } from "drizzle-orm";
import { until } from "../support/engine.ts";
import { built, type Child, start } from "../support/process.ts";
import { launched, type Scene, scene, sinkServer, states } from "../support/sending.ts";
import { type Kept, readLedger } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, running, fillAll, ended } = await engineHouse({ after });
const sinkFile = await built("sink-process");
const folder = mkdtempSync(join(tmpdir(), "routes-"));
d.after(() => rmSync(folder, { recursive: true }));

/** Milliseconds of a message: the good server is what limits the rate, at 40 a second, and not this machine, whatever else it does. */
const SLOW = 100;

/** A test that fails shall not wait ten minutes for a frozen server. */
const PATIENCE = { connect: { connectMs: 2000, envelopeMs: 60_000, silenceMs: 60_000 } };

type Route = { server: string; process: Child; kept: () => Kept[] };

/** A server whose sink is a process of its own: it can be frozen, and killed. */
async function route(here: Scene, o: { slow?: number } = {}): Promise<Route> {
  const ledger = join(folder, `${s.randomId()}.jsonl`);
  const process = start({ after: (work) => d.after(work) }, sinkFile, { ledger, slow: o.slow ?? SLOW });
  const { port } = (await process.printed("ready")) as { port: number };
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port });
  const server = await sinkServer(s, { organization: here.organization, port, connections: 4 });
  return { server, process, kept: () => readLedger(ledger) };
}

/** A campaign over some routes, its audience written. */
async function campaignOver(here: Scene, routes: Route[], split: "capacity" | "weight") {
  const [first] = routes;
  const campaign = await launched(s, {
    ...{ scene: here, server: first?.server ?? "", split },
    servers: routes.map(({ server }) => ({ server })),
  });
  await fillAll(campaign);
  return campaign;
}

const idOf = async (campaign: string) => {
  const { rows } = await s.db.execute<{ number: string }>(
    sql`select number from campaigns where id = ${campaign}::uuid`,
  );
  return `<c${rows[0]?.number}.`;
};

/** What a route took of a campaign, and how many a second between its first and its last. */
async function taken(route: Route, campaign: string) {
  const mark = await idOf(campaign);
  const kept = route.kept().filter((one) => one.messageId.startsWith(mark));
  const [first, last] = [kept[0]?.at ?? 0, kept.at(-1)?.at ?? 0];
  return { n: kept.length, rate: kept.length / Math.max(0.001, (last - first) / 1000) };
}

/** Nobody got two copies of a campaign, whichever server carried them. */
async function nobodyTwice(routes: Route[], campaign: string) {
  const mark = await idOf(campaign);
  const to = routes.flatMap((one) => one.kept().filter((kept) => kept.messageId.startsWith(mark))).map((one) => one.to);
  assert.equal(new Set(to).size, to.length, "somebody got two copies");
  return to.length;
}

const stop = (one: Route) => process.kill(one.process.pid, "SIGSTOP");
const go = (one: Route) => process.kill(one.process.pid, "SIGCONT");
const PEOPLE = 240;

test("one server frozen, one dead, one at ten seconds a message: the good one keeps its rate, and the frozen one comes back by itself [F39]", async (t) => {
  const here = await scene(s, { people: PEOPLE });
  const good = await route(here);
  const engine = running(t, PATIENCE);
  const alone = await campaignOver(here, [good], "capacity");
  await ended(alone, engine, 30_000);
  const before = await taken(good, alone);

  const [frozen, dead, slow] = [await route(here), await route(here), await route(here, { slow: 10_000 })];
  const all = [good, frozen, dead, slow];
  await dead.process.kill();
  const campaign = await campaignOver(here, all, "capacity");
  await until(async () => (await taken(frozen, campaign)).n > 0, 10_000, "the frozen one never worked");
  stop(frozen);
  const done = async () => {
    await engine.reconcile();
    const { pending = 0, claimed = 0, deferred = 0 } = await states(s, campaign);
    return pending + claimed + deferred === 0;
  };
  await until(done, 60_000, "rows were held by servers that cannot send them");
  const now = await taken(good, campaign);
  t.diagnostic(`the good one alone ${before.rate.toFixed(0)}/s, beside the others ${now.rate.toFixed(0)}/s`);
  assert.ok(now.rate >= 0.8 * before.rate, `${now.rate} of ${before.rate} a second`);
  assert.equal((await taken(dead, campaign).catch(() => ({ n: 0 }))).n, 0);
  assert.ok((await taken(slow, campaign)).n <= 8, "the slow one holds what others could send");

  go(frozen);
  await ended(campaign, engine, 40_000);
  assert.deepEqual(await states(s, campaign), { accepted: PEOPLE });
  assert.equal(await nobodyTwice([good, frozen, slow], campaign), PEOPLE);
  // It is probed from time to time: a campaign that began right after its thaw may end before that.
  let back = 0;
  for (let i = 0; i < 4 && back <= 10; i++) {
    const next = await campaignOver(here, [good, frozen], "weight");
    await ended(next, engine, 40_000);
    assert.deepEqual(await states(s, next), { accepted: PEOPLE });
    back = (await taken(frozen, next)).n;
  }
  assert.ok(back > 10, "the frozen one did not come back");
});

test("by weight the part of a server that is frozen, and of one that takes ten seconds, goes to the others while they last [F39]", async (t) => {
  const here = await scene(s, { people: PEOPLE });
  const [good, frozen, slow] = [await route(here), await route(here), await route(here, { slow: 10_000 })];
  const engine = running(t, PATIENCE);
  stop(frozen);
  const campaign = await campaignOver(here, [good, frozen, slow], "weight");
  await ended(campaign, engine, 60_000);
  assert.deepEqual(await states(s, campaign), { accepted: PEOPLE });
  assert.ok((await taken(slow, campaign)).n <= 12);
  assert.equal((await taken(frozen, campaign).catch(() => ({ n: 0 }))).n, 0);
  go(frozen);
});
