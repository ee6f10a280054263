import assert from "node:assert/strict";
import { test } from "node:test";
import { Block } from "./lane-block.ts";
import { Pace, SLOW_MS } from "./lane-pace.ts";

function clock() {
  let now = 1000;
  const pass = (ms: number): void => {
    now += ms;
  };
  return { now: () => now, pass };
}

test("a server is ailing when it takes long on average, says nothing, or drops three in a row; one slow answer is none", () => {
  const c = clock();
  const pace = new Pace(c.now);
  const message = (ms: number, answered = true) => {
    const ended = pace.begun();
    c.pass(ms);
    ended(answered);
  };
  for (let i = 0; i < 5; i++) message(40);
  message(SLOW_MS + 1000);
  assert.ok(!pace.ailing());
  message(10_000);
  message(10_000);
  assert.ok(pace.ailing() && !pace.recovered());
  pace.forget();
  assert.ok(!pace.ailing());
  message(100);
  assert.ok(pace.recovered());
  for (let i = 0; i < 3; i++) message(1, false);
  assert.ok(pace.ailing() && !pace.recovered());
  message(1);
  assert.ok(!pace.ailing());
  const held = pace.begun();
  c.pass(SLOW_MS);
  assert.ok(!pace.ailing());
  c.pass(1);
  assert.ok(pace.ailing());
  held(true);
});

test("one connection that hangs beside others that answer is no ailing server", () => {
  const c = clock();
  const pace = new Pace(c.now);
  pace.begun();
  for (let i = 0; i < 20; i++) {
    const ended = pace.begun();
    c.pass(1000);
    ended(true);
  }
  assert.ok(!pace.ailing());
});

test("a block grows while it is used up within a second, and falls to what the connections carry when it is not", () => {
  const block = new Block(4);
  let now = 0;
  const used = (ms: number) => {
    const n = block.next(now, 4);
    block.got(now, n, n);
    now += ms;
    return n;
  };
  assert.deepEqual(
    [1, 2, 3, 4, 5, 6, 7].map(() => used(200)),
    [16, 32, 64, 128, 256, 500, 500],
  );
  used(20_000);
  assert.equal(used(10_000), 25);
  assert.equal(used(10_000), 4, "never fewer than connections");
  block.held();
  assert.equal(block.next(now, 4), 4);
  // What was not all there says nothing about the server.
  block.got(now, 2, 4);
  now += 100;
  assert.equal(block.next(now, 4), 4);
});
