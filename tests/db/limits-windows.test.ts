import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { isHoliday } from "../../lib/servers/holidays.ts";
import { opensOn } from "../../lib/servers/hours.ts";
import { rampedPerDay } from "../../lib/servers/ramp.ts";
import type { Server } from "../../lib/servers/types.ts";
import { updateServer } from "../../lib/servers/update.ts";
import { type MailKind, reserve, windowsSql } from "../../lib/servers/windows.ts";
import { freshDatabase } from "../support/database.ts";
import { CHANGES, localDay, mostWithin, seeded, setClock } from "../support/limits.ts";
import { scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { resolve: async () => ["93.184.216.34"] });
const here = await scene(s, { people: 0 });
const LONG = Boolean(process.env.ASSENSO_TEST_LONG);
const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
const DAY = 24 * HOUR;

const made = (limits: Partial<Server>) =>
  sinkServer(s, { organization: here.organization, port: 1, ...(limits as object) });

/** Asks for `n` at a simulated instant. */
async function ask(server: string, at: number, n: number, kind: MailKind = "campaign") {
  await setClock(d, at);
  return s.db.transaction((tx) => reserve(tx, { server, kind, n }));
}

type Left = { at: number; n: number };

/** What left in each part that `of` tells apart. */
function sums(left: Left[], of: (at: number) => string): Map<string, number> {
  const found = new Map<string, number>();
  for (const { at, n } of left) found.set(of(at), (found.get(of(at)) ?? 0) + n);
  return found;
}

const each = (left: Left[]) => left.flatMap(({ at, n }) => Array.from({ length: n }, () => at));

describe("thirty days around a change of the clocks", () => {
  for (const { zone, season, at: change } of CHANGES) {
    const [begin, end] = [Date.parse(change) - 15 * DAY, Date.parse(change) + 15 * DAY];
    // Irregular, so that every hour of the day is met; in the long form every hour of every day is.
    const step = LONG ? 19 * MINUTE : 4 * HOUR + 47 * MINUTE;
    const instants = () => {
      const random = seeded(begin / HOUR);
      const found: number[] = [];
      for (let at = begin; at < end; at += step) found.push(at + Math.floor(random() * step));
      return [...found, Date.parse(change) - SECOND, Date.parse(change) + SECOND].sort((a, b) => a - b);
    };

    test(`${zone}, ${season}: no calendar day and no hour has more, and each day has all that is its own [F21, AT-07]`, async () => {
      const server = await made({ zone, perDay: 40, perHour: 30, reserve: 4 });
      const left: Left[] = [];
      for (const at of instants()) {
        const { n, at: moment } = await ask(server, at, 99);
        left.push({ at: moment.getTime(), n });
      }
      const days = sums(left, (at) => localDay(at, zone));
      const hours = sums(left, (at) => String(Math.floor(at / HOUR)));
      assert.ok(Math.max(...hours.values()) <= 26, "an hour had more");
      // The first and the last are not looked at whole.
      assert.deepEqual([...new Set([...days.values()].slice(1, -1))], [36], JSON.stringify([...days]));
    });

    // Any 24 hours know no calendar: in the short form once for a day of 25 hours.
    const rolling = LONG || (zone === "Europe/Rome" && season === "autumn");
    if (!rolling) continue;
    test(`${zone}, ${season}: never more in any 24 hours, and 98 of 100 of the limit used [F21]`, async () => {
      const server = await made({ zone, perDay: 40, dayWindow: "rolling" });
      const random = seeded(begin / HOUR + 1);
      const left: Left[] = [];
      let at = begin + Math.floor(random() * HOUR);
      while (at < end) {
        // In lots of any size, some at once and some later: the window is full of different ages.
        const got = await ask(server, at, 8 + Math.floor(random() * 30));
        left.push({ at: got.at.getTime(), n: got.n });
        at = got.at.getTime() + Math.max(got.waitMs, SECOND) + Math.floor(random() * 20 * MINUTE * Number(got.n > 0));
      }
      const all = each(left);
      assert.equal(mostWithin(all, DAY), 40);
      const most = ((end - begin) / DAY) * 40;
      assert.ok(all.length >= most * 0.98, `${all.length} of ${most}`);
    });
  }
});

