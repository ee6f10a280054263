import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { processes } from "../../db/schema/installation.ts";
import { servers } from "../../db/schema/servers.ts";
import { suppressionKey } from "../../lib/crypto/address-keys.ts";
import { claim } from "../../lib/delivery/claim.ts";
import { deadAddress } from "../../lib/delivery/dead-address.ts";
import { resumeServer } from "../../lib/servers/pause.ts";
import { forgetDomains, pauseDomain, pausedDomains, resumeDomain } from "../../lib/servers/pause-domain.ts";
import { until } from "../support/engine.ts";
import { type Scene, states } from "../support/sending.ts";
import type { SinkOptions } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, setting, running, fillAll, ended, row } = await engineHouse({ after });

const serverOf = async (server: string) => (await s.db.select().from(servers).where(eq(servers.id, server)))[0];

/** Gives people of a scene addresses at another domain. */
async function move(here: Scene, from: number, to: number, domain: string): Promise<void> {
  await s.db.execute(sql`
    update contacts set address = split_part(address, '@', 1) || '@' || ${domain}::text, address_key = split_part(address, '@', 1) || '@' || ${domain}::text
     where id = any(${sql.param(here.contacts.slice(from, to))}::uuid[])`);
}

test("5.1.1 suppresses the address; 5.7.1 stops that domain alone, suppresses nobody, and ends by itself [F29, AT-19, CB-01]", async (t) => {
  let blocking = true;
  const script: SinkOptions["script"] = ({ to }) => {
    if (to.startsWith("p0@")) return { replies: { rcpt: "550 5.1.1 no such user" } };
    return to.endsWith("@stretto.it") && blocking ? { replies: { rcpt: "554 5.7.1 blocked by policy" } } : undefined;
  };
  const { sink, here, server, campaign } = await setting({
    people: 60,
    sink: { script },
    connections: 1,
    before: (here) => move(here, 5, 25, "stretto.it"),
  });
  const engine = running(t, { deadAddress });
  await until(async () => (await states(s, campaign)).accepted === 39);
  assert.deepEqual(await states(s, campaign), { accepted: 39, rejected: 2, deferred: 19 });
  assert.equal((await serverOf(server))?.pausedAt, null, "one domain is not the server");
  const waiting = await s.db.select().from(deliveries).where(sql`campaign = ${campaign} and state = 'deferred'`);
  assert.deepEqual(new Set(waiting.map((one) => one.reason)), new Set(["domain_paused"]));
  const who = here.who;
  assert.deepEqual(
    (await pausedDomains(s, { who, server })).map((one) => [one.domain, one.reason]),
    [["stretto.it", "policy"]],
  );
  blocking = false;
  await d.moveClock(16 * 60_000);
  engine.ring();
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 58, rejected: 2 });
  assert.equal(sink.kept.length, 58);
  const dead = await row(campaign, here.contacts[0] as string);
  assert.equal(dead.reason, "hard_bounce");
  assert.ok(!JSON.stringify(dead).includes("p0@"));
  const suppressed = await s.db.select().from(suppressions).where(eq(suppressions.organization, here.organization));
  assert.deepEqual(
    suppressed.map((one) => [one.reason, one.key.toString("hex")]),
    [["hard_bounce", suppressionKey(s.keys, s.keys.write, here.organization, "p0@example.it").toString("hex")]],
  );
  await engine.stop();
});

