import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { openDatabase } from "../../db/client.ts";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { processes } from "../../db/schema/installation.ts";
import { outbox, servers } from "../../db/schema/servers.ts";
import { Forgotten } from "../../lib/delivery/forgotten.ts";
import { HandOff } from "../../lib/delivery/hand-off.ts";
import { claimEpoch } from "../../lib/delivery/owner.ts";
import { reconcile } from "../../lib/delivery/reconcile.ts";
import { recordResults } from "../../lib/delivery/results.ts";
import { sendAgain } from "../../lib/delivery/send-again.ts";
import { until } from "../support/engine.ts";
import { startProxy } from "../support/proxy.ts";
import { states } from "../support/sending.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, setting, running, fillAll, ended, row } = await engineHouse({ after });

test("a dead owner's rows: claimed is released, sending is uncertain; the same epoch may still say what became of it, another may not", async () => {
  const { here, server, campaign } = await setting({ people: 4 });
  await s.db
    .update(servers)
    .set({ pausedAt: sql`app_now()` as never })
    .where(eq(servers.id, server));
  await fillAll(campaign);
  const [dead] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: new Date(0) })
    .returning();
  const attempt = s.randomId();
  await s.db
    .update(deliveries)
    .set({ state: "claimed", epoch: dead?.epoch ?? 0 })
    .where(sql`campaign = ${campaign} and position = 0`);
  await s.db
    .update(deliveries)
    .set({ state: "sending", epoch: dead?.epoch ?? 0, attempt })
    .where(sql`campaign = ${campaign} and position = 1`);
  assert.deepEqual(await reconcile(s.db), { dead: 1, released: 1, uncertain: 1, requeued: 0 });
  assert.deepEqual(await states(s, campaign), { pending: 3, uncertain: 1 });
  const answer = {
    campaign,
    position: 1,
    attempt,
    state: "accepted" as const,
    reason: null,
    reply: "250 ok",
    wait: null,
    domain: "example.it",
  };
  await recordResults(d.pool, { server, results: [{ ...answer, epoch: (dead?.epoch ?? 0) + 1 }] });
  await recordResults(d.pool, { server, results: [{ ...answer, attempt: s.randomId(), epoch: dead?.epoch ?? 0 }] });
  assert.equal((await states(s, campaign)).uncertain, 1);
  await recordResults(d.pool, { server, results: [{ ...answer, epoch: dead?.epoch ?? 0 }] });
  assert.deepEqual(await states(s, campaign), { pending: 3, accepted: 1 });
  assert.equal((await row(campaign, here.contacts[1] as string)).reply, "ok");
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("what an epoch holds and nobody has in his hands, because an answer was lost, goes back when it is found twice [F11]", async () => {
  const { here, server, campaign } = await setting({ people: 4 });
  await s.db
    .update(servers)
    .set({ pausedAt: sql`app_now()` as never })
    .where(eq(servers.id, server));
  await fillAll(campaign);
  const owner = await claimEpoch({ directUrl: d.url, boot: s.randomId(), kind: "worker", log: s.log });
  await s.db
    .update(deliveries)
    .set({ state: "claimed", epoch: owner.epoch })
    .where(sql`campaign = ${campaign} and position < 3`);
  const mail = { id: s.randomId(), organization: here.organization, kind: "alert" as const, createdAt: new Date(0) };
  await s.db.insert(outbox).values({ ...mail, state: "sending", epoch: owner.epoch, dueAt: new Date("2099-01-01") });
  const forgotten = new Forgotten({ s, owner }, 0);
  const hands = { row: (key: string) => key === `${campaign}/1`, mail: () => false };
  await forgotten.look(hands);
  assert.deepEqual(await states(s, campaign), { claimed: 3, pending: 1 });
  await forgotten.look(hands);
  assert.deepEqual(await states(s, campaign), { claimed: 1, pending: 3 });
  const [again] = await s.db.select().from(outbox).where(eq(outbox.id, mail.id));
  assert.deepEqual([again?.state, again?.epoch], ["queued", null]);
  await owner.end();
  await s.db.delete(outbox).where(eq(outbox.id, mail.id));
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("uncertain is sent again by a person alone, not before fifteen minutes", async () => {
  const { here, server, campaign } = await setting({ people: 2 });
  await s.db
    .update(servers)
    .set({ pausedAt: sql`app_now()` as never })
    .where(eq(servers.id, server));
  await fillAll(campaign);
  await s.db
    .update(deliveries)
    .set({ state: "uncertain", decidedAt: sql`app_now()` as never })
    .where(sql`campaign = ${campaign} and position = 0`);
  await assert.rejects(sendAgain(s, { who: here.who, campaign }), { code: "TOO_EARLY" });
  await s.db
    .update(deliveries)
    .set({ decidedAt: sql`app_now() - interval '16 minutes'` as never })
    .where(sql`campaign = ${campaign} and position = 0`);
  assert.equal(await sendAgain(s, { who: here.who, campaign }), 1);
  assert.deepEqual(await states(s, campaign), { pending: 2 });
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("a COMMIT whose answer is lost neither loses nor repeats anybody, and nobody becomes uncertain [F11]", async (t) => {
  const { sink, campaign } = await setting({ people: 250 });
  const proxy = await startProxy(d.url);
  const engine = running(t, { directUrl: proxy.url });
  for (let i = 0; i < 5; i++) {
    const before = sink.kept.length;
    proxy.swallow("commit");
    await until(() => proxy.swallowed() > i && sink.kept.length > before);
  }
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 250 });
  assert.equal(sink.kept.length, 250);
  assert.equal(new Set(sink.kept.map((one) => one.to)).size, 250);
  await engine.stop();
  await proxy.close();
});

test("PostgreSQL goes with the answer to a COMMIT and stays away: others judge, and nobody stays uncertain when it is back [F09, F10]", async (t) => {
  const { sink, campaign } = await setting({ people: 120, sink: { slow: 2 } });
  const proxy = await startProxy(d.url);
  const through = openDatabase(proxy.url, { role: "assenso_app", max: 4 });
  d.after(through.close);
  const engine = running(t, { directUrl: proxy.url, s: { ...s, db: through.db } });
  await until(() => sink.kept.length > 20);
  proxy.swallowAndGo("commit");
  await until(() => proxy.swallowed() === 1);
  // Another process finds the epoch without its lock, and what it held with the server.
  await until(async () => (await reconcile(s.db)).uncertain > 0 || (await states(s, campaign)).uncertain);
  await until(() => s.logged.filter((line) => line.event === "epoch_failed").length > 1);
  proxy.back();
  await until(async () => (await states(s, campaign)).accepted === 120, 20_000);
  assert.equal(new Set(sink.kept.map((one) => one.to)).size, 120);
  assert.equal(sink.kept.length, 120);
  await engine.stop();
  await proxy.close();
});

test("PostgreSQL ends all connections in mid-work, six times: nobody lost, twice or uncertain; a new epoch begins [F09]", async (t) => {
  const { sink, campaign } = await setting({ people: 500, sink: { slow: 2 } });
  const engine = running(t);
  for (let i = 0; i < 6; i++) {
    await until(() => sink.kept.length > (i + 1) * 50);
    await d.owner.pool.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like 'assenso%'",
    );
  }
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 500 });
  assert.equal(sink.kept.length, 500);
  assert.equal(new Set(sink.kept.map((one) => one.to)).size, 500);
  assert.ok(s.logged.filter((line) => line.event === "epoch_lost").length >= 1);
  await engine.stop();
});

