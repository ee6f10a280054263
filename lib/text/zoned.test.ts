import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseWallTime, type WallTime, wallTime, zonedInstant } from "./zoned.ts";

const wall = (text: string): WallTime => {
  const read = parseWallTime(text);
  assert.ok(read, text);
  return read;
};

const known: [string, string, string, string][] = [
  ["2026-11-30T09:00", "Europe/Rome", "2026-11-30T08:00:00.000Z", "none"],
  ["2026-07-01T09:00", "Europe/Rome", "2026-07-01T07:00:00.000Z", "none"],
  ["2026-03-29T01:59", "Europe/Rome", "2026-03-29T00:59:00.000Z", "none"],
  ["2026-03-29T02:00", "Europe/Rome", "2026-03-29T01:00:00.000Z", "gap"],
  ["2026-03-29T02:59", "Europe/Rome", "2026-03-29T01:00:00.000Z", "gap"],
  ["2026-03-29T03:00", "Europe/Rome", "2026-03-29T01:00:00.000Z", "none"],
  ["2026-10-25T01:59", "Europe/Rome", "2026-10-24T23:59:00.000Z", "none"],
  ["2026-10-25T02:30", "Europe/Rome", "2026-10-25T00:30:00.000Z", "fold"],
  ["2026-10-25T03:00", "Europe/Rome", "2026-10-25T02:00:00.000Z", "none"],
  ["2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-03T15:30:00.000Z", "gap"], // clocks change by half an hour there
  ["2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00.000Z", "fold"],
  ["2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00.000Z", "gap"], // a day that Samoa never had
  ["2026-01-01T00:00", "Asia/Kathmandu", "2025-12-31T18:15:00.000Z", "none"],
  ["2028-02-29T12:00", "UTC", "2028-02-29T12:00:00.000Z", "none"],
];
for (const [text, zone, at, change] of known) {
  test(`${text} in ${zone} is ${at} (${change})`, () => {
    assert.deepEqual(zonedInstant(wall(text), zone), { at: new Date(at), change });
  });
}

test("what the clocks show at an instant leads back to it, but in the second hour of a fold", () => {
  const zones = ["Europe/Rome", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "America/St_Johns", "UTC"];
  const minutes = fc.integer({ min: Date.UTC(1980, 0) / 60_000, max: Date.UTC(2100, 0) / 60_000 });
  fc.assert(
    fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
      const at = new Date(minute * 60_000);
      const back = zonedInstant(wallTime(at, zone), zone);
      assert.notEqual(back.change, "gap");
      if (back.change === "none") assert.equal(back.at.getTime(), at.getTime());
      else assert.ok(back.at.getTime() <= at.getTime());
      assert.deepEqual(wallTime(back.at, zone), wallTime(at, zone));
    }),
    { numRuns: 500 },
  );
});

test("a time in a gap moves to the first minute that exists", () => {
  const { at } = zonedInstant(wall("2026-03-29T02:30"), "Europe/Rome");
  assert.deepEqual(wallTime(at, "Europe/Rome"), wall("2026-03-29T03:00"));
  assert.deepEqual(wallTime(new Date(at.getTime() - 60_000), "Europe/Rome"), wall("2026-03-29T01:59"));
});

test("B94: a day or an hour that no calendar has, and years far away, are refused", () => {
  const wrong = [
    "2027-02-29T10:00",
    "2026-02-30T10:00",
    "2026-13-01T10:00",
    "2026-00-10T10:00",
    "2026-04-31T10:00",
    "2026-01-01T24:00",
    "2026-01-01T10:60",
  ];
  for (const text of [
    ...wrong,
    "275761-01-01T00:00",
    "+275760-09-13T00:00",
    "9999-01-01T00:00",
    "1899-12-31T23:59",
    "0000-01-01T00:00",
  ]) {
    assert.equal(parseWallTime(text), undefined, text);
  }
  for (const text of [
    "",
    "2026-11-30",
    "2026-11-30T9:00",
    "2026-11-30 09:00",
    "2026-11-30T09:00Z",
    "2026-11-30T09:00:30",
    "2026-11-30T09:00\n",
    "x".repeat(1e6),
  ]) {
    assert.equal(parseWallTime(text), undefined, text.slice(0, 30));
  }
  assert.deepEqual(parseWallTime("2026-11-30T09:00:00"), parseWallTime("2026-11-30T09:00"));
});

test("B94: a year or a zone that slipped by the form is an error here too", () => {
  assert.throws(() => zonedInstant({ year: 275_761, month: 1, day: 1, hour: 0, minute: 0 }, "UTC"), RangeError);
  assert.throws(() => zonedInstant({ year: 2026, month: 2, day: 29, hour: 0, minute: 0 }, "UTC"), RangeError);
  assert.throws(() => zonedInstant({ year: 2026, month: 1.5, day: 1, hour: 0, minute: 0 }, "UTC"), RangeError);
  assert.throws(() => zonedInstant(wall("2026-11-30T09:00"), "Etc/../../x"), RangeError);
});
