import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { processes } from "../../db/schema/installation.ts";
import { servers } from "../../db/schema/servers.ts";
import { cancel } from "../../lib/campaigns/cancel.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { lockContact } from "../../lib/contacts/lock.ts";
import { suppressionKey } from "../../lib/crypto/address-keys.ts";
import { deadAddress } from "../../lib/delivery/dead-address.ts";
import type { Engine, EngineSettings } from "../../lib/delivery/engine.ts";
import { HandOff, recordResults } from "../../lib/delivery/hand-off.ts";
import { progress } from "../../lib/delivery/progress.ts";
import { rebuildMessage } from "../../lib/delivery/rebuild.ts";
import { reconcile } from "../../lib/delivery/reconcile.ts";
import { sendAgain } from "../../lib/delivery/send-again.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { readJournal } from "../../lib/journal/read.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { startProxy } from "../support/proxy.ts";
import { confirmed, launched, plainMailer, type Scene, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { type SinkOptions, startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });

/** A campaign to a sink of its own, not yet under way. */
async function setting(o: {
  people: number;
  sink?: SinkOptions;
  connections?: number;
  before?: (here: Scene) => Promise<void>;
}) {
  const sink = await startSink({ keep: true, ...o.sink });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people: o.people });
  const server = await sinkServer(s, {
    organization: here.organization,
    port: sink.port,
    connections: o.connections ?? 4,
  });
  await o.before?.(here);
  const campaign = await launched(s, { scene: here, server });
  return { sink, here, server, campaign };
}

/** An engine that is stopped when its test ends, also when that fails. */
function running(t: { after(work: () => Promise<void>): void }, o: Partial<EngineSettings> = {}): Engine {
  const engine = testEngine(d, s, o);
  t.after(() => engine.stop());
  return engine;
}

async function fillAll(campaign: string): Promise<void> {
  while (await fillSnapshot(s, { campaign }));
}

async function ended(campaign: string, engine: { reconcile(): Promise<void> }, ms = 15_000): Promise<void> {
  await until(async () => {
    await engine.reconcile();
    const [row] = await s.db.select({ state: campaigns.state }).from(campaigns).where(eq(campaigns.id, campaign));
    return row?.state === "ended";
  }, ms);
}

async function suppress(
  here: Scene,
  contact: string,
  reason: "withdrawn" | "hard_bounce" = "withdrawn",
  db = s.db,
): Promise<void> {
  const key = suppressionKey(s.keys, s.keys.write, here.organization, here.addressOf(contact));
  await db.insert(suppressions).values({
    id: s.randomId(),
    organization: here.organization,
    kid: s.keys.write,
    key,
    reason,
    from: sql`app_now()` as never,
    event: s.randomId(),
  });
}

async function row(campaign: string, contact: string) {
  const [found] = await s.db
    .select()
    .from(deliveries)
    .where(sql`${deliveries.campaign} = ${campaign} and ${deliveries.contact} = ${contact}`);
  assert.ok(found);
  return found;
}

test("a campaign leaves once to everybody, over no more connections than the server allows, and ends", async (t) => {
  const { sink, here, campaign } = await setting({ people: 300, connections: 3 });
  const engine = running(t);
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 300 });
  assert.deepEqual(new Set(sink.kept.map((one) => one.to)), new Set(here.contacts.map(here.addressOf)));
  assert.equal(sink.kept.length, 300);
  assert.ok(sink.peak() <= 3);
  assert.equal(new Set(sink.kept.map((one) => one.messageId)).size, 300);
  await engine.stop();
});

test("the snapshot: one row a person over two lists, the refused as rows with their reason, figures that add up", async () => {
  const { here, campaign } = await setting({
    people: 1200,
    before: (here) => suppress(here, here.contacts[0] as string),
  });
  const [other] = await s.db
    .execute<{ id: string }>(sql`
    insert into lists (id, organization, name, topics, frequency, locale, tone, created_at)
    select ${s.randomId()}::uuid, organization, 'Altra', topics, frequency, locale, tone, created_at from lists where id = ${here.list} returning id`)
    .then((r) => r.rows);
  await s.db.execute(sql`insert into campaign_lists (campaign, list) values (${campaign}, ${other?.id})`);
  await s.db.execute(sql`insert into bases (id, organization, contact, list, purpose, event, level, from_at, until_at)
    select gen_random_uuid(), organization, contact, ${other?.id}::uuid, purpose, event, level, from_at, until_at from bases where list = ${here.list} limit 100`);
  await fillAll(campaign);
  const found = await progress(s.db, { campaign });
  assert.deepEqual([found.size, found.done, found.toDo, found.notSent], [1200, 0, 1199, 1]);
  assert.deepEqual(found.reasons, [{ state: "excluded", reason: "withdrawn", n: 1 }]);
  const { rows } = await s.db.execute<{ n: string; low: number; high: number }>(
    sql`select count(distinct position) as n, min(position) as low, max(position) as high from deliveries where campaign = ${campaign}`,
  );
  assert.deepEqual([Number(rows[0]?.n), rows[0]?.low, rows[0]?.high], [1200, 0, 1199]);
  await confirmed(s, { organization: here.organization, list: here.list, n: 3, from: 5000 });
  await fillAll(campaign);
  assert.equal((await progress(s.db, { campaign })).size, 1200, "who came after the launch is not in it");
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("who leaves after the snapshot gets nothing [WD-01, F13, AT-04]", async (t) => {
  const { sink, here, campaign } = await setting({ people: 60 });
  await fillAll(campaign);
  const leaving = here.contacts.slice(10, 30);
  for (const contact of leaving) await suppress(here, contact);
  const engine = running(t);
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 40, excluded: 20 });
  const wrote = new Set(sink.kept.map((one) => one.to));
  assert.deepEqual(
    leaving.filter((contact) => wrote.has(here.addressOf(contact))),
    [],
  );
  await engine.stop();
});