test("limits of 1 and 2: a rolling day of 1 lets 1 leave, of 2 lets 2, and the next when the first is 24 hours old", async () => {
  for (const perDay of [1, 2]) {
    const server = await made({ perDay, dayWindow: "rolling" });
    const begin = Date.parse("2027-05-04T09:17:31Z");
    assert.equal((await ask(server, begin, 5)).n, perDay);
    assert.equal((await ask(server, begin + 12 * HOUR, 5)).n, 0);
    const full = await ask(server, begin + DAY - SECOND, 5);
    assert.equal(full.n, 0);
    assert.ok(full.waitMs > SECOND && full.waitMs < 2 * MINUTE, `${full.waitMs}`);
    assert.equal((await ask(server, full.at.getTime() + full.waitMs, 5)).n, perDay);
  }
});

test("the reserve of a rolling day: campaigns leave it, system mail uses it, and nobody exceeds the limit [F24]", async () => {
  const server = await made({ perDay: 20, reserve: 5, dayWindow: "rolling" });
  const begin = Date.parse("2027-06-01T10:00:10Z");
  assert.equal((await ask(server, begin, 99)).n, 15);
  assert.equal((await ask(server, begin + HOUR, 2, "system")).n, 2);
  assert.equal((await ask(server, begin + 2 * HOUR, 99)).n, 0);
  assert.equal((await ask(server, begin + 3 * HOUR, 9, "system")).n, 3);
  // All of it was system mail's: campaigns then find what they had, less nothing.
  assert.equal((await ask(server, begin + DAY + 2 * MINUTE, 99)).n, 15);
});

test("who changes from calendar days to any 24 hours takes along what the last 24 have used", async () => {
  const server = await made({ perDay: 10, zone: "Europe/Rome" });
  const evening = Date.parse("2027-05-04T20:30:00Z");
  assert.equal((await ask(server, evening, 10)).n, 10);
  const next = Date.parse("2027-05-05T06:00:00Z");
  await setClock(d, next);
  const [row] = await s.db.select().from(servers).where(eq(servers.id, server));
  const { kind, name, host, port, encryption, fromName, fromAddress } = row as Server & { kind: "dedicated" };
  const same = { kind, name, host: "8.8.8.8", port: 25, encryption, auth: "none", fromName, fromAddress } as const;
  assert.ok(host && port);
  await updateServer(s, { who: here.who, server, ...same, dayWindow: "rolling" });
  assert.equal((await ask(server, next + MINUTE, 10)).n, 0);
  assert.equal((await ask(server, evening + DAY - MINUTE, 10)).n, 0);
  assert.equal((await ask(server, evening + DAY + HOUR, 10)).n, 10);
});

test("a minute is any sixty seconds: never more, and 98 of 100 of the limit used", async () => {
  const server = await made({ perMinute: 7 });
  const random = seeded(41);
  const left: Left[] = [];
  const begin = Date.parse("2027-05-04T09:00:00.400Z");
  let at = begin;
  while (at < begin + (LONG ? 300 : 40) * MINUTE) {
    const got = await ask(server, at, 1 + Math.floor(random() * 9));
    left.push({ at: got.at.getTime(), n: got.n });
    at = got.at.getTime() + Math.max(got.waitMs, 1);
  }
  const all = each(left);
  assert.equal(mostWithin(all, MINUTE), 7);
  const most = ((at - begin) / MINUTE) * 7;
  assert.ok(all.length >= most * 0.98, `${all.length} of ${most}`);
});

test("a second is one of the clock, closed in its last tenth; a tenth of a minute is kept for system mail", async () => {
  const server = await made({ perSecond: 3, perMinute: 20, reserve: 50 });
  const begin = Date.parse("2027-05-04T09:00:00Z");
  assert.equal((await ask(server, begin + 100, 2)).n, 2);
  assert.equal((await ask(server, begin + 500, 2)).n, 1);
  assert.equal((await ask(server, begin + 5930, 2)).n, 0);
  let n = 3;
  for (let second = 10; second < 30; second++) n += (await ask(server, begin + second * SECOND + 50, 3)).n;
  assert.equal(n, 18);
  assert.equal((await ask(server, begin + 31 * SECOND, 9, "system")).n, 2);
});

test("all of each second's limit is used by whoever asks again and again", async () => {
  const server = await made({ perSecond: 5 });
  const [begin, seconds] = [Date.parse("2027-05-04T09:00:00Z"), 12];
  let n = 0;
  for (let at = begin; at < begin + seconds * SECOND; at += 170) n += (await ask(server, at, 2)).n;
  assert.equal(n, 5 * seconds);
});

