import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { dayOf } from "../text/calendar-day.ts";
import { type ForecastInput, forecast } from "./forecast.ts";
import type { Route } from "./forecast-route.ts";
import { ANY_HOUR, type Task } from "./forecast-task.ts";

const none = { campaign: 0, system: 0 };
const server: Route = {
  id: "a",
  limits: { perSecond: null, perMinute: null, perHour: null, perDay: null, reserve: 0 },
  dayWindow: "calendar",
  zone: "Europe/Rome",
  hours: { ...ANY_HOUR, restHolidays: false },
  ramp: { rampFirst: null, rampFrom: null },
  used: { hour: none, day: none },
  speed: 10,
  expiresOn: null,
};
const mine: Task = {
  id: "mine",
  organization: "us",
  remaining: 2964,
  priority: 0,
  perHour: null,
  hours: ANY_HOUR,
  zone: "Europe/Rome",
  servers: [{ id: "a", weight: 1 }],
  split: "capacity",
};
const AT = new Date("2026-12-01T08:00:00Z");

type Asked = { at?: Date; task?: Partial<Task>; server?: Partial<Route>; limits?: Partial<Route["limits"]> };

/** A forecast of one campaign on one server, with what differs from the usual. */
function of(o: Asked & Partial<Omit<ForecastInput, "at" | "task">>) {
  const { at = AT, task, server: parts, limits, others = [], ...more } = o;
  const route = { ...server, ...parts, limits: { ...server.limits, ...limits } };
  return forecast({ at, task: { ...mine, ...task }, others, routes: [route], ...more });
}

const ns = (f: { days: { n: number }[] }) => f.days.map(({ n }) => n);

test("250 a day: 2,964 people take twelve days, the last one a part of its day", () => {
  const f = of({ limits: { perDay: 250 } });
  assert.equal(f.days.length, 12);
  assert.deepEqual(f.days[0], { day: "2026-12-01", n: 250, late: 0 });
  assert.deepEqual(f.days.at(-1), { day: "2026-12-12", n: 2964 - 11 * 250, late: 0 });
  // From midnight in Rome at ten a second: 214 messages take 21.4 s.
  assert.equal(f.end?.toISOString(), "2026-12-11T23:00:21.400Z");
  assert.deepEqual(f.batches[1], { at: new Date("2026-12-01T23:00:00Z"), n: 250 });
  assert.deepEqual(f.conflicts, []);
});

test("the reserve is kept of each day and hour, and system mail that was sent counts once", () => {
  const day = (used: { campaign: number; system: number }) =>
    of({ limits: { perDay: 250, reserve: 20 }, server: { used: { hour: none, day: used } } }).days[0]?.n;
  assert.equal(day(none), 230);
  assert.equal(day({ campaign: 0, system: 15 }), 230);
  assert.equal(day({ campaign: 100, system: 40 }), 110);
  const hours = of({ task: { remaining: 100 }, limits: { perHour: 60, reserve: 10 } });
  assert.equal(hours.end?.toISOString(), "2026-12-01T09:00:05.000Z"); // 50 in this hour, 50 in the next
});

test("days of 23 and 25 hours are one day each, of 23.5 and 24.5 too [AT-07]", () => {
  const from = (at: string, zone: string, remaining: number) =>
    of({ at: new Date(at), task: { remaining }, limits: { perHour: 1 }, server: { zone } }).days.map(({ day, n }) => [
      day,
      n,
    ]);
  assert.deepEqual(from("2026-03-28T23:00:00Z", "Europe/Rome", 60), [
    ["2026-03-29", 23],
    ["2026-03-30", 24],
    ["2026-03-31", 13],
  ]);
  assert.deepEqual(from("2026-10-24T22:00:00Z", "Europe/Rome", 26), [
    ["2026-10-25", 25],
    ["2026-10-26", 1],
  ]);
  // Lord Howe moves its clocks by half an hour: the day limit is that of its own days all the same.
  for (const at of ["2026-04-03T14:00:00Z", "2026-10-02T14:00:00Z"]) {
    const f = of({
      at: new Date(at),
      task: { remaining: 40 },
      limits: { perDay: 7 },
      server: { zone: "Australia/Lord_Howe" },
    });
    assert.deepEqual(ns(f), [7, 7, 7, 7, 7, 5]);
    for (const batch of f.batches.slice(1)) {
      const clock = new Intl.DateTimeFormat("en-GB", { timeZone: "Australia/Lord_Howe", timeStyle: "short" });
      assert.equal(clock.format(batch.at), "00:00");
    }
  }
});