test("two domains that refuse within ten minutes stop the server; the second time of a day it waits for a person [F29, CB-01]", async (t) => {
  const script: SinkOptions["script"] = ({ to }) =>
    to.startsWith("p") && blocking ? { replies: { dot: "550 5.7.1 message refused" } } : undefined;
  let blocking = true;
  const { sink, here, server, campaign } = await setting({
    people: 40,
    sink: { script },
    connections: 2,
    before: (here) => move(here, 0, 20, "altro.it"),
  });
  const engine = running(t);
  await until(async () => (await serverOf(server))?.pausedReason === "policy");
  assert.ok((await serverOf(server))?.retryAt, "it is tried again by itself");
  await until(async () => !(await states(s, campaign)).sending);
  const tried = sink.tried.length;
  await wait(1200);
  assert.equal(sink.tried.length, tried, "a paused server is left alone");
  assert.ok(tried <= 4, `${tried} people paid for it`);
  assert.equal(
    (await s.db.select().from(suppressions).where(eq(suppressions.organization, here.organization))).length,
    0,
  );
  await d.moveClock(16 * 60_000);
  await engine.reconcile();
  await until(async () => (await serverOf(server))?.pausedReason === "policy");
  assert.equal((await serverOf(server))?.retryAt, null, "each try costs people their mail: a person decides");
  blocking = false;
  await resumeServer(s, { who: here.who, server });
  for (const domain of ["altro.it", "example.it"]) await resumeDomain(s, { who: here.who, server, domain });
  engine.ring();
  await ended(campaign, engine);
  const now = await states(s, campaign);
  assert.equal((now.accepted ?? 0) + (now.rejected ?? 0), 40);
  assert.ok((now.rejected ?? 0) <= 8);
  await engine.stop();
});

test("two domains that refuse more than ten minutes apart are two domains; each pause that follows is longer", async () => {
  const { server, here } = await setting({ people: 1 });
  const stop = (domain: string) => pauseDomain(s.db, { server, domain, reason: "policy", reply: "550 5.7.1 no" });
  const minutes = async (domain: string) => {
    const { rows } = await s.db.execute<{ n: number }>(
      sql`select round(extract(epoch from retry_at - paused_at) / 60)::int as n from server_domains where server = ${server}::uuid and domain = ${domain}`,
    );
    return rows[0]?.n;
  };
  assert.equal(await stop("a.it"), "domain");
  assert.equal(await stop("a.it"), "domain", "the same domain twice is one");
  assert.equal(await minutes("a.it"), 15);
  await d.moveClock(11 * 60_000);
  assert.equal(await stop("b.it"), "domain");
  await d.moveClock(5 * 60_000);
  assert.equal(await stop("a.it"), "server");
  assert.equal(await minutes("a.it"), 60);
  assert.equal((await serverOf(server))?.pausedReason, "policy");
  await d.moveClock(61 * 60_000);
  await stop("a.it");
  assert.equal(await minutes("a.it"), 240);
  await resumeDomain(s, { who: here.who, server, domain: "a.it" });
  await assert.rejects(resumeDomain(s, { who: here.who, server, domain: "a.it" }), { code: "NOT_FOUND" });
  await d.moveClock(26 * 3_600_000);
  await forgetDomains(s.db);
  assert.deepEqual((await s.db.execute(sql`select from server_domains where server = ${server}::uuid`)).rows, []);
});

test("two domains that refuse in the same moment stop the server, whichever connection hears it first", async () => {
  for (let i = 0; i < 20; i++) {
    const server = s.randomId();
    const stop = (domain: string) => pauseDomain(s.db, { server, domain, reason: "policy", reply: "550 5.7.1 no" });
    assert.deepEqual((await Promise.all([stop("a.it"), stop("b.it")])).sort(), ["domain", "server"]);
  }
});

