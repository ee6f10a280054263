import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { progress } from "../../lib/delivery/progress.ts";
import { rebuildMessage } from "../../lib/delivery/rebuild.ts";
import { readJournal } from "../../lib/journal/read.ts";
import { until } from "../support/engine.ts";
import { confirmed, plainMailer, states } from "../support/sending.ts";
import { engineHouse } from "../support/under-way.ts";

const { s, setting, running, fillAll, ended, suppress, row } = await engineHouse({ after });

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
