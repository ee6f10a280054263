import assert from "node:assert/strict";
import { test } from "node:test";
import { Buffers } from "./buffers.ts";

test("memory of messages comes back once, and never to two at a time", () => {
  const buffers = new Buffers();
  const first = buffers.take(40_000);
  assert.equal(first.length, 40_000);
  assert.notEqual(buffers.take(40_000).buffer, first.buffer, "it is in somebody's hands");
  buffers.give(first);
  buffers.give(first);
  const again = buffers.take(45_000);
  assert.equal(again.buffer, first.buffer);
  assert.equal(again.length, 45_000);
  assert.notEqual(buffers.take(40_000).buffer, first.buffer, "given twice, it is there once");
});

test("what is too small, or was never taken here, is not used", () => {
  const buffers = new Buffers();
  const small = buffers.take(1000);
  buffers.give(small);
  assert.equal(buffers.take(100_000).length, 100_000);
  const foreign = Buffer.from("somebody else's: a piece of what Node shares");
  buffers.give(foreign);
  assert.notEqual(buffers.take(10).buffer, foreign.buffer);
});
