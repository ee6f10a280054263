import assert from "node:assert/strict";
import { test } from "node:test";
import { isReached, lineOf } from "./figures.mjs";

const plain = { name: "plain loop", value: 1500.4 };

test("a figure that is less than the reference's is so many times better", () => {
  const figure = {
    name: "engine, CPU µs per message",
    ours: 412.6,
    reference: plain,
    better: "less",
    goal: { times: 3 },
  } as const;
  assert.equal(lineOf(figure), "engine, CPU µs per message · 413 · 1,500 (plain loop) · 3.64 times · 3 times · ok");
  assert.equal(isReached({ ...figure, ours: 600 }), false);
});

test("a figure without a reference is judged by its value", () => {
  const figure = { name: "messages a second", ours: 99.94, better: "more", goal: { value: 100 } } as const;
  assert.equal(lineOf(figure), "messages a second · 99.9 · none · none · ≥ 100 · short");
  assert.equal(isReached({ ...figure, better: "less" }), true);
});
