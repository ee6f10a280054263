import assert from "node:assert/strict";
import { test } from "node:test";
import { rampedPerDay } from "./ramp.ts";

test("a ramp begins with its first figure, grows by half each day, and ends at the limit", () => {
  const ramp = { rampFirst: 50, rampFrom: "2026-03-27", perDay: 1000 };
  const days = ["2026-03-20", "2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-04-05", "2036-01-01"];
  assert.deepEqual(
    days.map((day) => rampedPerDay(ramp, day)),
    [50, 50, 75, 112, 168, 1000, 1000],
  );
});

test("without a limit a day the ramp ends in none; without a ramp the limit stands", () => {
  const ramp = { rampFirst: 1, rampFrom: "2026-01-01", perDay: null };
  assert.equal(rampedPerDay(ramp, "2026-01-11"), 57);
  assert.equal(rampedPerDay(ramp, "2026-02-05"), null);
  assert.equal(rampedPerDay({ rampFirst: null, rampFrom: null, perDay: 7 }, "2026-01-01"), 7);
});
