import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { contacts } from "../../db/schema/contacts.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { usedWindows } from "../../lib/servers/find.ts";
import type { ServerInput } from "../../lib/servers/types.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { setClock, systemMail } from "../support/limits.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { type SinkOptions, startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });
const HOUR = 3_600_000;
/** A Tuesday, half past nine in Rome. */
const TUESDAY = Date.parse("2027-05-04T07:30:00Z");
/** How long whatever is too much has to arrive. */
const SETTLED = 500;

/** A house with a server that leads to a sink of its own. */
async function house(o: { people: number; limits?: Partial<ServerInput>; sink?: SinkOptions; at?: number }) {
  const sink = await startSink({ keep: true, ...o.sink });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  await setClock(d, o.at ?? TUESDAY);
  const here = await scene(s, { people: o.people });
  const { password: _, ...limits } = o.limits ?? {};
  const server = await sinkServer(s, { organization: here.organization, port: sink.port, ...limits });
  return { sink, here, server };
}

/** Engines that are stopped, and campaigns that are over, when the test ends. */
function engines(t: { after(work: () => Promise<void>): void }, n: number) {
  const all = Array.from({ length: n }, () => testEngine(d, s));
  t.after(async () => {
    await Promise.all(all.map((engine) => engine.stop()));
    await s.db.execute(sql`update campaigns set state = 'cancelled' where state = 'sending'`);
  });
  return {
    at: async (at: number) => {
      await setClock(d, at);
      for (const engine of all) engine.ring();
    },
  };
}

const change = (campaign: string, set: Partial<typeof campaigns.$inferInsert>) =>
  s.db.update(campaigns).set(set).where(eq(campaigns.id, campaign));

/** A campaign whose audience is all there. */
async function filled(o: Parameters<typeof launched>[1]): Promise<string> {
  const campaign = await launched(s, o);
  while (await fillSnapshot(s, { campaign }));
  return campaign;
}

/** Whose campaign each message was, in the order in which they came. */
async function whose(sink: { kept: { messageId: string }[] }, names: Record<string, string>): Promise<string> {
  const rows = await s.db.select({ id: campaigns.id, number: campaigns.number }).from(campaigns);
  const name = new Map(rows.map((row) => [String(row.number), names[row.id] ?? "?"]));
  return sink.kept.map((one) => name.get(/^<c(\d+)\./.exec(one.messageId)?.[1] ?? "") ?? "-").join("");
}

test("a shared server of 250 a day and 60 an hour with 20 kept: 230 of 1,000 on day 1, and on day 2 [CB-04, AT-07]", async (t) => {
  const limits = { perDay: 250, perHour: 60, reserve: 20, zone: "Europe/Rome" };
  const midnight = Date.parse("2027-05-03T22:00:05Z");
  const { sink, here, server } = await house({ people: 1000, limits, at: midnight });
  const campaign = await launched(s, { scene: here, server });
  const clock = engines(t, 2);
  for (let hour = 0; hour < 9; hour++) {
    await clock.at(midnight + hour * HOUR);
    await until(
      () => sink.kept.length >= Math.min(230, (hour + 1) * 40),
      10_000,
      `${sink.kept.length} in hour ${hour}`,
    );
  }
  await wait(SETTLED);
  assert.equal(sink.kept.length, 230);
  assert.deepEqual((await usedWindows(s.db, server)).day, { campaign: 230, system: 0 });
  for (let i = 0; i < 21; i++) await systemMail(s, here.organization);
  await clock.at(midnight + 10 * HOUR);
  await until(() => sink.kept.length >= 250);
  await wait(SETTLED);
  assert.equal(sink.kept.length, 250, "one confirmation waits for tomorrow, nobody exceeds");
  await clock.at(midnight + 24 * HOUR);
  // The one that waited is of the reserve; campaigns have 230 again, 39 or 40 of them in this hour.
  await until(() => sink.kept.length >= 291);
  await until(async () => (await states(s, campaign)).accepted === 270);
});

