import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { eq } from "drizzle-orm";
import { suppressions } from "../../db/schema/contacts.ts";
import { servers } from "../../db/schema/servers.ts";
import { suppressionKey } from "../../lib/crypto/address-keys.ts";
import { deadAddress } from "../../lib/delivery/dead-address.ts";
import { until } from "../support/engine.ts";
import { states } from "../support/sending.ts";
import type { SinkOptions } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, setting, running, ended, row } = await engineHouse({ after });

test("5.1.1 suppresses the address, 5.7.1 pauses the server and suppresses nobody; the pause ends by itself [F29, AT-19]", async (t) => {
  const script: SinkOptions["script"] = ({ to }) =>
    to.startsWith("p0@")
      ? { replies: { rcpt: "550 5.1.1 no such user" } }
      : to.startsWith("p9@") && blocking
        ? { replies: { rcpt: "554 5.7.1 blocked by policy" } }
        : undefined;
  let blocking = true;
  const { sink, here, server, campaign } = await setting({ people: 20, sink: { script }, connections: 1 });
  const engine = running(t, { deadAddress });
  const [dead] = here.contacts;
  const paused = async () => (await s.db.select().from(servers).where(eq(servers.id, server)))[0];
  await until(async () => (await paused())?.pausedReason === "policy");
  const kept = sink.kept.length;
  await wait(1200);
  assert.ok(sink.kept.length - kept <= 1, "a paused server is left alone");
  blocking = false;
  assert.ok((await paused())?.retryAt, "it is tried again by itself");
  await d.moveClock(16 * 60_000);
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 18, rejected: 2 });
  assert.equal((await row(campaign, dead as string)).reason, "hard_bounce");
  const suppressed = await s.db.select().from(suppressions).where(eq(suppressions.organization, here.organization));
  assert.deepEqual(
    suppressed.map((one) => [one.reason, one.key.toString("hex")]),
    [["hard_bounce", suppressionKey(s.keys, s.keys.write, here.organization, "p0@example.it").toString("hex")]],
  );
  assert.ok(!JSON.stringify(await row(campaign, dead as string)).includes("p0@"));
  await engine.stop();
});

test("greylisted people are tried again with the same Message-ID and get it [F26]", async (t) => {
  const seen = new Map<string, number>();
  const script: SinkOptions["script"] = ({ to }) => {
    if (!to.startsWith("p1")) return undefined;
    return (seen.get(to) ?? 0) < 1 ? { replies: { dot: "450 4.2.0 greylisted" } } : undefined;
  };
  const { sink, campaign } = await setting({ people: 12, sink: { script } });
  const engine = running(t);
  const first = await until(async () => {
    const now = await states(s, campaign);
    return now.deferred === 3 && now.accepted === 9;
  });
  assert.ok(first);
  for (const to of ["p1@example.it", "p10@example.it", "p11@example.it"]) seen.set(to, 1);
  await d.moveClock(6 * 60_000);
  engine.ring();
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 12 });
  assert.equal(sink.kept.length, 12);
  const ids = (to: string) => new Set(sink.tried.filter((one) => one.to === to).map((one) => one.messageId));
  assert.equal(sink.tried.length, 15);
  for (const to of seen.keys()) assert.equal(ids(to).size, 1, "each try has the same Message-ID");
  await engine.stop();
});

test("421 and throttling lower the connections and fail nobody [F27, F28]", async (t) => {
  const { sink, campaign } = await setting({ people: 80, connections: 6, sink: { connections: 2 } });
  const engine = running(t);
  await ended(campaign, engine, 20_000);
  assert.deepEqual(await states(s, campaign), { accepted: 80 });
  assert.equal(sink.kept.length, 80);
  await engine.stop();
});
