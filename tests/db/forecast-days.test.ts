import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { findCampaign } from "../../lib/campaigns/find.ts";
import type { Forecast } from "../../lib/campaigns/forecast.ts";
import { sweepLate } from "../../lib/campaigns/not-after.ts";
import { planOf } from "../../lib/campaigns/plan.ts";
import { appNow } from "../../lib/clock.ts";
import { look } from "../../lib/delivery/lane-look.ts";
import { progress } from "../../lib/delivery/progress.ts";
import { until } from "../support/engine.ts";
import { launched, scene, sinkServer } from "../support/sending.ts";
import { startSink } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

/** The real engine over simulated days, against its forecast: short, or forty days with every repetition. */
const DAYS = process.env.ASSENSO_TEST_LONG ? 40 : 3;
const { d, s, running, fillAll } = await engineHouse({ after });
const MINUTE = 60_000;

type Ends = Parameters<typeof running>[0];

type Setting = {
  from: string;
  people: number;
  server: Partial<typeof servers.$inferInsert>;
  campaign?: Partial<typeof campaigns.$inferInsert>;
};

const moveTo = async (at: Date) => d.moveClock(at.getTime() - (await appNow(s.db)).getTime());
const set = (id: string, change: Partial<typeof campaigns.$inferInsert>) =>
  s.db.update(campaigns).set(change).where(eq(campaigns.id, id));
const minute = (at: Date) => `${at.toISOString().slice(0, 16)}Z`;

/** A server with limits and a sink of its own, from an instant on. */
async function house(o: Setting) {
  await moveTo(new Date(o.from));
  const sink = await startSink({});
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people: o.people });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port });
  await s.db
    .update(servers)
    .set({ zone: "Europe/Rome", ...o.server })
    .where(eq(servers.id, server));
  return { here, server };
}

async function forecastOf(organization: string, id: string): Promise<Forecast> {
  const campaign = await findCampaign(s.db, { organization, campaign: id });
  const { toDo } = await progress(s.db, { campaign: id });
  return (await planOf(s, { campaign, remaining: toDo })).forecast;
}

/** Lets an engine send at one instant all that it may, until so many are out. */
async function sendUpTo(t: Ends, ids: string[], total: number): Promise<void> {
  const engine = running(t);
  await until(async () => (await accepted(ids)) >= total, 15_000, `not ${total} were sent`);
  await engine.stop();
}

async function accepted(ids: string[]): Promise<number> {
  let sum = 0;
  for (const campaign of ids) sum += (await progress(s.db, { campaign })).done;
  return sum;
}

/** When what left: by minute of the database's clock. */
async function left(campaign: string): Promise<[string, number][]> {
  const { rows } = await s.db.execute<{ at: string; n: string }>(sql`
    select date_trunc('minute', sent_at) as at, count(*) as n from deliveries where campaign = ${campaign}::uuid and state = 'accepted' group by 1 order by 1`);
  return rows.map(({ at, n }) => [minute(new Date(at)), Number(n)]);
}

/** Walks from batch to batch of the forecasts: at each the engine sends what it may; a minute before each it may nothing. */
async function walk(t: Ends, o: { ids: string[]; servers: string[]; forecasts: Forecast[] }): Promise<void> {
  const { ids, servers, forecasts } = o;
  const times = [...new Set(forecasts.flatMap(({ batches }) => batches.map(({ at }) => at.getTime())))].sort(
    (a, b) => a - b,
  );
  let total = await accepted(ids);
  for (const at of times) {
    if (at - MINUTE > (await appNow(s.db)).getTime()) {
      await moveTo(new Date(at - MINUTE));
      for (const server of servers) await nothingMayLeave(server);
    }
    await moveTo(new Date(at + 1));
    total += forecasts.reduce((sum, { batches }) => sum + (batches.find((one) => one.at.getTime() === at)?.n ?? 0), 0);
    await sendUpTo(t, ids, total);
  }
}

/** What an engine's lane would find if it looked now: nothing that may leave. */
async function nothingMayLeave(server: string): Promise<void> {
  const { room, campaigns } = await look(s.db, server);
  assert.ok(room <= 0 || campaigns.length === 0, `${(await appNow(s.db)).toISOString()}: room for ${room}`);
}

async function agree(t: Ends, o: Setting): Promise<Forecast> {
  const { here, server } = await house(o);
  const campaign = await launched(s, { scene: here, server });
  if (o.campaign) await set(campaign, o.campaign);
  await fillAll(campaign);
  const found = await forecastOf(here.organization, campaign);
  await walk(t, { ids: [campaign], servers: [server], forecasts: [found] });
  assert.deepEqual(
    await left(campaign),
    found.batches.map(({ at, n }) => [minute(at), n]),
  );
  return found;
}

test("forty days over a shared server: hour, day and reserve, over the end of summer time, to the minute of each batch [AT-07]", async (t) => {
  const found = await agree(t, {
    from: "2026-10-23T15:20:00Z",
    people: 22 * DAYS,
    server: { perHour: 8, perDay: 25, reserve: 3 },
  });
  assert.ok(found.days.length >= DAYS);
});

