import assert from "node:assert/strict";
import { test } from "node:test";
import { dayAfter, dayOf } from "../../lib/text/calendar-day.ts";
import { formatFor } from "./format.ts";

test("a calendar day is the same day for readers of every zone, in each of its forms", () => {
  for (const zone of ["Europe/Rome", "Pacific/Auckland", "Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
    const format = formatFor({ language: "it", zone });
    assert.deepEqual(
      [format.calendarDay, format.calendarNear, format.calendarDate, format.calendarLong].map((of) => of("2026-12-11")),
      ["11/12/2026", "ven 11 dic", "11 dicembre 2026", "venerdì 11 dicembre 2026"],
      zone,
    );
  }
});

test("the day of an instant is that of the zone's clocks; the day after one is the next of the calendar", () => {
  const at = new Date("2026-12-10T23:30:00Z");
  assert.deepEqual(
    ["Europe/Rome", "America/New_York", "Pacific/Auckland"].map((zone) => dayOf(at, zone)),
    ["2026-12-11", "2026-12-10", "2026-12-11"],
  );
  assert.deepEqual(["2026-02-28", "2028-02-28", "2026-12-31", "2026-03-28"].map(dayAfter), [
    "2026-03-01",
    "2028-02-29",
    "2027-01-01",
    "2026-03-29",
  ]);
});