test("nothing leaves outside weekdays and hours, nor on an Italian holiday", () => {
  const f = of({
    at: new Date("2026-04-02T18:30:00Z"), // Thursday before Easter, 20.30 in Rome
    task: { remaining: 250 },
    limits: { perDay: 100 },
    server: { hours: { weekdays: 0b0011111, hourFrom: 9, hourTo: 20, restHolidays: true } },
  });
  // Good Friday is no holiday; Easter Monday is.
  assert.deepEqual(
    f.batches.map(({ at, n }) => [at.toISOString(), n]),
    [
      ["2026-04-03T07:00:00.000Z", 100],
      ["2026-04-07T07:00:00.000Z", 100],
      ["2026-04-08T07:00:00.000Z", 50],
    ],
  );
});

test("a campaign's own hours and pace narrow those of its server", () => {
  const f = of({
    task: { remaining: 25, perHour: 10, hours: { weekdays: 127, hourFrom: 14, hourTo: 16 } },
    server: { hours: { weekdays: 127, hourFrom: 8, hourTo: 15, restHolidays: false } },
  });
  assert.deepEqual(
    f.batches.map(({ at, n }) => [at.toISOString(), n]),
    [
      ["2026-12-01T13:00:00.000Z", 10],
      ["2026-12-02T13:00:00.000Z", 10],
      ["2026-12-03T13:00:00.000Z", 5],
    ],
  );
  assert.equal(of({ task: { remaining: 5, perHour: 10, usedThisHour: 8 } }).batches[0]?.n, 2);
});

test("a ramp lets more leave each day, up to the limit", () => {
  const f = of({
    task: { remaining: 500 },
    limits: { perDay: 200 },
    server: { ramp: { rampFirst: 50, rampFrom: "2026-12-01" } },
  });
  assert.deepEqual(ns(f), [50, 75, 112, 168, 95]);
});

test("a rolling day: no 24 hours have more than the limit, wherever they begin", () => {
  const f = of({
    at: new Date("2026-12-01T15:30:00Z"),
    task: { remaining: 120 },
    limits: { perDay: 50 },
    server: { dayWindow: "rolling", past: [{ minute: new Date("2026-12-01T10:12:00Z"), n: 30 }] },
  });
  // As soon as what left yesterday is more than 24 hours ago, to the minute.
  assert.deepEqual(
    f.batches.map(({ at, n }) => [at.toISOString(), n]),
    [
      ["2026-12-01T15:30:00.000Z", 20],
      ["2026-12-02T10:13:02.000Z", 30],
      ["2026-12-02T15:31:02.000Z", 20],
      ["2026-12-03T10:14:02.000Z", 30],
      ["2026-12-03T15:32:02.000Z", 20],
    ],
  );
  for (const { at } of f.batches) {
    const within = f.batches.filter((one) => one.at >= at && one.at.getTime() - at.getTime() < 24 * 3_600_000);
    assert.ok(within.reduce((sum, { n }) => sum + n, 0) <= 50);
  }
});

test("of the campaigns on a server the higher priority goes first, equal ones take turns, and each is named", () => {
  const other = (o: Partial<Task>): Task => ({ ...mine, id: "other", remaining: 400, ...o });
  const before = of({ task: { remaining: 100 }, limits: { perDay: 250 }, others: [other({ priority: 1 })] });
  assert.deepEqual(before.days, [{ day: "2026-12-02", n: 100, late: 0 }]);
  assert.deepEqual(before.conflicts, [
    { kind: "collision", task: "other", n: 400, until: new Date("2026-12-01T23:00:15.000Z") },
  ]);
  const equal = of({ task: { remaining: 200 }, limits: { perDay: 250 }, others: [other({})] });
  assert.deepEqual(ns(equal), [125, 75]);
  const lower = of({ task: { remaining: 200 }, limits: { perDay: 250 }, others: [other({ priority: -1 })] });
  assert.deepEqual(ns(lower), [200]);
  const later = of({ task: { remaining: 200 }, others: [other({ notBefore: new Date("2027-01-01T00:00:00Z") })] });
  assert.deepEqual(later.conflicts, []);
  const elsewhere = of({ task: { remaining: 200 }, others: [other({ servers: [{ id: "b", weight: 1 }] })] });
  assert.deepEqual(elsewhere.conflicts, []);
});

