import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import type { ServerInput } from "../../lib/servers/types.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { CHANGES, localDay, mostWithin, setClock } from "../support/limits.ts";
import { startProxy } from "../support/proxy.ts";
import { launched, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { type SinkOptions, startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });
const LONG = Boolean(process.env.ASSENSO_TEST_LONG);
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const DAY = 24 * HOUR;

/**
 * A campaign over a server with limits, sent by several workers. `arrived`: when each message was at the sink, on the database's clock: the sink's own plus how far
 * that one was set away from it at that moment.
 */
async function sending(
  t: { after(work: () => Promise<void>): void },
  o: {
    people: number;
    workers: number;
    limits: Omit<Partial<ServerInput>, "password">;
    begin: number;
    sink?: SinkOptions;
    directUrl?: string;
  },
) {
  const sink = await startSink(o.sink);
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const set: { from: number; offset: number }[] = [];
  // All that was due by the former clock has come by then; what comes next may come before PostgreSQL's answer does, or in the same millisecond as the last.
  const to = async (at: number) => {
    const from = sink.kept.length;
    set.push({ from, offset: await setClock(d, at) });
  };
  await to(o.begin);
  const here = await scene(s, { people: o.people });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port, ...o.limits });
  const campaign = await launched(s, { scene: here, server });
  const engines = Array.from({ length: o.workers }, () =>
    testEngine(d, s, o.directUrl ? { directUrl: o.directUrl } : {}),
  );
  t.after(async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
    await s.db.execute(sql`update campaigns set state = 'cancelled' where id = ${campaign}::uuid`);
  });
  return {
    ...{ sink, server },
    moveTo: async (at: number) => {
      await to(at);
      for (const engine of engines) engine.ring();
    },
    arrived: () => sink.kept.map(({ at }, i) => at + (set.findLast(({ from }) => from <= i)?.offset ?? 0)),
  };
}

function count(instants: number[], of: (at: number) => string | number): number[] {
  const found = new Map<string | number, number>();
  for (const at of instants) found.set(of(at), (found.get(of(at)) ?? 0) + 1);
  return [...found.values()];
}

/** The most that PostgreSQL has counted in an hour of a server. */
async function mostOfHour(server: string): Promise<number> {
  const { rows } = await s.db.execute<{ n: number }>(
    sql`select max(campaign) as n from server_windows where server = ${server}::uuid and unit = 'hour'`,
  );
  return rows[0]?.n ?? 0;
}

describe("at the sink, over thirty days around a change of the clocks", () => {
  for (const { zone, season, at } of CHANGES) {
    const change = Date.parse(at);
    const [perDay, perHour] = [12, 7];
    /** On each day just after midnight; on the days around the change every four hours, and around the change each half hour. In the long form each half hour of all. */
    const visits = () => {
      const found = new Set<number>();
      for (let hour = change - 15 * DAY; hour < change + 15 * DAY; hour += HOUR / 2) {
        const begins = localDay(hour, zone) !== localDay(hour - HOUR / 2, zone);
        if (begins) for (const away of LONG ? [-9, 3] : [3]) found.add(hour + away * SECOND);
        const away = Math.abs(hour - change);
        if (LONG || away <= 2 * HOUR || (away <= 14 * HOUR && away % (4 * HOUR) === 0)) found.add(hour + 4 * SECOND);
      }
      return [...found].sort((a, b) => a - b);
    };

    test(`${zone}, ${season}: no hour and no day of the zone has more than its limit, and each has all that was due [F21, AT-07]`, async (t) => {
      const days = visits();
      const limits = { perDay, perHour, zone, connections: 2 };
      const begin = days[0] as number;
      const there = await sending(t, { people: perDay * 33, workers: LONG ? 8 : 1, limits, begin });
      const due = { total: 0, day: new Map<string, number>(), hour: new Map<number, number>() };
      for (const at of days) {
        const [day, hour] = [localDay(at, zone), Math.floor(at / HOUR)];
        const n = Math.min(perDay - (due.day.get(day) ?? 0), perHour - (due.hour.get(hour) ?? 0));
        due.day.set(day, (due.day.get(day) ?? 0) + n);
        due.hour.set(hour, (due.hour.get(hour) ?? 0) + n);
        due.total += n;
        await there.moveTo(at);
        await until(
          () => there.sink.kept.length >= due.total,
          15_000,
          `${there.sink.kept.length} of ${due.total} at ${new Date(at).toISOString()}`,
        );
      }
      await wait(500);
      const arrived = there.arrived();
      assert.equal(arrived.length, due.total);
      assert.ok((await mostOfHour(there.server)) <= perHour);
      assert.ok(Math.max(...count(arrived, (one) => Math.floor(one / HOUR))) <= perHour);
      assert.deepEqual(
        count(arrived, (one) => localDay(one, zone)),
        [...due.day.values()],
      );
      assert.equal(due.day.get(localDay(change, zone)), perDay);
    });
  }
});

