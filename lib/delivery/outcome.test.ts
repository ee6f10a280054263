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

test("5.1.x is a dead address; 5.7.x stops the domain, login and the sender's faults the server, and nobody is suppressed [F29, AT-19, CB-01]", () => {
  assert.deepEqual(short(rcpt("550 5.1.1 user unknown")), ["rejected", "hard_bounce", "suppress"]);
  assert.deepEqual(short(rcpt("550 No such user here")), ["rejected", "hard_bounce", "suppress"]);
  assert.deepEqual(short(rcpt("556 5.1.10 null MX")), ["rejected", "hard_bounce", "suppress"]);
  assert.deepEqual(short(rcpt("554 5.7.1 message blocked")), ["rejected", "policy", "stop_domain"]);
  assert.deepEqual(short(rcpt("554 5.7.1 user unknown", { command: "message", begun: true })), [
    "rejected",
    "hard_bounce",
    "suppress",
  ]);
  assert.deepEqual(short(rcpt("554 your IP is on a block list")), ["rejected", "reputation", "stop_domain"]);
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
  assert.deepEqual(short(rcpt("550 5.7.26 SPF and DKIM failed")), ["rejected", "authentication", "stop_domain"]);
  assert.deepEqual(short(rcpt("550 5.7.1 Refused due to recipient preferences")), ["rejected", "refused", "none"]);
  assert.deepEqual(short(rcpt("554 no")), ["rejected", "refused", "none"]);
});

test("421, 454 and limits ask to go slower, again and again for days, and fail nobody [F27, F28]", () => {
  assert.deepEqual(short(rcpt("421 4.7.0 too many connections")), ["deferred", "slow_down", "slower"]);
  assert.deepEqual(short(rcpt("454 4.7.0 throttling failure")), ["deferred", "slow_down", "slower"]);
  const waits = Array.from({ length: 19 }, (_, i) => outcomeOf(rcpt("421 4.3.2 busy"), i + 1).wait ?? 0);
  assert.equal(waits[0], 60);
  const days = waits.reduce((sum, wait) => sum + wait, 0) / 86_400;
  assert.ok(days > 3 && days < 5, `${days} days`);
  const limit = rcpt("550 Domain libreria.example has exceeded the max emails per hour (250/250 (100%)) allowed");
  assert.deepEqual(short(limit), ["deferred", "slow_down", "pause_throttled"]);
  // One person's mailbox is too busy: nobody else has to wait for it.
  const busy = "The user you are trying to contact is receiving mail at a rate that prevents additional messages";
  assert.deepEqual(short(rcpt(`450 4.2.1 ${busy}`)), ["deferred", "slow_down", "none"]);
  assert.deepEqual(short(rcpt(`550 5.2.1 ${busy}`)), ["deferred", "slow_down", "none"]);
});

test("a full mailbox is tried for a day and a half, then given up, and is never dead [CB-01]", () => {
  for (const reply of ["552 5.2.2 mailbox full", "452 4.2.2 over quota", "550 5.1.1 casella piena"]) {
    const tries = [1, 2, 3].map((n) => outcomeOf(rcpt(reply), n));
    assert.deepEqual(
      tries.map((one) => [one.state, one.reason, one.effect]),
      Array(3).fill(["deferred", "mailbox_full", "none"]),
    );
    assert.equal(tries.reduce((sum, one) => sum + (one.wait ?? 0), 0) / 3600, 34);
    assert.deepEqual(short(rcpt(reply), 4), ["rejected", "mailbox_full", "none"]);
  }
});

test("a domain that defers us for our reputation waits; what MAIL is answered is about us", () => {
  const tss = "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints";
  assert.deepEqual(short(rcpt(tss)), ["deferred", "reputation", "wait_domain"]);
  assert.deepEqual(short(rcpt(tss, { command: "mail" })), ["deferred", "reputation", "slower"]);
  assert.deepEqual(short(rcpt("554 5.7.1 blocked", { command: "mail" })), [
    "deferred",
    "sender_refused",
    "pause_sender",
  ]);
  assert.deepEqual(short(rcpt("552 5.3.4 too large", { command: "mail" })), ["deferred", "too_large", "too_large"]);
  assert.deepEqual(short(rcpt("552 5.3.4 too large", { command: "message", begun: true })), [
    "rejected",
    "too_large",
    "none",
  ]);
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
