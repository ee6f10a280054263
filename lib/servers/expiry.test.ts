import assert from "node:assert/strict";
import { test } from "node:test";
import { dayOf } from "../text/calendar-day.ts";
import { daysLeft, reminderDue } from "./days-left.ts";
import { expiryCalendar } from "./expiry-calendar.ts";

test("days left are counted over months, leap years and changes of the clock; the narrowest reminder that has begun is due", () => {
  assert.equal(daysLeft("2026-12-11", "2026-12-11"), 0);
  assert.equal(dayOf(new Date("2026-12-10T23:30:00Z"), "Europe/Rome"), "2026-12-11");
  assert.equal(daysLeft("2026-12-11", "2026-11-24"), 17);
  assert.equal(daysLeft("2028-03-01", "2028-02-01"), 29);
  assert.equal(daysLeft("2027-04-01", "2027-03-01"), 31, "over the night with 23 hours");
  assert.equal(daysLeft("2026-12-11", "2026-12-13"), -2);
  const due = [31, 30, 15, 14, 8, 7, 2, 1, 0].map(reminderDue);
  assert.deepEqual(due, [undefined, 30, 30, 14, 14, 7, 7, 1, 1]);
});

test("the calendar file holds the day, its alarms, and nothing that breaks a line [RFC 5545]", () => {
  const made = {
    ...{ server: "0199", expiresOn: "2026-12-31", url: "https://news.example.it/servers/0199" },
    ...{
      title: "«Mìo; server», scade",
      text: `${"perché è così ".repeat(12)}\nRinnova`,
      at: new Date("2026-11-24T08:00:00.123Z"),
    },
  };
  const text = expiryCalendar(made);
  const lines = text.split("\r\n");
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= 75 && !line.includes("\n")));
  const unfolded = text.replaceAll("\r\n ", "").split("\r\n");
  assert.ok(unfolded.includes("DTSTART;VALUE=DATE:20261231") && unfolded.includes("DTEND;VALUE=DATE:20270101"));
  assert.ok(unfolded.includes("DTSTAMP:20261124T080000Z"));
  assert.ok(unfolded.includes("SUMMARY:«Mìo\\; server»\\, scade"));
  assert.ok(unfolded.some((line) => line.startsWith("DESCRIPTION:perché") && line.endsWith("\\nRinnova")));
  const alarms = unfolded.filter((line) => line.startsWith("TRIGGER")).map((line) => line.slice(8));
  assert.deepEqual(alarms, ["-PT711H", "-PT327H", "-PT159H", "-PT15H"]);
});