test("several servers: what they can carry adds up; by weight each has its part", () => {
  const a = { ...server, limits: { ...server.limits, perDay: 100 } };
  const b = { ...a, id: "b", limits: { ...server.limits, perDay: 300 } };
  const both = (split: Task["split"], weights: [number, number]) =>
    forecast({
      at: AT,
      task: {
        ...mine,
        remaining: 1000,
        split,
        servers: [
          { id: "a", weight: weights[0] },
          { id: "b", weight: weights[1] },
        ],
      },
      others: [],
      routes: [a, b],
    });
  assert.deepEqual(ns(both("capacity", [1, 1])), [400, 400, 200]);
  // 500 each: b is done on the second day, a goes on at 100 a day.
  assert.deepEqual(ns(both("weight", [1, 1])), [400, 300, 100, 100, 100]);
  assert.deepEqual(ns(both("weight", [1, 3])), [400, 400, 200]);
});

test("over a lent server a borrower has its share of the day, its campaigns together, the owner the rest", () => {
  const shares = [{ route: "a", organization: "us", perDay: 50, reserve: 5, used: { campaign: 10, system: 2 } }];
  const alone = of({ task: { remaining: 100 }, shares });
  assert.deepEqual(ns(alone), [35, 45, 20]);
  const both = of({ task: { remaining: 80 }, shares, others: [{ ...mine, id: "second", remaining: 20 }] });
  assert.deepEqual(ns(both), [18, 42, 20]);
  const owner = of({ task: { remaining: 500, organization: "owner" }, shares, limits: { perDay: 400 } });
  assert.deepEqual(ns(owner), [400, 100]);
});

test("what would leave after the server's service has expired is marked, with its number", () => {
  const f = of({ limits: { perDay: 250 }, server: { expiresOn: "2026-12-09" } });
  assert.deepEqual(f.conflicts, [{ kind: "expiry", route: "a", on: "2026-12-09", n: 714 }]);
  assert.deepEqual(
    f.days.map(({ late }) => late),
    [...Array(9).fill(0), 250, 250, 214],
  );
});

test("what cannot leave in time is counted, and is in no day", () => {
  const f = of({ limits: { perDay: 250 }, task: { notAfter: new Date("2026-12-05T09:00:00Z") } });
  assert.deepEqual(ns(f), [250, 250, 250, 250, 250]);
  assert.deepEqual(f.conflicts, [{ kind: "not_after", at: new Date("2026-12-05T09:00:00Z"), n: 1714 }]);
  assert.equal(f.end?.toISOString(), "2026-12-04T23:00:25.000Z");
});

test("retries take room, and the last of them is the end", () => {
  assert.deepEqual(ns(of({ task: { remaining: 200 }, limits: { perDay: 110 }, retries: 0.1 })), [100, 100]);
  const retry = new Date("2026-12-01T12:00:00Z");
  assert.deepEqual(of({ task: { remaining: 2 }, lastRetry: retry }).end, retry);
});

test("a limit a minute is one of any sixty seconds: its number leaves at once, and again when that is more than a minute ago", () => {
  const f = of({ at: new Date("2026-12-01T08:00:30Z"), task: { remaining: 25 }, limits: { perMinute: 10 } });
  assert.equal(f.end?.toISOString(), "2026-12-01T08:02:33.500Z");
});

test("nothing before the server is tried again; a limit below its reserve never ends; nothing to do has ended", () => {
  const later = of({ task: { remaining: 10 }, server: { notBefore: new Date("2026-12-03T10:20:00Z") } });
  assert.equal(later.end?.toISOString(), "2026-12-03T10:20:01.000Z");
  assert.equal(of({ limits: { perDay: 5, reserve: 5 } }).end, null);
  assert.deepEqual(of({ task: { remaining: 0 } }), { days: [], batches: [], end: AT, conflicts: [] });
  assert.equal(forecast({ at: AT, task: mine, others: [], routes: [] }).end, null);
});