test("a withdrawal that is open while a hand-off begins is first: the hand-off waits for it, and refuses after it", async (t) => {
  const { sink, here, campaign } = await setting({ people: 5, connections: 1 });
  await fillAll(campaign);
  const contact = here.contacts[0] as string;
  let engine: Engine | undefined;
  let left: Date | undefined;
  await s.db.transaction(async (tx) => {
    await lockContact(tx, contact);
    const { rows } = await tx.execute<{ at: Date }>(sql`select app_now() as at`);
    left = new Date(rows[0]?.at ?? 0);
    engine = running(t);
    await wait(700);
    assert.equal(sink.kept.length, 0, "the window holds her lock");
    await suppress(here, contact, "withdrawn", tx as never);
  });
  assert.ok(engine && left);
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 4, excluded: 1 });
  const found = await row(campaign, contact);
  assert.equal(found.reason, "withdrawn");
  assert.ok(found.decidedAt > left, "decided after the withdrawal's instant: a replay gives the same answer");
  await engine.stop();
});

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
  };
  await recordResults(d.pool, [{ ...answer, epoch: (dead?.epoch ?? 0) + 1 }]);
  await recordResults(d.pool, [{ ...answer, attempt: s.randomId(), epoch: dead?.epoch ?? 0 }]);
  assert.equal((await states(s, campaign)).uncertain, 1);
  await recordResults(d.pool, [{ ...answer, epoch: dead?.epoch ?? 0 }]);
  assert.deepEqual(await states(s, campaign), { pending: 3, accepted: 1 });
  assert.equal((await row(campaign, here.contacts[1] as string)).reply, "250 ok");
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

test("one person's message that cannot be made is her row alone; frozen texts that cannot be used pause the campaign [F37]", async (t) => {
  const { sink, here, campaign } = await setting({ people: 10 });
  const poisoned = {
    ...plainMailer,
    render: (p: unknown, v: Parameters<typeof plainMailer.render>[1]) => {
      if (v.to.startsWith("p3@")) throw new Error("boom");
      return plainMailer.render(p, v);
    },
  };
  const engine = running(t, { mailer: poisoned });
  await ended(campaign, engine);
  assert.deepEqual(await states(s, campaign), { accepted: 9, rejected: 1 });
  assert.equal((await row(campaign, here.contacts[3] as string)).reason, "not_composed");
  assert.equal(sink.kept.length, 9);
  await engine.stop();
  const second = await setting({ people: 3 });
  const broken = running(t, {
    mailer: {
      ...plainMailer,
      prepare: async () => {
        throw new Error("no text");
      },
    },
  });
  await until(
    async () => (await s.db.select().from(campaigns).where(eq(campaigns.id, second.campaign)))[0]?.state === "paused",
  );
  await until(async () => (await states(s, second.campaign)).pending === 3);
  await broken.stop();
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

test("an epoch that was judged dead moves nothing any more, however late it wakes up [W11]", async () => {
  const { here, server, campaign } = await setting({ people: 1 });
  await fillAll(campaign);
  const [dead] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: new Date(0), endedAt: new Date(0) })
    .returning();
  const epoch = dead?.epoch ?? 0;
  await s.db.update(deliveries).set({ state: "claimed", epoch }).where(eq(deliveries.campaign, campaign));
  const [row] = await s.db.select().from(servers).where(eq(servers.id, server));
  assert.ok(row);
  const pool = new pg.Pool({ connectionString: d.url, max: 1, ...{ pipeline: true } });
  const wanted = {
    campaign,
    position: 0,
    attempt: s.randomId(),
    contact: here.contacts[0] as string,
    list: here.list,
    fault: null,
    sha256: Buffer.alloc(32),
    subject: s.randomId(),
    sealed: Buffer.alloc(1),
  };
  const done = await new HandOff({ server: row, epoch }).run(pool, [], [wanted]);
  await pool.end();
  assert.deepEqual([done.sending, done.closed], [[], true]);
  assert.deepEqual(await states(s, campaign), { claimed: 1 });
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});

test("a position is attempted only after a journaled line of this process covers it", async (t) => {
  const { campaign } = await setting({ people: 700 });
  const engine = running(t);
  await ended(campaign, engine);
  await engine.stop();
  const journal = await readJournal({ folder: s.journalFolder, writer: s.journal.writer, keys: s.keys, gone: false });
  const lines = journal.lines.filter((line) => line.kind === "sending" && line.campaign === campaign) as unknown as {
    upto: number;
  }[];
  assert.equal(lines.at(-1)?.upto, 699);
  assert.ok(lines.length >= 2, "in blocks");
  const [found] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
  assert.equal(found?.upto, 699);
});

test("her exact copy is rebuilt, and is gone when her key is", async (t) => {
  const { sink, here, campaign } = await setting({ people: 2 });
  const engine = running(t);
  await ended(campaign, engine);
  await engine.stop();
  const copy = await rebuildMessage(s, { who: here.who, campaign, position: 1, mailer: plainMailer });
  const sent = sink.sources.find((source) => source.includes("p1@"));
  assert.ok(copy.same);
  assert.deepEqual(copy.raw, sent);
  await s.db.execute(sql`update subjects set key = null, destroyed_at = now() where contact = ${here.contacts[1]}`);
  await assert.rejects(rebuildMessage(s, { who: here.who, campaign, position: 1, mailer: plainMailer }), {
    code: "MESSAGE_GONE",
  });
});