test("campaigns wait for open hours, weekdays and holidays; system mail does not, and another server neither [AT-08]", async (t) => {
  const limits = { weekdays: 0b0011111, hourFrom: 9, hourTo: 18, restHolidays: true, zone: "Europe/Rome" };
  const evening = Date.parse("2027-04-30T16:10:00Z");
  const { sink, here, server } = await house({ people: 10, limits, at: evening });
  const other = await house({ people: 10, at: evening });
  await launched(s, { scene: here, server });
  const clock = engines(t, 1);
  await systemMail(s, here.organization);
  await clock.at(evening);
  await until(() => sink.kept.length === 1);
  await launched(s, { scene: other.here, server: other.server });
  await clock.at(evening + 1000);
  await until(() => other.sink.kept.length === 10);
  // Saturday 1 May is a holiday too; Monday at 8.59, and at 9.
  for (const closed of ["2027-05-01T10:00:00Z", "2027-05-02T10:00:00Z", "2027-05-03T06:59:40Z"]) {
    await clock.at(Date.parse(closed));
    await wait(SETTLED / 2);
    assert.equal(sink.kept.length, 1, closed);
  }
  await clock.at(Date.parse("2027-05-03T07:00:01Z"));
  await until(() => sink.kept.length === 11);
});

test("a connection carries so many messages, then there is a new one", async (t) => {
  const { sink, here, server } = await house({ people: 20, limits: { messagesPerConnection: 7, connections: 1 } });
  await launched(s, { scene: here, server });
  engines(t, 1);
  await until(() => sink.kept.length === 20);
  const talks = sink.lines.map((line) => line.slice(0, 4)).filter((verb) => verb === "EHLO" || verb === "MAIL");
  const carried = talks
    .join("")
    .split("EHLO")
    .slice(1)
    .map((talk) => talk.length / 4);
  assert.deepEqual(carried, [7, 7, 6]);
});

test("a ramp: half as many again each day, from its first figure up to the limit", async (t) => {
  const limits = { perDay: 20, rampFirst: 6, rampFrom: "2027-05-04", zone: "Europe/Rome" };
  const { sink, here, server } = await house({ people: 60, limits });
  await launched(s, { scene: here, server });
  const clock = engines(t, 1);
  for (const [day, total] of [6, 15, 28, 48].entries()) {
    await clock.at(TUESDAY + day * 24 * HOUR);
    await until(() => sink.kept.length >= total);
    await wait(SETTLED / 2);
    assert.equal(sink.kept.length, total);
  }
});

test("a recipient domain over its limit is put off until its window ends; all others leave at once, with four workers", async (t) => {
  const domainLimits = [{ domain: "gmail.com", perMinute: null, perHour: 4, perDay: null }];
  const { sink, here, server } = await house({ people: 60, limits: { domainLimits } });
  // The first forty write from one domain: the others stand behind them.
  const first = (
    await s.db
      .select({ id: contacts.id })
      .from(contacts)
      .where(eq(contacts.organization, here.organization))
      .orderBy(contacts.id)
  ).slice(0, 40);
  for (const [i, { id }] of first.entries())
    await s.db
      .update(contacts)
      .set({ address: `g${i}@gmail.com`, addressKey: `g${i}@gmail.com` })
      .where(eq(contacts.id, id));
  const campaign = await launched(s, { scene: here, server });
  const clock = engines(t, 4);
  const to = (domain: string) => sink.kept.filter((one) => one.to.endsWith(domain)).length;
  await until(() => to("@example.it") === 20 && to("@gmail.com") === 4);
  await wait(SETTLED);
  assert.equal(to("@gmail.com"), 4);
  const { rows } = await s.db.execute<{ state: string; reason: string; at: Date; n: number }>(sql`
    select state, reason, next_at as at, count(*)::int as n from deliveries where campaign = ${campaign}::uuid and state <> 'accepted' group by 1, 2, 3`);
  assert.deepEqual(
    rows.map((row) => [row.state, row.reason, new Date(row.at).toISOString(), row.n]),
    [["deferred", "domain_limit", "2027-05-04T08:00:00.000Z", 36]],
  );
  // System mail counts, and waits like everybody: of the next hour's four it takes one.
  await systemMail(s, here.organization, "ada@gmail.com");
  await clock.at(TUESDAY + HOUR / 2 + 1000);
  await until(() => to("@gmail.com") === 8);
  await wait(SETTLED);
  assert.equal(to("@gmail.com"), 8);
  assert.ok(sink.kept.some((one) => one.to === "ada@gmail.com"));
});