test("forty days in a campaign's own days and hours, where clocks move by half an hour; what is late stays out [AT-07]", async (t) => {
  const { here, server } = await house({
    from: "2026-10-01T20:10:00Z",
    people: 20 * DAYS,
    server: { zone: "Australia/Lord_Howe", perHour: 9, perDay: 20 },
  });
  const campaign = await launched(s, { scene: here, server });
  const notAfter = new Date((await appNow(s.db)).getTime() + DAYS * 24 * 60 * MINUTE);
  await set(campaign, { weekdays: 0b1110110, hourFrom: 1, hourTo: 4, notAfter });
  await fillAll(campaign);
  const found = await forecastOf(here.organization, campaign);
  await walk(t, { ids: [campaign], servers: [server], forecasts: [found] });
  assert.deepEqual(
    await left(campaign),
    found.batches.map(({ at, n }) => [minute(at), n]),
  );
  await moveTo(new Date(notAfter.getTime() + MINUTE));
  const out = found.conflicts.find((one) => one.kind === "not_after");
  assert.ok(out && out.n > 0);
  assert.equal(await sweepLate(s.db), out.n);
});

test("forty days of two campaigns on one server, the later one before the other: both end as each was told [AT-07]", async (t) => {
  const { here, server } = await house({
    from: "2027-03-25T17:40:00Z",
    people: 10 * DAYS,
    server: { perHour: 15, perDay: 20 },
  });
  const first = await launched(s, { scene: here, server });
  const urgent = await launched(s, { scene: here, server });
  await set(urgent, { priority: 1 });
  for (const id of [first, urgent]) await fillAll(id);
  const forecasts = [await forecastOf(here.organization, first), await forecastOf(here.organization, urgent)];
  await walk(t, { ids: [first, urgent], servers: [server], forecasts });
  for (const [i, id] of [first, urgent].entries())
    assert.deepEqual(
      await left(id),
      forecasts[i]?.batches.map(({ at, n }) => [minute(at), n]),
    );
});

test("forty working days of a new server: weekdays, hours, holidays, its ramp and the campaign's own pace, over Easter [AT-07]", async (t) => {
  const found = await agree(t, {
    from: "2026-03-26T10:30:00Z",
    people: 14 * DAYS,
    server: {
      ...{ weekdays: 0b0111111, hourFrom: 8, hourTo: 11, restHolidays: true, perHour: 12, perDay: 25 },
      ...{ rampFirst: 4, rampFrom: "2026-03-26" },
    },
    campaign: { perHour: 10 },
  });
  assert.ok(found.days.every(({ day }) => day !== "2026-04-05" && day !== "2026-04-06"));
});

test("forty days of any 24 hours: what left yesterday gives room again to the minute [AT-07]", async (t) => {
  await agree(t, {
    from: "2026-10-22T21:47:00Z",
    people: 15 * DAYS,
    server: { dayWindow: "rolling", perDay: 15, perHour: 4, reserve: 1 },
  });
});

test("forty days of two campaigns in turns on one server: both end as each was told [AT-07]", async (t) => {
  const { here, server } = await house({
    from: "2026-06-10T12:05:00Z",
    people: 10 * DAYS,
    server: { perHour: 15, perDay: 20 },
  });
  const ids = [await launched(s, { scene: here, server }), await launched(s, { scene: here, server })];
  const forecasts: Forecast[] = [];
  for (const id of ids) await fillAll(id);
  for (const id of ids) forecasts.push(await forecastOf(here.organization, id));
  await walk(t, { ids, servers: [server], forecasts });
  for (const [i, id] of ids.entries())
    assert.deepEqual(
      await left(id),
      forecasts[i]?.batches.map(({ at, n }) => [minute(at), n]),
    );
});

test("forty days of a borrower beside the owner of a server: each as it was told [AT-07]", async (t) => {
  const { here, server } = await house({
    from: "2026-02-10T12:05:00Z",
    people: 10 * DAYS,
    server: { perHour: 15, perDay: 40 },
  });
  const guest = await scene(s, { people: 8 * DAYS });
  const at = await appNow(s.db);
  await s.db.insert(serverLoans).values({
    ...{ server, organization: guest.organization, perDay: 11, lentAt: at, liveAt: at, testOk: "yes", testedAt: at },
    ...{ fromName: "Ospite", fromAddress: "news@ospite.example" },
  });
  const ids = [await launched(s, { scene: here, server }), await launched(s, { scene: guest, server })];
  await set(ids[0] ?? "", { priority: 1 });
  for (const id of ids) await fillAll(id);
  const organizations = [here.organization, guest.organization];
  const forecasts: Forecast[] = [];
  for (const [i, id] of ids.entries()) forecasts.push(await forecastOf(organizations[i] ?? "", id));
  await walk(t, { ids, servers: [server], forecasts });
  for (const [i, id] of ids.entries())
    assert.deepEqual(
      await left(id),
      forecasts[i]?.batches.map(({ at, n }) => [minute(at), n]),
    );
});
