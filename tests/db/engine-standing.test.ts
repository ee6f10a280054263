import assert from "node:assert/strict";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { lockContact } from "../../lib/contacts/lock.ts";
import type { Engine } from "../../lib/delivery/engine.ts";
import { states } from "../support/sending.ts";
import { engineHouse } from "../support/under-way.ts";

const { s, setting, running, fillAll, ended, suppress, row } = await engineHouse({ after });

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
