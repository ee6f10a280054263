import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "drizzle-orm";
import { contacts } from "../../db/schema/contacts.ts";
import { contactPage } from "../../lib/consent/contact-page.ts";
import { erase } from "../../lib/consent/erase.ts";
import { erasedContact } from "../../lib/consent/erased-contact.ts";
import { leave } from "../../lib/consent/leave.ts";
import { openEntry } from "../../lib/consent/open-entry.ts";
import { register } from "../../lib/consent/register.ts";
import { searchContacts } from "../../lib/consent/search-contacts.ts";
import { story } from "../../lib/consent/story.ts";
import { withdrawByStaff } from "../../lib/consent/withdraw-by-staff.ts";
import { sequenceAll } from "../../lib/ledger/sequence.ts";
import type { Services } from "../../lib/services.ts";
import { suppressAddress } from "../../lib/suppression/suppress.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase } from "../support/database.ts";
import { askFor, makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

async function world(t: Parameters<typeof freshDatabase>[0]) {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  const who = await makeWho(s, organization, "marketing");
  return { d, s, organization, who, ...(await makeList(s, organization)) };
}

async function addresses(s: Services, o: Parameters<typeof searchContacts>[1]): Promise<string[]> {
  return (await searchContacts(s, o)).rows.map((row) => row.address);
}

async function named(s: Services, o: { list: string; form: string }, address: string, name: string) {
  const { contact } = await subscribe(s, o, address);
  await s.db.update(contacts).set({ name }).where(sql`id = ${contact}`);
  return contact;
}

test("contacts are found by part of address or name, whatever the case, and by the beginning of a word", async (t) => {
  const { s, who, ...on } = await world(t);
  await named(s, on, "Anna.Rossi@esempio.it", "Anna Rossi");
  await named(s, on, "bea@libero.it", "Beatrice d’Este");
  await named(s, on, "carla@esempio.it", "Càrla Rossini");
  const find = (text: string) => addresses(s, { who, text });
  assert.deepEqual(await find("rossi"), ["carla@esempio.it", "Anna.Rossi@esempio.it"], "newest first");
  assert.deepEqual(await find("ANNA rossi"), ["Anna.Rossi@esempio.it"]);
  assert.deepEqual(await find("libero"), ["bea@libero.it"]);
  assert.deepEqual(await find("càr"), ["carla@esempio.it"]);
  assert.deepEqual(await find("be"), ["bea@libero.it"], "two letters begin a word");
  assert.deepEqual(await find("so"), [], "and do not stand inside one");
  assert.equal((await find("  ")).length, 3);
});

test("B50 what a search means to SQL or to LIKE is looked for as it stands", async (t) => {
  const { s, who, ...on } = await world(t);
  await named(s, on, "anna_100%@esempio.it", "A\\B");
  await named(s, on, "annax100y@esempio.it", "x");
  const find = (text: string) => addresses(s, { who, text });
  assert.deepEqual(await find("anna_100%"), ["anna_100%@esempio.it"]);
  assert.deepEqual(await find("%"), []);
  assert.deepEqual(await find("___"), []);
  assert.deepEqual(await find("a\\b"), ["anna_100%@esempio.it"]);
  assert.deepEqual(await find("' or 1=1 --"), []);
  assert.deepEqual(await find("%".repeat(5000)), []);
  assert.deepEqual(await find("\0"), await find(""), "NUL is nothing");
  assert.deepEqual(await addresses(s, { who, after: "' or 1=1" }), []);
  await assert.rejects(searchContacts(s, { who, list: "x" }), { code: "NOT_FOUND" });
});

test("pages follow each other by key: nobody twice, nobody left out, also by standing where few match", async (t) => {
  const { s, who, organization, ...on } = await world(t);
  const people = [];
  for (let i = 0; i < 7; i++) people.push(await subscribe(s, on, `persona${i}@libero.it`));
  for (const i of [1, 4])
    await leave(s, { token: people[i]?.leave ?? "", scope: "list", method: "unsub_page", request: {} });
  const seen: string[] = [];
  let after: string | undefined;
  for (let page = 0; page < 10; page++) {
    const found = await searchContacts(s, { who, limit: 2, ...(after ? { after } : {}) });
    seen.push(...found.rows.map((row) => row.id));
    after = found.next;
    if (!after) break;
  }
  assert.deepEqual(seen, people.map((p) => p.contact).reverse());
  const left = await searchContacts(s, { who, list: on.list, standing: "left", limit: 1 });
  assert.deepEqual(
    [left.rows[0]?.id, left.rows[0]?.reason, left.next],
    [people[4]?.contact, "withdrawn", people[4]?.contact],
  );
  const rest = await searchContacts(s, { who, list: on.list, standing: "left", limit: 1, after: left.next as string });
  assert.deepEqual([rest.rows[0]?.id, rest.next], [people[1]?.contact, undefined]);
  assert.equal((await searchContacts(s, { who, standing: "active" })).rows.length, 5);
  const other = await makeList(s, organization, "Altra");
  assert.deepEqual((await searchContacts(s, { who, list: other.list })).rows, []);
  assert.deepEqual((await searchContacts(s, { who, list: on.list, text: "persona3" })).rows[0]?.lists, ["Novità"]);
});

test("CC-05 auditors read addresses masked, and cannot spell one out by searching for its parts", async (t) => {
  const { s, organization, ...on } = await world(t);
  const contact = await named(s, on, "anna.rossi@esempio.it", "Anna Rossi");
  const auditor = await makeWho(s, organization, "auditor");
  const { rows } = await searchContacts(s, { who: auditor });
  assert.deepEqual(
    rows.map((row) => [row.address, row.name]),
    [["a•••@esempio.it", null]],
  );
  for (const text of ["anna", "rossi", "a", "esempio.it"])
    assert.deepEqual((await searchContacts(s, { who: auditor, text })).rows, [], text);
  const whole = await searchContacts(s, { who: auditor, text: " Anna.Rossi@esempio.it" });
  assert.deepEqual(whole.rows[0]?.id, contact);
  const page = await contactPage(s, { who: auditor, contact });
  assert.deepEqual([page.address, page.name], ["a•••@esempio.it", null]);
});

test("LB-01 a contact's page answers where she came from, and how she stands on each list and why", async (t) => {
  const { s, who, organization, ...on } = await world(t);
  const second = await makeList(s, organization, "Eventi");
  const { contact, leave: token } = await subscribe(s, on, "anna@esempio.it");
  await askFor(s, second.form, "anna@esempio.it");
  const before = await contactPage(s, { who, contact });
  assert.deepEqual([before.origin.kind, before.origin.form], ["self_form", "Piè di pagina"]);
  assert.deepEqual(
    before.standings.map((x) => [x.list.name, x.standing, x.reason, x.level]),
    [
      ["Eventi", "none", "never_confirmed", undefined],
      ["Novità", "active", null, "E3"],
    ],
  );
  await leave(s, { token, scope: "list", method: "unsub_page", request: {} });
  await suppressAddress(s, {
    ...{ organization, contact, reason: "hard_bounce", method: "smtp", actor: { type: "system" } },
  });
  const after = await contactPage(s, { who, contact });
  assert.deepEqual(after.suppressions.map((x) => [x.reason, x.list]).sort(), [
    ["hard_bounce", null],
    ["withdrawn", "Novità"],
  ]);
  assert.deepEqual(
    after.standings.map((x) => x.standing),
    ["stopped", "stopped"],
  );
});

test("OB-03 staff records a withdrawal by phone: it is in force at once and the register names channel and words", async (t) => {
  const { s, who, organization, ...on } = await world(t);
  const { contact } = await subscribe(s, on, "anna@esempio.it");
  await withdrawByStaff(s, { who, contact, list: null, channel: "phone", note: "ha chiamato alle 10" });
  const officer = await makeWho(s, organization, "compliance");
  const last = (await story(s, { who: officer, contact })).at(-1);
  assert.deepEqual(
    [last?.kind, last?.method, last?.evidence?.note],
    ["consent.withdrawn", "phone", "ha chiamato alle 10"],
  );
  assert.equal((await contactPage(s, { who, contact })).standings[0]?.standing, "left");
});

test("CC-06 the register lists what was recorded by number; an entry opens with its words, and proves its hash", async (t) => {
  const { s, organization, ...on } = await world(t);
  const officer = await makeWho(s, organization, "compliance");
  const owner = await makeWho(s, organization, "owner");
  assert.deepEqual((await register(s, { who: officer })).lines, []);
  const { contact } = await subscribe(s, on, "anna@esempio.it");
  assert.equal((await register(s, { who: officer })).waiting, 2);
  await sequenceAll(s);
  const page = await register(s, { who: officer });
  assert.deepEqual(
    page.lines.map((x) => [x.seq, x.kind, x.list?.name, x.level, x.textVersion]),
    [
      [1, "consent.confirmed", "Novità", "E3", 1],
      [0, "consent.requested", "Novità", "E2", 1],
    ],
  );
  assert.deepEqual((await register(s, { who: officer, limit: 1 })).next, 1);
  assert.deepEqual(
    (await register(s, { who: officer, below: 1 })).lines.map((x) => x.seq),
    [0],
  );
  assert.deepEqual(
    (await register(s, { who: officer, seq: 0 })).lines.map((x) => x.kind),
    ["consent.requested"],
  );
  const opened = await openEntry(s, { who: officer, seq: 0 });
  assert.deepEqual([opened.leafHolds, opened.recordHolds, opened.contact], [true, true, contact]);
  assert.equal(opened.record?.request?.ip, "203.0.113.9");
  assert.deepEqual(opened.texts.map((x) => x.kind).sort(), [
    ...["confirm_page", "confirmation_mail", "consent_box", "short_notice"],
  ]);
  const asOwner = await openEntry(s, { who: owner, seq: 0 });
  assert.deepEqual([asOwner.record?.request, asOwner.record?.address], [undefined, "anna@esempio.it"]);
  const auditor = await makeWho(s, organization, "auditor");
  assert.equal((await openEntry(s, { who: auditor, seq: 0 })).record?.address, undefined);
  const marketer = await makeWho(s, organization, "marketing");
  for (const refused of [register(s, { who: marketer }), openEntry(s, { who: marketer, seq: 0 })])
    await assert.rejects(refused, { code: "FORBIDDEN" });
  await assert.rejects(openEntry(s, { who: officer, seq: 9 }), { code: "NOT_FOUND" });
});

test("DS-05 of an erased person the page keeps numbers and days; her entries stand in the register and open no more", async (t) => {
  const { s, organization, ...on } = await world(t);
  const officer = await makeWho(s, organization, "compliance");
  const { contact } = await subscribe(s, on, "anna@esempio.it");
  assert.equal(await erasedContact(s, { who: officer, contact }), undefined);
  await erase(s, { who: officer, contact });
  await sequenceAll(s);
  await assert.rejects(contactPage(s, { who: officer, contact }), { code: "NOT_FOUND" });
  const gone = await erasedContact(s, { who: officer, contact });
  assert.deepEqual(
    gone?.entries.map((x) => [x.seq, x.kind]),
    [
      [0, "consent.requested"],
      [1, "consent.confirmed"],
    ],
  );
  const entry = await openEntry(s, { who: officer, seq: 0 });
  assert.deepEqual([entry.leafHolds, entry.record, entry.recordHolds], [true, undefined, undefined]);
  assert.equal((await register(s, { who: officer })).lines[0]?.kind, "contact.erased");
});

test("another organization's contacts and entries do not exist", async (t) => {
  const { s, ...on } = await world(t);
  const { contact } = await subscribe(s, on, "anna@esempio.it");
  await sequenceAll(s);
  const who: Who = await makeWho(s, await makeOrganization(s), "owner", "compliance");
  const gone = { code: "NOT_FOUND" };
  assert.deepEqual((await searchContacts(s, { who })).rows, []);
  await assert.rejects(searchContacts(s, { who, list: on.list }), gone);
  await assert.rejects(contactPage(s, { who, contact }), gone);
  assert.equal(await erasedContact(s, { who, contact }), undefined);
  assert.deepEqual((await register(s, { who })).lines, []);
  await assert.rejects(openEntry(s, { who, seq: 0 }), gone);
});

test("EV-02 an entry that was altered behind the program's back says so, and so does one whose leaf was altered with it", async (t) => {
  const { d, s, organization, ...on } = await world(t);
  const officer = await makeWho(s, organization, "compliance");
  await subscribe(s, on, "anna@esempio.it");
  await sequenceAll(s);
  await d.owner.db.execute(sql`alter table ledger_entries disable trigger insert_only`);
  const forged = sql`convert_to(regexp_replace(convert_from(entry, 'UTF8'), '"commitment":"..', '"commitment":"zz'), 'UTF8')`;
  await d.owner.db.execute(sql`update ledger_entries set entry = ${forged} where seq = 0`);
  const altered = await openEntry(s, { who: officer, seq: 0 });
  assert.deepEqual([altered.leafHolds, altered.recordHolds], [false, false]);
  await d.owner.db.execute(sql`update ledger_entries set leaf = sha256('\\x00'::bytea || entry) where seq = 0`);
  const both = await openEntry(s, { who: officer, seq: 0 });
  assert.deepEqual([both.leafHolds, both.recordHolds], [true, false]);
});
