import assert from "node:assert/strict";
import { test } from "node:test";
import { easterDays, isHoliday } from "./holidays.ts";

test("Easter falls where the calendars of the Church say", () => {
  const sundays = {
    2024: "2024-03-31",
    2025: "2025-04-20",
    2026: "2026-04-05",
    2027: "2027-03-28",
    2028: "2028-04-16",
    2030: "2030-04-21",
    2035: "2035-03-25",
    2038: "2038-04-25",
    2049: "2049-04-18",
    2076: "2076-04-19",
  };
  for (const [year, sunday] of Object.entries(sundays)) assert.equal(easterDays(Number(year))[0], sunday);
  assert.deepEqual(easterDays(2024), ["2024-03-31", "2024-04-01"]);
});

test("the public holidays of 2027, and no other day of it", () => {
  const days = Array.from({ length: 365 }, (_, i) => new Date(Date.UTC(2027, 0, 1 + i)).toISOString().slice(0, 10));
  assert.deepEqual(days.filter(isHoliday), [
    ...["2027-01-01", "2027-01-06", "2027-03-28", "2027-03-29", "2027-04-25", "2027-05-01", "2027-06-02"],
    ...["2027-08-15", "2027-10-04", "2027-11-01", "2027-12-08", "2027-12-25", "2027-12-26"],
  ]);
  assert.equal(isHoliday("2025-10-04"), false, "San Francesco is one from 2026 on");
});
