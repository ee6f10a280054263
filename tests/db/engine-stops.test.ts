import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { cancel } from "../../lib/campaigns/cancel.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { until } from "../support/engine.ts";
import { states } from "../support/sending.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, setting, running, ended } = await engineHouse({ after });

test("pause lets at most the open connections through and keeps nothing; resume goes on without a repeat [F15]", async (t) => {
  const { sink, here, campaign } = await setting({ people: 400, sink: { slow: 5 } });
  const engine = running(t);
  for (let i = 0; i < 3; i++) {
    await until(() => sink.kept.length > i * 60 + 20);
    await pause(s, { who: here.who, campaign, reason: "prova" });
    const before = sink.kept.length;
    await until(
      async () => ((await states(s, campaign)).claimed ?? 0) + ((await states(s, campaign)).sending ?? 0) === 0,
    );
    await wait(100);
    assert.ok(sink.kept.length - before <= 4, `${sink.kept.length - before} after the pause`);
    await resume(s, { who: here.who, campaign });
    engine.ring();
  }
  await ended(campaign, engine);
  assert.equal(new Set(sink.kept.map((one) => one.to)).size, 400);
  assert.equal(sink.kept.length, 400);
  await engine.stop();
});

test("cancel is final: at most the open connections leave after it [F16]", async (t) => {
  const { sink, here, campaign } = await setting({ people: 300, sink: { slow: 5 } });
  const engine = running(t);
  await until(() => sink.kept.length > 20);
  await cancel(s, { who: here.who, campaign });
  const before = sink.kept.length;
  await until(async () => {
    const now = await states(s, campaign);
    return (now.sending ?? 0) + (now.claimed ?? 0) + (now.pending ?? 0) === 0;
  });
  assert.ok(sink.kept.length - before <= 4);
  const now = await states(s, campaign);
  assert.equal(now.accepted, sink.kept.length);
  assert.equal((now.accepted ?? 0) + (now.cancelled ?? 0), 300);
  await engine.stop();
});

test("while sending is locked nothing leaves, and unlocking goes on", async (t) => {
  const { sink, campaign } = await setting({ people: 10 });
  await d.owner.pool.query("update installation set locked_since = now(), locked_reasons = '{test}'");
  const engine = running(t);
  await wait(1500);
  assert.equal(sink.kept.length, 0);
  await d.owner.pool.query("update installation set locked_since = null, locked_reasons = '{}'");
  await ended(campaign, engine);
  assert.equal(sink.kept.length, 10);
  await engine.stop();
});

test("a lock or a pause in mid-work: at most the open connections leave after it", async (t) => {
  const { sink, server, campaign } = await setting({ people: 300, sink: { slow: 5 } });
  const engine = running(t);
  const stops: [string, string][] = [
    ["update installation set locked_since = now()", "update installation set locked_since = null"],
    [
      `update servers set paused_at = now() where id = '${server}'`,
      `update servers set paused_at = null where id = '${server}'`,
    ],
  ];
  for (const [stop, go] of stops) {
    const before = sink.kept.length;
    await until(() => sink.kept.length > before + 30);
    await d.owner.pool.query(stop);
    const then = sink.kept.length;
    await wait(700);
    assert.ok(sink.kept.length - then <= 4, `${sink.kept.length - then} after: ${stop}`);
    await d.owner.pool.query(go);
  }
  await ended(campaign, engine);
  assert.equal(sink.kept.length, 300);
});
