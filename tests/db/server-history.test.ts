import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { processes } from "../../db/schema/installation.ts";
import { serverLog, serverSamples } from "../../db/schema/server-history.ts";
import { outbox, servers } from "../../db/schema/servers.ts";
import { seal } from "../../lib/crypto/sealed.ts";
import { progress } from "../../lib/delivery/progress.ts";
import { forgetSamples, sampleServers } from "../../lib/delivery/sample-servers.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { forgetLog, logLine } from "../../lib/servers/log-line.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { type SinkOptions, startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });

async function setting(o: { people: number; script?: SinkOptions["script"] }) {
  const sink = await startSink({ keep: true, ...(o.script ? { script: o.script } : {}) });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people: o.people });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port });
  return { sink, here, server };
}

const linesOf = (server: string) =>
  s.db.select().from(serverLog).where(eq(serverLog.server, server)).orderBy(serverLog.n);
const samplesOf = (server: string) =>
  s.db.select().from(serverSamples).where(eq(serverSamples.server, server)).orderBy(serverSamples.at);

/** The figures that the database keeps, and those that counting gives. */
async function figures(campaign: string) {
  const { rows } = await s.db.execute<{ kept: unknown; counted: unknown }>(sql`
    select (select json_agg(k order by state, reason) from (select state, reason, sum(n)::int as n from campaign_counts where campaign = ${campaign}::uuid group by 1, 2 having sum(n) <> 0) k) as kept,
           (select json_agg(k order by state, reason) from (select state, coalesce(reason, '') as reason, count(*)::int as n from deliveries where campaign = ${campaign}::uuid group by 1, 2) k) as counted`);
  return rows[0] as { kept: unknown; counted: unknown };
}

/** Moves the clock to just after the end of its next five minutes. */
async function toNextBucket(seconds = 5): Promise<void> {
  const { rows } = await s.db.execute<{ ms: string }>(
    sql`select extract(epoch from date_bin('5 minutes', app_now(), 'epoch') + interval '5 minutes' - app_now()) * 1000 as ms`,
  );
  await d.moveClock(Math.ceil(Number(rows[0]?.ms)) + seconds * 1000);
}

test("each attempt is a line of its server's log, without an address; the figures kept beside the rows are those that counting gives", async (t) => {
  const script: SinkOptions["script"] = ({ to }) => {
    if (to === "p1@example.it")
      return { replies: { rcpt: "550 5.1.1 <p1@example.it> no such user p1@example.it here" } };
    if (to === "p2@example.it") return { replies: { rcpt: "450 4.2.1 greylisted" } };
    return to === "p3@example.it" ? { at: "dot", how: "close" } : undefined;
  };
  const { here, server } = await setting({ people: 12, script });
  const campaign = await launched(s, { scene: here, server });
  while (await fillSnapshot(s, { campaign }));
  const engine = testEngine(d, s);
  t.after(() => engine.stop());
  await until(async () => {
    const now = await states(s, campaign);
    return now.accepted === 9 && now.rejected === 1 && now.deferred === 1 && now.uncertain === 1;
  });
  await engine.stop();
  const lines = await linesOf(server);
  const rows = await s.db
    .select()
    .from(deliveries)
    .where(eq(deliveries.campaign, campaign))
    .orderBy(deliveries.position);
  assert.deepEqual(
    lines.map((one) => [one.position, one.outcome, one.reason, one.reply]).sort((a, b) => Number(a[0]) - Number(b[0])),
    // The row of what was accepted keeps the reply without its code; the log keeps all of it.
    rows.map((one) => [
      one.position,
      one.state,
      one.reason,
      one.state === "accepted" ? `250 2.0.0 ${one.reply}` : one.reply,
    ]),
  );
  for (const one of lines)
    assert.deepEqual([one.organization, one.campaign, one.domain], [here.organization, campaign, "example.it"]);
  assert.ok(!/p\d+@|\bp1\b/.test(JSON.stringify(lines)), "no address and no local part");
  assert.equal((await progress(s.db, { campaign })).lately, 9);

  // The other states, each by a statement as the program writes it.
  const [owner] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: new Date(0) })
    .returning();
  const set = (what: Partial<typeof deliveries.$inferInsert>, position: number) =>
    s.db.update(deliveries).set(what).where(sql`campaign = ${campaign} and position = ${position}`);
  await set({ state: "claimed", epoch: owner?.epoch ?? 0 }, 4);
  await set({ state: "sending", epoch: owner?.epoch ?? 0 }, 5);
  await set({ state: "excluded", reason: "withdrawn" }, 6);
  await set({ state: "cancelled", reason: "not_after" }, 7);
  await set({ state: "pending" }, 8);
  await s.db.delete(deliveries).where(sql`campaign = ${campaign} and position = 9`);
  const { kept, counted } = await figures(campaign);
  assert.deepEqual(kept, counted);
  const found = await progress(s.db, { campaign });
  assert.equal(found.size, 11);
  assert.equal(found.done + found.toDo + found.notSent, found.size);
  assert.deepEqual(new Set(found.states.map((one) => one.state)), new Set(deliveries.state.enumValues));
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("a connection that fails and a system mail are lines too", async (t) => {
  let closed = true;
  const { here, server } = await setting({
    people: 1,
    script: () =>
      closed ? { replies: { greeting: "554 5.7.1 not from 198.51.100.7, says postmaster@relay.example" } } : undefined,
  });
  const id = s.randomId();
  const payload = Buffer.from(JSON.stringify({ to: "Ada.Rossi@Esempio.IT" }));
  await s.db.insert(outbox).values({
    ...{ id, organization: here.organization, kind: "alert", dueAt: new Date(0), createdAt: new Date(0) },
    payload: seal(s.keys, { table: "outbox", row: id, column: "payload" }, payload, s.randomBytes),
  });
  const engine = testEngine(d, s);
  t.after(() => engine.stop());
  await until(async () => (await linesOf(server)).some((one) => one.outcome === "connection"));
  // The pause comes after its line: lifted before, it would stand for a quarter of an hour.
  await until(async () => (await s.db.select().from(servers).where(eq(servers.id, server)))[0]?.pausedAt);
  closed = false;
  await s.db.update(servers).set({ pausedAt: null, pausedReason: null, retryAt: null }).where(eq(servers.id, server));
  engine.ring();
  await until(async () => (await linesOf(server)).some((one) => one.outcome === "accepted"));
  await engine.stop();
  const lines = await linesOf(server);
  const [failed, sent] = [
    lines.find((one) => one.outcome === "connection"),
    lines.find((one) => one.outcome === "accepted"),
  ];
  assert.deepEqual(
    [failed?.reason, failed?.organization, failed?.domain, failed?.reply],
    ["connect", here.organization, null, "554 5.7.1 not from 198.51.100.7, says …@…"],
  );
  assert.deepEqual(
    [sent?.outbox, sent?.organization, sent?.domain, sent?.campaign],
    [id, here.organization, "esempio.it", null],
  );
  assert.ok(!/ada\.?rossi/i.test(JSON.stringify(lines)));
});

