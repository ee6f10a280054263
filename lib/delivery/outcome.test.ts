import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../servers/answer.ts";
import { replyText } from "../servers/reply.ts";
import { outcomeOf } from "./outcome.ts";

const rcpt = (reply: string, more: Partial<Answer> = {}): Answer => ({
  code: Number(reply.slice(0, 3)),
  reply,
  command: "rcpt",
  begun: false,
  untouched: false,
  ...more,
});
const short = (a: Answer, tries = 1) => {
  const o = outcomeOf(a, tries);
  return [o.state, o.reason, o.effect];
};

test("4xx is deferred, longer each time, and rejected after five days [F26]", () => {
  const waits = Array.from({ length: 19 }, (_, i) => outcomeOf(rcpt("450 4.2.0 greylisted"), i + 1).wait ?? 0);
  assert.deepEqual(waits.slice(0, 4), [300, 900, 1800, 3600]);
  const days = waits.reduce((sum, wait) => sum + wait, 0) / 86_400;
  assert.ok(days > 4 && days < 5, `${days} days`);
  assert.deepEqual(short(rcpt("450 4.2.0 greylisted"), 20), ["rejected", "deferred_too_long", "none"]);
});

test("5.1.x is a dead address; 5.7.x, login and the sender's faults pause the server and suppress nobody [F29, AT-19]", () => {
  assert.deepEqual(short(rcpt("550 5.1.1 user unknown")), ["rejected", "hard_bounce", "suppress"]);
  assert.deepEqual(short(rcpt("550 No such user here")), ["rejected", "hard_bounce", "suppress"]);
  assert.deepEqual(short(rcpt("556 5.1.10 null MX")), ["rejected", "hard_bounce", "suppress"]);
  assert.deepEqual(short(rcpt("554 5.7.1 message blocked")), ["rejected", "policy", "pause_policy"]);
  assert.deepEqual(short(rcpt("554 5.7.1 user unknown", { command: "message", begun: true })), [
    "rejected",
    "policy",
    "pause_policy",
  ]);
  assert.deepEqual(short(rcpt("554 your IP is on a block list")), ["rejected", "policy", "pause_policy"]);
  assert.deepEqual(short(rcpt("550 5.1.8 sender domain", { command: "rcpt" })), [
    "deferred",
    "sender_refused",
    "pause_sender",
  ]);
  assert.deepEqual(short(rcpt("550 5.1.1 nobody", { command: "mail" })), [
    "deferred",
    "sender_refused",
    "pause_sender",
  ]);
  assert.deepEqual(short(rcpt("535 5.7.8 bad password", { command: "auth" })), [
    "deferred",
    "server_refused_login",
    "pause_auth",
  ]);
  assert.deepEqual(short(rcpt("530 5.7.0 authenticate first", { command: "mail" })), [
    "deferred",
    "server_refused_login",
    "pause_auth",
  ]);
  assert.deepEqual(short(rcpt("552 5.2.2 mailbox full")), ["rejected", "refused", "none"]);
});

test("421 and 454 ask for fewer connections and fail nobody [F27, F28]", () => {
  assert.deepEqual(short(rcpt("421 4.7.0 too many connections")), ["deferred", "slow_down", "slower"]);
  assert.deepEqual(short(rcpt("454 4.7.0 throttling failure")), ["deferred", "slow_down", "slower"]);
});

test("without a code: uncertain once the message had begun, safe to try again before", () => {
  const lost = { reply: "", command: "connect" as const, untouched: false };
  assert.equal(outcomeOf({ ...lost, begun: true }, 1).state, "uncertain");
  assert.deepEqual(
    [outcomeOf({ ...lost, begun: false }, 1).state, outcomeOf({ ...lost, begun: false }, 1).wait],
    ["deferred", 60],
  );
});

test("no address stays in a reply that is kept in clear", () => {
  const kept = replyText(
    "550 5.1.1 <mario.rossi@example.it>: user mario.rossi unknown\r\nat gw",
    "mario.rossi@example.it",
  );
  assert.ok(!/mario|rossi|example/.test(kept), kept);
  assert.match(kept, /^550 5\.1\.1/);
  assert.ok(replyText(`250 ${"x".repeat(1000)}`).length <= 300);
});
