import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type ForecastInput, forecast } from "./forecast.ts";

const none = { campaign: 0, system: 0 };
const base: ForecastInput = {
  at: new Date("2026-12-01T08:00:00Z"),
  remaining: 2964,
  ahead: 0,
  limits: { perSecond: null, perMinute: null, perHour: null, perDay: null, reserve: 0 },
  used: { hour: none, day: none },
  zone: "Europe/Rome",
  speed: 10,
};
const limits = (l: Partial<ForecastInput["limits"]>) => ({ ...base.limits, ...l });

test("250 a day: 2,964 people take twelve days, the last one a part of its day", () => {
  const f = forecast({ ...base, limits: limits({ perDay: 250 }) });
  assert.equal(f.days.length, 12);
  assert.deepEqual(f.days[0], { day: "2026-12-01", n: 250 });
  assert.deepEqual(f.days.at(-1), { day: "2026-12-12", n: 2964 - 11 * 250 });
  // From midnight in Rome at ten a second: 214 messages take 21.4 s.
  assert.equal(f.end?.toISOString(), "2026-12-11T23:00:21.400Z");
});

test("the reserve is kept of each day and hour, and system mail that was sent counts once", () => {
  const day = (used: { campaign: number; system: number }) =>
    forecast({ ...base, limits: limits({ perDay: 250, reserve: 20 }), used: { hour: none, day: used } }).days[0]?.n;
  assert.equal(day(none), 230);
  assert.equal(day({ campaign: 0, system: 15 }), 230);
  assert.equal(day({ campaign: 100, system: 40 }), 110);
  const hours = forecast({ ...base, remaining: 100, limits: limits({ perHour: 60, reserve: 10 }) });
  assert.equal(hours.end?.toISOString(), "2026-12-01T09:00:05.000Z"); // 50 in this hour, 50 in the next
});

test("days of 23 and 25 hours are one day each [AT-07]", () => {
  const spring = forecast({
    ...base,
    at: new Date("2026-03-28T23:00:00Z"),
    remaining: 60,
    limits: limits({ perHour: 1 }),
  });
  assert.deepEqual(spring.days, [
    { day: "2026-03-29", n: 23 },
    { day: "2026-03-30", n: 24 },
    { day: "2026-03-31", n: 13 },
  ]);
  const autumn = forecast({
    ...base,
    at: new Date("2026-10-24T22:00:00Z"),
    remaining: 26,
    limits: limits({ perHour: 1 }),
  });
  assert.deepEqual(autumn.days, [
    { day: "2026-10-25", n: 25 },
    { day: "2026-10-26", n: 1 },
  ]);
});

test("campaigns ahead go first; nothing before the server is tried again", () => {
  const f = forecast({ ...base, remaining: 100, ahead: 400, limits: limits({ perDay: 250 }) });
  assert.deepEqual(f.days, [{ day: "2026-12-02", n: 100 }]);
  const later = forecast({ ...base, remaining: 10, notBefore: new Date("2026-12-03T10:00:00Z") });
  assert.equal(later.end?.toISOString(), "2026-12-03T10:00:01.000Z");
});

test("a limit below its reserve never ends; nothing to do has ended", () => {
  assert.equal(forecast({ ...base, limits: limits({ perDay: 5, reserve: 5 }) }).end, null);
  assert.deepEqual(forecast({ ...base, remaining: 0 }), { days: [], end: base.at });
});

test("the plan adds up and never exceeds a day's room, whatever the limits", () => {
  const limit = fc.option(fc.integer({ min: 1, max: 500 }));
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 5000 }),
      limit,
      limit,
      limit,
      fc.integer({ min: 0, max: 50 }),
      fc.date({ min: new Date("2026-01-01"), max: new Date("2027-12-31"), noInvalidDate: true }),
      (remaining, perDay, perHour, perMinute, reserve, at) => {
        const f = forecast({
          ...base,
          at,
          remaining,
          limits: { perSecond: null, perMinute, perHour, perDay, reserve },
        });
        const sum = f.days.reduce((total, day) => total + day.n, 0);
        if (f.end) assert.equal(sum, remaining);
        if (perDay !== null) for (const day of f.days) assert.ok(day.n <= Math.max(0, perDay - reserve));
      },
    ),
    { numRuns: 100 },
  );
});