test("8 workers, a rolling day of 25 day after day: never more in any 24 hours at the sink, 98 of 100 of the limit used [F20]", async (t) => {
  const [perDay, days, begin] = [25, LONG ? 30 : 5, Date.parse("2027-03-22T08:15:20Z")];
  const limits = { perDay, dayWindow: "rolling", zone: "Europe/Rome" } as const;
  const there = await sending(t, { people: perDay * (days + 1), workers: 8, limits, begin });
  let at = begin;
  for (let day = 1; day <= days; day++) {
    await until(() => there.sink.kept.length >= day * perDay, 15_000);
    // A little before the first of them is forgotten nothing leaves; then all of them may again.
    await there.moveTo(at + DAY - 30 * SECOND);
    at += DAY + 70 * SECOND;
    if (day < days) await there.moveTo(at);
  }
  await wait(500);
  const arrived = there.arrived();
  assert.ok(mostWithin(arrived, DAY) <= perDay);
  assert.ok(arrived.length >= ((at - begin) / DAY) * perDay * 0.98, `${arrived.length}`);
});

test("8 workers, 20 a minute: at the sink in any w seconds at most the limit of w + 1, 98 of 100 of it used [F20]", async (t) => {
  const [perMinute, rounds, begin] = [20, LONG ? 60 : 10, Date.parse("2027-05-04T09:00:00.300Z")];
  const there = await sending(t, { people: perMinute * (rounds + 1), workers: 8, limits: { perMinute }, begin });
  let at = begin;
  for (let round = 1; round <= rounds; round++) {
    await until(() => there.sink.kept.length >= round * perMinute, 15_000);
    const last = Math.max(...there.arrived());
    at = last + 61.5 * SECOND;
    if (round < rounds) await there.moveTo(at);
  }
  await wait(300);
  const arrived = there.arrived();
  assert.ok(mostWithin(arrived, MINUTE) <= perMinute);
  assert.ok(arrived.length >= (((arrived.at(-1) as number) - begin) / MINUTE) * perMinute * 0.98, `${arrived.length}`);
});

test("8 workers, 12 a second: none over in SQL, and at the sink in any w seconds at most the limit of w + 1 [F20]", async (t) => {
  const [perSecond, seconds, begin] = [12, LONG ? 40 : 5, Date.parse("2027-05-04T09:00:00.700Z")];
  const there = await sending(t, {
    people: perSecond * seconds,
    workers: 8,
    limits: { perSecond, connections: 8 },
    begin,
  });
  await until(() => there.sink.kept.length === perSecond * seconds, seconds * 10_000);
  const { rows } = await s.db.execute<{ n: number }>(
    sql`select campaign as n from server_windows where server = ${there.server}::uuid and unit = 'second'`,
  );
  assert.ok(rows.every(({ n }) => n <= perSecond));
  assert.equal(
    rows.reduce((sum, { n }) => sum + n, 0),
    perSecond * seconds,
  );
  const arrived = there.arrived();
  for (const w of [1, 2, 3, 5]) {
    const most = mostWithin(arrived, w * SECOND);
    assert.ok(most <= perSecond * (w + 1), `${most} in ${w} s`);
  }
});

for (const limit of [1, 2]) {
  test(`8 workers, a limit of ${limit} of each kind sends ${limit} [F20, AT-07]`, async (t) => {
    const begin = Date.parse("2027-05-04T09:00:10.100Z");
    const rolling = { perDay: limit, dayWindow: "rolling" } as const;
    const all: Awaited<ReturnType<typeof sending>>[] = [];
    for (const limits of [{ perHour: limit }, { perDay: limit }, rolling, { perMinute: limit }])
      all.push(await sending(t, { people: 9, workers: all.length === 0 ? 8 : 0, limits, begin }));
    await until(() => all.every(({ sink }) => sink.kept.length >= limit));
    await wait(600);
    assert.deepEqual(
      all.map(({ sink }) => sink.kept.length),
      [limit, limit, limit, limit],
    );
  });
}

test("a hand-off whose answer comes too late, as to a process that was frozen, is not sent in the hour after the one it counts in", async (t) => {
  const full = Date.parse("2027-05-04T10:00:00Z");
  const proxy = await startProxy(d.url);
  t.after(() => proxy.close());
  const limits = { perHour: 50, connections: 1, weekdays: 0b0111111 };
  const there = await sending(t, { people: 1, workers: 1, limits, begin: full - 2 * DAY, directUrl: proxy.url });
  await until(async () => (await s.db.execute(sql`select from processes where ended_at is null`)).rowCount === 1);
  proxy.delay("commit", 5 * SECOND);
  await there.moveTo(full - 4 * SECOND);
  await until(() => there.sink.kept.length === 1, 15_000);
  const used = await until(async () => {
    const { rows } = await s.db.execute<{ begins: Date; n: number }>(
      sql`select begins, campaign as n from server_windows where server = ${there.server}::uuid and unit = 'hour' order by begins`,
    );
    return rows.length === 2 && rows.map(({ n }) => n);
  });
  assert.deepEqual(used, [0, 1]);
  assert.ok((there.arrived()[0] as number) >= full);
});
