import assert from "node:assert/strict";
import { test } from "node:test";
import { type CalendarDay, isMonth, monthBeside, runsIn, weeksOf } from "./calendar-weeks.ts";

test("a month in weeks from Monday on, filled with the days beside it", () => {
  const weeks = weeksOf("2026-12");
  assert.deepEqual(weeks[0], [
    ...["2026-11-30", "2026-12-01", "2026-12-02", "2026-12-03", "2026-12-04", "2026-12-05", "2026-12-06"],
  ]);
  assert.deepEqual([weeks.length, weeks.at(-1)?.at(-1)], [5, "2027-01-03"]);
  assert.equal(weeksOf("2027-02").length, 4, "Monday 1 to Sunday 28 February");
  // The months in which the clocks change have all their days once.
  for (const month of ["2026-03", "2026-10"]) {
    const days = weeksOf(month).flat();
    assert.equal(days.filter((day) => day.startsWith(month)).length, 31);
    assert.equal(new Set(days).size, days.length);
  }
});

test("months beside, and what is none", () => {
  assert.deepEqual([monthBeside("2026-12", 1), monthBeside("2026-01", -1)], ["2027-01", "2025-12"]);
  assert.deepEqual(["2026-12", "2026-13", "2026-00", "26-12", "2026-12-01", "9999-01"].map(isMonth), [
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("days of a week as runs: a gap and another kind end one", () => {
  const [week = []] = weeksOf("2026-12");
  const day = (i: number, kind: CalendarDay["kind"]): CalendarDay => ({ day: week[i] ?? "", n: 10, kind });
  const runs = runsIn(week, [day(0, "done"), day(1, "done"), day(3, "done"), day(4, "planned"), day(5, "late")]);
  assert.deepEqual(
    runs.map(({ kind, from, to, n }) => [kind, from, to, n]),
    [
      ["done", 0, 1, 20],
      ["done", 3, 3, 10],
      ["planned", 4, 4, 10],
      ["late", 5, 5, 10],
    ],
  );
  assert.deepEqual(runsIn(week, [{ day: "2026-12-25", n: 1, kind: "done" }]), []);
});
