import assert from "node:assert/strict";
import { test } from "node:test";
import { startAt } from "./start-at.ts";

const rome = { zone: "Europe/Rome", now: new Date("2026-11-24T10:00:00Z") };
const code = (typed: string, o = rome) => {
  try {
    return startAt(typed, o).at.toISOString();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

test("a start is a time on the organization's clocks", () => {
  assert.equal(code("2026-11-30T09:00"), "2026-11-30T08:00:00.000Z");
  assert.equal(code("2027-07-01T09:00"), "2027-07-01T07:00:00.000Z");
  assert.equal(code("2026-11-30T09:00", { ...rome, zone: "America/New_York" }), "2026-11-30T14:00:00.000Z");
});

test("B94: a start in the past, in 50 years, on 29 February 2027, in the year 275761 or in no form at all is refused", () => {
  assert.equal(code("2026-11-24T10:59"), "SCHEDULE_IN_PAST");
  assert.equal(code("2026-11-24T11:00"), "SCHEDULE_IN_PAST");
  assert.equal(code("2026-11-24T11:01"), "2026-11-24T10:01:00.000Z");
  assert.equal(code("2076-11-24T11:01"), "SCHEDULE_TOO_FAR");
  for (const typed of [
    "2027-02-29T09:00",
    "275761-01-01T00:00",
    "2026-13-01T09:00",
    "tomorrow",
    "",
    "2026-11-30T09:00Z",
  ]) {
    assert.equal(code(typed), "SCHEDULE_UNREADABLE", typed);
  }
});

test("B94: a time that the clocks skip is refused with the first one after it, one that they show twice is its first", () => {
  assert.equal(code("2027-03-28T02:30"), "SCHEDULE_IN_GAP");
  assert.throws(() => startAt("2027-03-28T02:30", rome), { facts: { first: "2027-03-28T01:00:00.000Z" } });
  assert.deepEqual(startAt("2027-10-31T02:30", rome), { at: new Date("2027-10-31T00:30:00.000Z"), change: "fold" });
});