const RUNS = process.env.ASSENSO_TEST_LONG ? 3000 : 100;
const limit = fc.option(fc.integer({ min: 1, max: 500 }), { freq: 2 });
const world = fc.record({
  at: fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true }),
  zone: fc.constantFrom("Europe/Rome", "Australia/Lord_Howe", "America/New_York", "Asia/Kathmandu", "UTC"),
  dayWindow: fc.constantFrom("calendar" as const, "rolling" as const),
  limits: fc.record({ perSecond: limit, perMinute: limit, perHour: limit, perDay: limit, reserve: fc.constant(0) }),
  reserve: fc.integer({ min: 0, max: 50 }),
  hours: fc.record({
    weekdays: fc.integer({ min: 1, max: 127 }),
    hourFrom: fc.integer({ min: 0, max: 11 }),
    hourTo: fc.integer({ min: 12, max: 24 }),
    restHolidays: fc.boolean(),
  }),
  remaining: fc.integer({ min: 0, max: 3000 }),
  perHour: limit,
  notAfter: fc.option(fc.integer({ min: 1, max: 40 }), { freq: 4 }),
  others: fc.array(
    fc.record({
      remaining: fc.integer({ min: 0, max: 2000 }),
      priority: fc.integer({ min: -1, max: 1 }),
      from: fc.nat(20),
    }),
    { maxLength: 3 },
  ),
});
type World = typeof world extends fc.Arbitrary<infer W> ? W : never;

const DAY = 86_400_000;

function asked(w: World): ForecastInput {
  const after = (days: number) => new Date(w.at.getTime() + days * DAY);
  return {
    at: w.at,
    task: {
      ...mine,
      ...{ remaining: w.remaining, perHour: w.perHour },
      ...(w.notAfter === null ? {} : { notAfter: after(w.notAfter) }),
    },
    others: w.others.map((one, i) => ({
      ...mine,
      ...{ id: `o${i}`, remaining: one.remaining, priority: one.priority, notBefore: after(one.from) },
    })),
    routes: [
      {
        ...server,
        ...{ zone: w.zone, dayWindow: w.dayWindow, hours: w.hours, limits: { ...w.limits, reserve: w.reserve } },
      },
    ],
  };
}

test("the plan adds up to the recipients, whatever the limits", () => {
  fc.assert(
    fc.property(world, (w) => {
      const f = forecast(asked(w));
      const sum = f.days.reduce((total, { n }) => total + n, 0);
      const out = f.conflicts.reduce((total, one) => total + (one.kind === "not_after" ? one.n : 0), 0);
      if (f.end) assert.equal(sum + out, w.remaining);
      else assert.ok(sum < w.remaining);
      assert.equal(
        f.batches.reduce((total, { n }) => total + n, 0),
        sum,
      );
    }),
    { numRuns: RUNS },
  );
});

test("no day, and no 24 hours where they count, and no hour is above its limit less the reserve", () => {
  fc.assert(
    fc.property(world, (w) => {
      const f = forecast(asked(w));
      const most = (n: number | null) => (n === null ? Number.POSITIVE_INFINITY : Math.max(0, n - w.reserve));
      for (const [i, { at, n }] of f.batches.entries()) {
        assert.ok(n <= most(w.limits.perHour));
        const span = f.batches
          .slice(i)
          .filter((one) =>
            w.dayWindow === "rolling"
              ? one.at.getTime() - at.getTime() < DAY
              : dayOf(one.at.getTime(), w.zone) === dayOf(at.getTime(), w.zone),
          );
        assert.ok(span.reduce((sum, one) => sum + one.n, 0) <= most(w.limits.perDay));
      }
    }),
    { numRuns: RUNS },
  );
});

test("more room never makes it end later", () => {
  const more = fc.record({
    which: fc.constantFrom("perSecond" as const, "perMinute" as const, "perHour" as const, "perDay" as const),
    by: fc.integer({ min: 1, max: 200 }),
  });
  fc.assert(
    fc.property(world, more, (w, { which, by }) => {
      const given = { ...w, notAfter: null, others: [] };
      const wide = { ...w.limits, [which]: w.limits[which] === null ? null : (w.limits[which] ?? 0) + by };
      const [less, rich] = [forecast(asked(given)).end, forecast(asked({ ...given, limits: wide })).end];
      if (less) assert.ok(rich && rich <= less, `${which} + ${by}: ${rich?.toISOString()} after ${less.toISOString()}`);
    }),
    { numRuns: RUNS },
  );
});