test("whoever stands behind a domain that stands still is taken in one go; its people wait until it is tried again", async () => {
  const { server, here, campaign } = await setting({ people: 40, before: (here) => move(here, 0, 30, "fermo.it") });
  await fillAll(campaign);
  await pauseDomain(s.db, { server, domain: "fermo.it", reason: "policy", reply: "550 5.7.1 no" });
  const [found] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
  assert.ok(found?.snapshot);
  const facts = {
    ...{ id: campaign, number: found.number, snapshot: found.snapshot, organization: here.organization, fromName: "" },
    sender: { name: "Libreria", address: "news@libreria.example" },
    envelopeFrom: "news@libreria.example",
    paced: false,
  };
  const [owner] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: new Date(0) })
    .returning();
  const rows = await claim(s, { campaign: facts, server, epoch: owner?.epoch ?? 0, covered: 39, n: 6 });
  assert.deepEqual(
    rows.map((one) => one.position),
    [30, 31, 32, 33, 34, 35],
  );
  assert.deepEqual(await states(s, campaign), { claimed: 6, deferred: 30, pending: 4 });
  const waits = await s.db.execute<{ reason: string; same: boolean }>(sql`
    select distinct d.reason, d.next_at = p.retry_at as same from deliveries d, server_domains p where d.campaign = ${campaign}::uuid and d.state = 'deferred' and p.server = ${server}::uuid`);
  assert.deepEqual(waits.rows, [{ reason: "domain_paused", same: true }]);
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("5.7.x in the greeting, and whatever MAIL is answered, stop the server; nobody is rejected [F29, CB-01]", async (t) => {
  const refusals: [NonNullable<SinkOptions["script"]>, string, boolean][] = [
    [
      () => ({ replies: { greeting: "554 5.7.1 Connections not accepted from blacklisted hosts" } }),
      "reputation",
      true,
    ],
    [() => ({ replies: { mail: "550 5.7.1 not authorized to send" } }), "sender", false],
    [({ to }) => (to ? { replies: { rcpt: "550 MAX RCPT TO DAILY LIMIT" } } : undefined), "throttled", true],
  ];
  for (const [script, reason, comesBack] of refusals) {
    const { server, campaign } = await setting({ people: 5, connections: 2, sink: { script } });
    const engine = running(t);
    await until(async () => (await serverOf(server))?.pausedReason === reason, 10_000, `not stopped for ${reason}`);
    assert.equal((await serverOf(server))?.retryAt !== null, comesBack);
    await until(async () => !(await states(s, campaign)).sending);
    assert.equal((await states(s, campaign)).rejected, undefined);
    await engine.stop();
    await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
  }
});

test("a message that no server takes for its size stops its campaign, not the server", async (t) => {
  const script: SinkOptions["script"] = () => ({ replies: { mail: "552 5.3.4 Message size exceeds fixed limit" } });
  const { server, campaign } = await setting({ people: 30, connections: 2, sink: { script } });
  const engine = running(t);
  const stopped = await until(async () => {
    const [found] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
    return found?.state === "paused" ? found : undefined;
  });
  assert.equal(stopped.pausedReason, "too_large");
  assert.equal((await serverOf(server))?.pausedAt, null);
  await until(async () => !(await states(s, campaign)).sending);
  assert.equal((await states(s, campaign)).rejected, undefined, "lighter pictures, and all of them can have it");
  await engine.stop();
});

test("greylisted people are tried again with the same Message-ID and get it [F26]", async (t) => {
  const seen = new Map<string, number>();
  const script: SinkOptions["script"] = ({ to }) => {
    if (!to.startsWith("p1")) return undefined;
    return (seen.get(to) ?? 0) < 1 ? { replies: { dot: "450 4.2.0 greylisted" } } : undefined;
  };
  const { sink, campaign } = await setting({ people: 12, sink: { script } });
  const engine = running(t);
  const first = await until(async () => {
    const now = await states(s, campaign);
    return now.deferred === 3 && now.accepted === 9;
  });
  assert.ok(first);
  for (const to of ["p1@example.it", "p10@example.it", "p11@example.it"]) seen.set(to, 1);
  await d.moveClock(6 * 60_000);
  engine.ring();
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 12 });
  assert.equal(sink.kept.length, 12);
  const ids = (to: string) => new Set(sink.tried.filter((one) => one.to === to).map((one) => one.messageId));
  assert.equal(sink.tried.length, 15);
  for (const to of seen.keys()) assert.equal(ids(to).size, 1, "each try has the same Message-ID");
  await engine.stop();
});

test("421 and throttling lower the connections and fail nobody [F27, F28]", async (t) => {
  const { sink, campaign } = await setting({ people: 80, connections: 6, sink: { connections: 2 } });
  const engine = running(t);
  await ended(campaign, engine, 20_000);
  assert.deepEqual(await states(s, campaign), { accepted: 80 });
  assert.equal(sink.kept.length, 80);
  await engine.stop();
});

test("a worker for which a server has no room waits; the server does not stand still for those that it takes [F27]", async (t) => {
  const sink: SinkOptions = { connections: 1, slow: 40 };
  const { campaign, server } = await setting({ people: 80, connections: 4, sink });
  const engines = [running(t), running(t)];
  const paused = new Set<string | null | undefined>();
  await until(async () => {
    paused.add((await serverOf(server))?.pausedReason);
    return (await states(s, campaign)).accepted === 80;
  }, 20_000);
  assert.deepEqual([...paused], [null]);
  for (const engine of engines) await engine.stop();
});