test("nothing leaves in the last two seconds of an hour or a day with a limit: what is counted in one arrives in it", async () => {
  const hourly = await made({ perHour: 9 });
  const daily = await made({ perDay: 9, zone: "Europe/Rome" });
  const free = await made({});
  const midnight = Date.parse("2027-05-04T22:00:00Z");
  for (const [server, expected] of [
    [hourly, 0],
    [daily, 0],
    [free, 5],
  ] as const) {
    assert.equal((await ask(server, midnight - 1500, 5)).n, expected);
    assert.equal((await ask(server, midnight - 3000, 5)).n, 5);
    assert.equal((await ask(server, midnight, 5)).n, 5);
  }
});

test("weekdays, hours and holidays in SQL are those of the calendar, in both zones; system mail leaves at any time", async () => {
  const random = seeded(7);
  const choose = (n: number) => Math.floor(random() * n);
  for (let i = 0; i < (LONG ? 2000 : 150); i++) {
    const zone = CHANGES[choose(4)]?.zone as string;
    const hourFrom = choose(23);
    const hours = {
      weekdays: 1 + choose(127),
      hourFrom,
      hourTo: hourFrom + 1 + choose(24 - hourFrom),
      restHolidays: choose(2) === 1,
    };
    // Half of them at Christmas and New Year.
    const day = choose(2)
      ? Date.parse("2027-12-24T00:00:00Z") + choose(10) * DAY
      : Date.parse("2026-01-01T00:00:00Z") + choose(1500) * DAY;
    const at = day + choose(DAY);
    const server = await made({ zone, ...hours });
    const { rows } = await s.db.execute<{ c: number | null; r: number | null }>(
      sql`select room_campaign as c, room_system as r from (${windowsSql(server, sql`${new Date(at).toISOString()}::timestamptz`)}) w where unit = 'open'`,
    );
    const open = [at, at + 2000].every((one) => {
      const hour = Number(
        new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", hourCycle: "h23" }).format(one),
      );
      return opensOn(localDay(one, zone), hours) && hour >= hours.hourFrom && hour < hours.hourTo;
    });
    assert.deepEqual(rows[0], { c: open ? null : 0, r: null }, JSON.stringify({ zone, ...hours, at: new Date(at) }));
  }
});

test("holidays and the ramp say in SQL what they say in TypeScript, day by day", async () => {
  const server = await made({
    weekdays: 127,
    restHolidays: true,
    zone: "UTC",
    rampFirst: 7,
    rampFrom: "2027-03-20",
    perDay: 5000,
  });
  const { rows } = await s.db.execute<{ day: string; open: boolean; most: number }>(sql`
    select to_char(day, 'YYYY-MM-DD') as day, bool_and(room_campaign is distinct from 0) filter (where unit = 'open') as open, max(most) filter (where unit = 'day') as most
      from generate_series('2025-01-01'::timestamp, '2029-12-31', '1 day') day
      cross join lateral (${windowsSql(server, sql`(day + interval '12 hours') at time zone 'UTC'`)}) w group by day`);
  assert.equal(rows.length, 1826);
  const ramp = { rampFirst: 7, rampFrom: "2027-03-20", perDay: 5000 };
  for (const { day, open, most } of rows)
    assert.deepEqual([open, most], [!isHoliday(day), rampedPerDay(ramp, day)], day);
});

test("limits of recipient domains: its own entry, else that of all; one that is full keeps nobody else waiting", async () => {
  const none = { perMinute: null, perHour: null, perDay: null };
  const domainLimits = [
    { domain: "gmail.com", ...none, perHour: 3 },
    { domain: "*", ...none, perDay: 2 },
  ];
  const server = await made({ domainLimits, zone: "Europe/Rome", reserve: 10 });
  const begin = Date.parse("2027-05-04T09:30:00Z");
  const take = async (at: number, domains: string[]) => {
    await setClock(d, at);
    return s.db.transaction((tx) => reserve(tx, { server, kind: "system", n: domains.length, domains }));
  };
  const asked = ["gmail.com", "a.it", "gmail.com", "a.it", "gmail.com", "a.it", "gmail.com", "b.it"];
  const first = await take(begin, asked);
  assert.deepEqual(first.granted, [0, 1, 2, 3, 4, 7]);
  assert.deepEqual(
    first.later.map(({ i, at }) => [i, at.toISOString()]),
    [
      [5, "2027-05-04T22:00:00.000Z"],
      [6, "2027-05-04T10:00:00.000Z"],
    ],
  );
  assert.deepEqual((await take(begin + HOUR, asked)).granted, [0, 2, 4, 7]);
  assert.deepEqual((await take(begin + DAY, asked)).granted, [0, 1, 2, 3, 4, 7]);
});