test("samples: one row each five minutes for a server with work, whoever takes it; each line is counted once; a server that rests ends at zero", async () => {
  const { here, server } = await setting({ people: 7 });
  await s.db
    .update(servers)
    .set({ pausedAt: sql`app_now()` as never })
    .where(eq(servers.id, server));
  const campaign = await launched(s, { scene: here, server });
  while (await fillSnapshot(s, { campaign }));
  await toNextBucket();
  const line = (outcome: string) =>
    logLine(s.db, { server, organization: here.organization, campaign, domain: "example.it", outcome });
  for (const outcome of ["accepted", "accepted", "deferred", "rejected", "uncertain", "connection"])
    await line(outcome);
  await toNextBucket();
  await line("accepted"); // after the end of the bucket: of the next one
  await Promise.all(Array.from({ length: 4 }, () => sampleServers(s.db)));
  const figuresOf = (one: typeof serverSamples.$inferSelect) => [
    one.queue,
    one.accepted,
    one.deferred,
    one.rejected,
    one.uncertain,
  ];
  assert.deepEqual((await samplesOf(server)).map(figuresOf), [[7, 2, 1, 1, 1]]);
  assert.equal(
    (await samplesOf(server))[0]?.at.getTime() ?? 1,
    Math.floor(((await samplesOf(server))[0]?.at.getTime() ?? 1) / 300_000) * 300_000,
  );
  await toNextBucket(120);
  await sampleServers(s.db);
  assert.equal((await samplesOf(server)).length, 1, "two minutes late: nobody knows how long the queue was then");
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
  await toNextBucket();
  await sampleServers(s.db);
  await toNextBucket();
  await sampleServers(s.db);
  assert.deepEqual((await samplesOf(server)).map(figuresOf), [
    [7, 2, 1, 1, 1],
    [0, 1, 0, 0, 0],
    [0, 0, 0, 0, 0],
  ]);
  await d.moveClock(25 * 3_600_000);
  await toNextBucket();
  await sampleServers(s.db);
  assert.equal((await samplesOf(server)).length, 3, "no row for a server that has rested for a day");
});

test("lines are kept for 30 days, samples for 400", async () => {
  const { server } = await setting({ people: 1 });
  await logLine(s.db, { server, outcome: "accepted" });
  await s.db.execute(sql`insert into server_samples (server, at, queue) values (${server}, app_now(), 3)`);
  await d.moveClock(29.9 * 86_400_000);
  await logLine(s.db, { server, outcome: "deferred" });
  await forgetLog(s.db);
  assert.equal((await linesOf(server)).length, 2);
  await d.moveClock(86_400_000);
  await Promise.all([forgetLog(s.db), forgetLog(s.db)]);
  assert.deepEqual(
    (await linesOf(server)).map((one) => one.outcome),
    ["deferred"],
  );
  await d.moveClock(369 * 86_400_000);
  await forgetSamples(s.db);
  assert.equal((await samplesOf(server)).length, 1);
  await d.moveClock(86_400_000);
  await forgetSamples(s.db);
  assert.deepEqual(await samplesOf(server), []);
});
