import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { openDatabase } from "../../db/client.ts";
import { consentEvents } from "../../db/schema/consent.ts";
import { contacts, subjects, suppressions } from "../../db/schema/contacts.ts";
import { installation, journalApplied, journalMarks } from "../../db/schema/installation.ts";
import { appNow } from "../../lib/clock.ts";
import { applyOwn, applyTail } from "../../lib/consent/apply-journal.ts";
import { erase } from "../../lib/consent/erase.ts";
import { decide } from "../../lib/consent/gate.ts";
import { leave } from "../../lib/consent/leave.ts";
import { refuse } from "../../lib/consent/refuse.ts";
import { lockContact } from "../../lib/contacts/lock.ts";
import { createKeyRing, readKeyRing } from "../../lib/crypto/keys.ts";
import { claimEpoch } from "../../lib/delivery/owner.ts";
import type { Services } from "../../lib/services.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { askFor, makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

async function reason(s: Services, organization: string, list: string, contact: string) {
  const [answer] = await decide(s.db, {
    organization,
    contacts: [contact],
    lists: [list],
    at: await appNow(s.db),
    real: false,
  });
  return answer?.reason ?? null;
}

/** Services whose database does not answer: nothing listens there. */
function withoutDatabase(s: Services, close: (work: () => unknown) => void): Services {
  const away = openDatabase("postgres://nobody@127.0.0.1:9/away", { max: 1 });
  close(away.close);
  return { ...s, db: away.db };
}

test("WD-04 she is out from the answer on, also when PostgreSQL does not answer: the journal's line is applied by the next process", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  const list = await makeList(s, organization);
  const { contact, leave: token } = await subscribe(s, list, "anna@esempio.it");
  const away = withoutDatabase(s, d.after);
  const answer = await leave(away, { token, scope: "list", method: "one_click_post", request: {} });
  assert.deepEqual(answer, { applied: false });
  assert.equal(await reason(s, organization, list.list, contact), null, "the database does not know yet");
  const next = await testServices(d, { like: s });
  assert.equal(await applyTail(next, { folder: s.journalFolder, finished: new Map() }), 1);
  assert.equal(await reason(s, organization, list.list, contact), "withdrawn");
  assert.equal(await applyTail(next, { folder: s.journalFolder, finished: new Map() }), 0, "once");
  assert.equal((await s.db.select().from(consentEvents).where(eq(consentEvents.kind, "consent.withdrawn"))).length, 1);
});

/** Somebody who leaves while the database of `s` is away. */
async function leftMeanwhile(s: Services, d: TestDatabase) {
  const organization = await makeOrganization(s);
  const list = await makeList(s, organization);
  const { contact, leave: token } = await subscribe(s, list, "anna@esempio.it");
  await leave(withoutDatabase(s, d.after), { token, scope: "list", method: "one_click_post", request: {} });
  return () => reason(s, organization, list.list, contact);
}

test("F10 who left while PostgreSQL was away is out before the first message after it, though the process that told her lives on", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const why = await leftMeanwhile(s, d);
  const owner = await claimEpoch({ directUrl: d.url, boot: s.journal.writer, kind: "web", log: s.log });
  d.after(() => owner.end());
  const worker = await testServices(d, { like: s });
  const [folder, finished] = [s.journalFolder, new Map<string, number>()];
  assert.equal(await applyTail(worker, { folder, finished }), 0, "its own lines are its own");
  assert.equal(await why(), null);
  assert.equal(await applyTail(worker, { folder, finished, answered: true }), 1);
  assert.equal(await why(), "withdrawn");
});

test("F10 a process that outlives PostgreSQL applies its own lines, once their verbs have surely failed", async (t) => {
  const d = await freshDatabase(t);
  let now = new Date();
  const s = await testServices(d, { now: () => now });
  const young = await leftMeanwhile(s, d);
  assert.equal(await applyOwn(s, { folder: s.journalFolder }), 0);
  assert.equal(await young(), null);
  now = new Date(now.getTime() - 60_000);
  const old = await leftMeanwhile(s, d);
  assert.equal(await applyOwn(s, { folder: s.journalFolder }), 1);
  assert.equal(await old(), "withdrawn");
});