test("a campaign's own pace is kept, by two servers together, and holds up nobody else", async (t) => {
  const one = await house({ people: 12, limits: { perHour: 50 } });
  const two = await sinkServer(s, { organization: one.here.organization, port: one.sink.port });
  const slow = await launched(s, { scene: one.here, server: one.server });
  await s.db.execute(sql`insert into campaign_servers (campaign, server) values (${slow}::uuid, ${two}::uuid)`);
  await change(slow, { perHour: 3, launchedAt: new Date(TUESDAY - HOUR) });
  const fast = await launched(s, { scene: one.here, server: one.server });
  const clock = engines(t, 3);
  for (const n of [3, 6]) {
    await until(async () => ((await states(s, slow)).accepted ?? 0) >= n && (await states(s, fast)).accepted === 12);
    await wait(SETTLED);
    assert.equal((await states(s, slow)).accepted, n);
    await clock.at(TUESDAY + (n / 3) * HOUR);
  }
  await until(async () => (await states(s, slow)).accepted === 9);
});

test("equal campaigns share an hour's limit in turns, also while some rows are in hand; the higher priority goes first", async (t) => {
  const limits = { perHour: 13, connections: 1 };
  const { sink, here, server } = await house({ people: 30, limits, sink: { slow: 20 } });
  const [a, b] = [await filled({ scene: here, server }), await filled({ scene: here, server })];
  const clock = engines(t, 1);
  // What was taken in the old hour and had no room there goes first in the next.
  const held = async () => (await Promise.all([a, b].map((one) => states(s, one)))).some(({ claimed }) => claimed);
  await until(async () => sink.kept.length >= 13 && !(await held()));
  assert.match(await whose(sink, { [a]: "a", [b]: "b" }), /^((ab)+a|(ba)+b)$/);
  const c = await filled({ scene: here, server });
  await change(c, { priority: 2 });
  await clock.at(TUESDAY + HOUR);
  await until(() => sink.kept.length >= 26);
  assert.equal((await whose(sink, { [a]: "a", [b]: "b", [c]: "c" })).slice(13), "c".repeat(13));
});

test("with one message an hour each of two campaigns comes to its turn, also when each hour another process sends", async (t) => {
  const { sink, here, server } = await house({ people: 9, limits: { perHour: 1 } });
  const [a, b] = [await filled({ scene: here, server }), await filled({ scene: here, server })];
  engines(t, 0);
  for (let hour = 0; hour < 4; hour++) {
    await setClock(d, TUESDAY + hour * HOUR);
    const engine = testEngine(d, s);
    await until(() => sink.kept.length > hour);
    await engine.stop();
  }
  assert.match(await whose(sink, { [a]: "a", [b]: "b" }), /^(abab|baba)$/);
});

test("confirmations leave at once while campaigns have used up an hour, a day, any 24 hours or a minute of their servers [AT-09, F24]", async (t) => {
  const limits = [
    { perHour: 30, reserve: 10 },
    { perDay: 30, reserve: 10 },
    { perDay: 30, dayWindow: "rolling", reserve: 10 },
    { perMinute: 100, reserve: 10 },
  ] as const;
  const most = [20, 20, 20, 90];
  const houses: Awaited<ReturnType<typeof house>>[] = [];
  for (const one of limits) houses.push(await house({ people: 150, limits: one, sink: { slow: 5 } }));
  const under: string[] = [];
  for (const { here, server } of houses) under.push(await launched(s, { scene: here, server }));
  engines(t, 2);
  await until(() => houses.every(({ sink }, i) => sink.kept.length >= (most[i] as number)));
  const begun = performance.now();
  for (const { here } of houses)
    for (let i = 0; i < 8; i++) await systemMail(s, here.organization, `chiede${i}@example.it`);
  const came = ({ sink }: (typeof houses)[number]) => sink.kept.filter((one) => one.to.startsWith("chiede")).length;
  await until(() => houses.every((one) => came(one) === 8), 20_000);
  assert.ok(performance.now() - begun < 20_000);
  await wait(SETTLED);
  const accepted = await Promise.all(under.map(async (campaign) => (await states(s, campaign)).accepted));
  assert.deepEqual(accepted, most);
});

test("a campaign that waits for its window blocks neither another server nor a confirmation, of its own organization or another [AT-08]", async (t) => {
  const waiting = await house({ people: 12, limits: { perHour: 3, reserve: 2 } });
  const other = await house({ people: 12 });
  const campaign = await launched(s, { scene: waiting.here, server: waiting.server });
  await launched(s, { scene: other.here, server: other.server });
  const clock = engines(t, 1);
  await until(() => waiting.sink.kept.length === 1 && other.sink.kept.length === 12);
  for (const { here } of [waiting, other]) await systemMail(s, here.organization);
  await clock.at(TUESDAY + 1000);
  await until(() => waiting.sink.kept.length === 2 && other.sink.kept.length === 13);
  assert.deepEqual(await states(s, campaign), { accepted: 1, pending: 11 });
});