/** A row that an epoch has claimed, as a lane asks for it, and the server as it read it. */
async function oneClaimed(epoch: number) {
  const { here, server, campaign } = await setting({ people: 1 });
  await fillAll(campaign);
  await s.db.update(deliveries).set({ state: "claimed", epoch }).where(eq(deliveries.campaign, campaign));
  const [row] = await s.db.select().from(servers).where(eq(servers.id, server));
  assert.ok(row);
  const contact = here.contacts[0] as string;
  const wanted = {
    ...{ campaign, position: 0, attempt: s.randomId(), contact, list: here.list, domain: "example.it", fault: null },
    ...{ sha256: Buffer.alloc(32), subject: s.randomId(), sealed: Buffer.alloc(1) },
  };
  return { campaign, row, wanted };
}

async function epochOf(o: { ended: boolean }): Promise<number> {
  const [found] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: new Date(0), endedAt: o.ended ? new Date(0) : null })
    .returning();
  return found?.epoch ?? 0;
}

test("an epoch that was judged dead moves nothing any more, however late it wakes up [W11]", async () => {
  const epoch = await epochOf({ ended: true });
  const { campaign, row, wanted } = await oneClaimed(epoch);
  const pool = new pg.Pool({ connectionString: d.url, max: 1, ...{ pipeline: true } });
  const done = await new HandOff({ server: row, epoch }).run(pool, [], [wanted]);
  await pool.end();
  assert.deepEqual([done.sending, done.closed], [[], true]);
  assert.deepEqual(await states(s, campaign), { claimed: 1 });
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("limits that came since a lane looked are kept: its statement without them moves nothing", async (t) => {
  const epoch = await epochOf({ ended: false });
  const pool = new pg.Pool({ connectionString: d.url, max: 1, ...{ pipeline: true } });
  t.after(() => pool.end());
  const cancel = (campaign: string) =>
    s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));

  const paced = await oneClaimed(epoch);
  await s.db.update(campaigns).set({ perHour: 1 }).where(eq(campaigns.id, paced.campaign));
  const stale = await new HandOff({ server: paced.row, epoch, paced: false }).run(pool, [], [paced.wanted]);
  assert.deepEqual([stale.sending, stale.final, stale.waiting, stale.closed], [[], [], [], false]);
  assert.deepEqual(await states(s, paced.campaign), { claimed: 1 });
  const asked = await new HandOff({ server: paced.row, epoch, paced: true }).run(pool, [], [paced.wanted]);
  assert.deepEqual(asked.sending, [0]);
  await cancel(paced.campaign);

  const limited = await oneClaimed(epoch);
  const domainLimits = [{ domain: "example.it", perMinute: null, perHour: null, perDay: 1 }];
  await s.db.update(servers).set({ domainLimits }).where(eq(servers.id, limited.row.id));
  const before = await new HandOff({ server: limited.row, epoch, paced: false }).run(pool, [], [limited.wanted]);
  assert.deepEqual([before.sending, before.closed], [[], true]);
  const anew = { ...limited.row, domainLimits };
  const after = await new HandOff({ server: anew, epoch, paced: false }).run(pool, [], [limited.wanted]);
  assert.deepEqual(after.sending, [0]);
  const { rows } = await s.db.execute(sql`select n from server_domain_windows where server = ${anew.id}::uuid`);
  assert.deepEqual(rows, [{ n: 1 }]);
  await cancel(limited.campaign);

  const lent = await oneClaimed(epoch);
  const other = { ...lent.row, organization: s.randomId() };
  const asOwner = await new HandOff({ server: other, organization: other.organization, epoch }).run(
    pool,
    [],
    [lent.wanted],
  );
  assert.deepEqual([asOwner.sending, asOwner.closed], [[], true], "the server is another's");
  await cancel(lent.campaign);
});