test("F10 a writer taken for gone that writes again is looked at again", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const [folder, finished] = [s.journalFolder, new Map<string, number>()];
  const worker = await testServices(d, { like: s });
  await applyTail(worker, { folder, finished });
  const why = await leftMeanwhile(s, d);
  assert.equal(await applyTail(worker, { folder, finished }), 1);
  assert.equal(await why(), "withdrawn");
});

test("a kill -9 between journal and COMMIT loses nothing and locks nothing", async (t) => {
  const d = await freshDatabase(t, { durable: true });
  const home = mkdtempSync(join(tmpdir(), "home-"));
  t.after(() => rmSync(home, { recursive: true, force: true }));
  const s = await testServices(d);
  mkdirSync(join(home, "journal"));
  const ring = createKeyRing(s.randomBytes, s.randomId());
  writeFileSync(join(home, "keys.json"), ring, { mode: 0o600 });
  const world: Services = { ...s, keys: readKeyRing(ring) };
  const organization = await makeOrganization(world);
  const list = await makeList(world, organization);
  const { contact, leave: token } = await subscribe(world, list, "anna@esempio.it");
  const child = fork(join(import.meta.dirname, "../support/leave-process.ts"), [d.url, home, token], {
    execArgv: ["--import", "tsx"],
  });
  // Her lock is held here, so that the process stands between its journal line and its COMMIT when it is killed.
  await d.owner.db.transaction(async (tx) => {
    await lockContact(tx, contact);
    while ((await once(child, "message"))[0] !== "journaled");
    child.kill("SIGKILL");
    await once(child, "exit");
  });
  assert.equal(await reason(world, organization, list.list, contact), null, "the transaction was never committed");
  while ((await locksOf(d.owner.db)) > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await applyTail(world, { folder: join(home, "journal"), finished: new Map() });
  assert.equal(await reason(world, organization, list.list, contact), "withdrawn");
  const [row] = await s.db.select().from(installation);
  assert.equal(row?.lockedSince ?? null, null, "nothing is locked");
});

async function locksOf(db: Services["db"]): Promise<number> {
  const { rows } = await db.execute<{ n: string }>(sql`
    select count(*) as n from pg_locks l join processes p on l.classid = 1 and l.objid = p.epoch
     where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())`);
  return Number(rows[0]?.n);
}

test("formats 4: erased and refused lines of a database that was away are applied, a mark rises without gaps", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  const list = await makeList(s, organization);
  const { contact } = await subscribe(s, list, "anna@esempio.it");
  const links = await askFor(s, list.form, "vittima@esempio.it");
  assert.ok(links);
  // Each verb wrote its line and lost its transaction.
  const failing: Services = {
    ...s,
    db: Object.assign(Object.create(s.db), { transaction: () => Promise.reject(new Error("gone")) }),
  };
  await assert.rejects(refuse(failing, { token: links.refuse }), /gone/);
  await assert.rejects(erase(failing, { who: await makeWho(s, organization, "compliance"), contact }), /gone/);
  assert.equal((await s.db.select().from(suppressions)).length, 0);
  const next = await testServices(d, { like: s });
  await applyTail(next, { folder: s.journalFolder, finished: new Map() });
  assert.deepEqual(
    (await s.db.select({ reason: suppressions.reason }).from(suppressions)).map((x) => x.reason).sort(),
    ["erased", "not_me"],
  );
  assert.deepEqual(await s.db.select().from(contacts), []);
  assert.ok((await s.db.select().from(subjects)).every((x) => x.key === null));
  assert.deepEqual(await s.db.select().from(journalApplied), []);
  const marks = await s.db.select().from(journalMarks);
  assert.equal(marks.find((m) => m.writer === s.journal.writer)?.mark, 2);
});
