import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "drizzle-orm";
import fc from "fast-check";
import { bases, consentEvents, ledgerEntries, ledgerQueue } from "../../db/schema/consent.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../../lib/clock.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { decide } from "../../lib/consent/gate.ts";
import { leave, showLeave } from "../../lib/consent/leave.ts";
import { rebuildBases } from "../../lib/consent/rebuild.ts";
import { undoLeave } from "../../lib/consent/undo-leave.ts";
import { sharedLock } from "../../lib/contacts/lock.ts";
import { sequenceAll } from "../../lib/ledger/sequence.ts";
import { inTransaction, type Services } from "../../lib/services.ts";
import { freshDatabase } from "../support/database.ts";
import { askFor, makeList, makeOrganization, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

const LONG = Boolean(process.env.ASSENSO_TEST_LONG);
const DAY = 86_400_000;

test("F44 a hundred confirmations at once are one", async (t) => {
  const s = await testServices(await freshDatabase(t));
  const { form } = await makeList(s, await makeOrganization(s));
  const links = await askFor(s, form, "anna@esempio.it");
  assert.ok(links);
  const views = await Promise.all(Array.from({ length: 100 }, () => confirm(s, { token: links.confirm, request: {} })));
  assert.ok(views.every((view) => view.state === "confirmed"));
  assert.equal((await s.db.select().from(bases)).length, 1);
  assert.equal((await s.db.select().from(consentEvents)).length, 2);
});

test("a hundred leaves at once are one event, one suppression, one instant", async (t) => {
  const s = await testServices(await freshDatabase(t));
  const list = await makeList(s, await makeOrganization(s));
  const { leave: token } = await subscribe(s, list, "anna@esempio.it");
  await Promise.all(
    Array.from({ length: 100 }, () => leave(s, { token, scope: "list", method: "one_click_post", request: {} })),
  );
  assert.equal((await s.db.select().from(suppressions)).length, 1);
  assert.equal((await s.db.select().from(consentEvents)).length, 3);
});

test("WD-04 LB-02 of a withdrawal and a hand-off one is first: a replay at the stored instant gives the stored answer", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  const list = await makeList(s, organization);
  for (let i = 0; i < (LONG ? 200 : 20); i++) {
    // One network may ask 20 times an hour.
    if (i > 0 && i % 20 === 0) await d.moveClock(3_700_000);
    const { contact, leave: token } = await subscribe(s, list, `persona${i}@x${i}.it`);
    const ask = (db: Services["db"], at: Date) =>
      decide(db, { organization, contacts: [contact], lists: [list.list], at, real: false });
    const handOff = inTransaction(s, async (tx) => {
      await tx.db.execute(sql`select ${sharedLock(sql`${contact}`)}`);
      const at = await appNow(tx.db);
      const [said] = await ask(tx.db, at);
      return { at, said: said?.reason ?? null };
    });
    const [stored] = await Promise.all([
      handOff,
      leave(s, { token, scope: "list", method: "one_click_post", request: {} }),
    ]);
    const [replayed] = await ask(s.db, stored.at);
    assert.equal(replayed?.reason ?? null, stored.said);
  }
});

test("CC-06 LB-02 any history: the projection rebuilt from the events is the live one, and every stored answer of the gate is replayed", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const step = fc.constantFrom("ask", "confirm", "leave", "undo", "day", "years" as const);
  const seen: { organization: string; contact: string; list: string; at: Date; said: string | null }[] = [];
  let person = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const organization = await makeOrganization(s);
      const list = await makeList(s, organization);
      const address = `p${person++}@esempio.it`;
      const who = await subscribe(s, list, address);
      let link: string | undefined;
      for (const what of steps) {
        if (what === "ask") link = (await askFor(s, list.form, address))?.confirm ?? link;
        if (what === "confirm" && link) await confirm(s, { token: link, request: {} });
        if (what === "leave") await leave(s, { token: who.leave, scope: "list", method: "unsub_page", request: {} });
        const event = what === "undo" ? (await showLeave(s, { token: who.leave }))?.undo?.event : undefined;
        if (event) await undoLeave(s, { token: who.leave, event, request: {} });
        if (what === "day") await d.moveClock(1.5 * DAY);
        if (what === "years") await d.moveClock(740 * DAY);
        const at = await appNow(s.db);
        const [answer] = await decide(s.db, {
          organization,
          contacts: [who.contact],
          lists: [list.list],
          at,
          real: false,
        });
        seen.push({ organization, contact: who.contact, list: list.list, at, said: answer?.reason ?? null });
      }
      assert.deepEqual(await rebuildBases(s, { organization }), await liveBases(s, organization));
    }),
    { numRuns: LONG ? 500 : 25 },
  );
  for (const { said, ...o } of seen) {
    const [answer] = await decide(s.db, { ...o, contacts: [o.contact], lists: [o.list], real: false });
    assert.equal(answer?.reason ?? null, said);
  }
});

async function liveBases(s: Services, organization: string) {
  const rows = await s.db.select().from(bases).where(sql`organization = ${organization}`).orderBy(bases.from, bases.id);
  return rows.map(({ contact, list, purpose, event, level, simulated, from, until, endedAt, endedReason }) => ({
    ...{ contact, list, purpose, event, level, simulated, from, until, endedAt, endedReason },
  }));
}

test("the sequencer numbers without gaps, however many run at once", async (t) => {
  const s = await testServices(await freshDatabase(t));
  const { form } = await makeList(s, await makeOrganization(s));
  for (let i = 0; i < 15; i++) await askFor(s, form, `p${i}@esempio.it`);
  await Promise.all(Array.from({ length: 8 }, () => sequenceAll(s)));
  await sequenceAll(s);
  const entries = await s.db.select({ seq: ledgerEntries.seq }).from(ledgerEntries).orderBy(ledgerEntries.seq);
  assert.deepEqual(
    entries.map((entry) => entry.seq),
    Array.from({ length: 15 }, (_, i) => i),
  );
  assert.deepEqual(await s.db.select().from(ledgerQueue), []);
});
