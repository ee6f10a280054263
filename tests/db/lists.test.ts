import assert from "node:assert/strict";
import { test } from "node:test";
import { eq } from "drizzle-orm";
import { campaignLists, campaigns } from "../../db/schema/campaigns.ts";
import { bases, ledgerRecords } from "../../db/schema/consent.ts";
import { contacts } from "../../db/schema/contacts.ts";
import { forms } from "../../db/schema/lists.ts";
import { appNow } from "../../lib/clock.ts";
import { confirm } from "../../lib/consent/confirm.ts";
import { countAudience } from "../../lib/consent/gate.ts";
import { leave } from "../../lib/consent/leave.ts";
import { listOverview } from "../../lib/consent/list-overview.ts";
import { openRequests } from "../../lib/consent/open-requests.ts";
import { versionsOfForm } from "../../lib/forms/form-versions.ts";
import { listForms } from "../../lib/forms/list-forms.ts";
import { publishForm } from "../../lib/forms/publish-form.ts";
import { publicForm } from "../../lib/forms/published-form.ts";
import { withdrawForm } from "../../lib/forms/withdraw-form.ts";
import { archiveList } from "../../lib/lists/archive.ts";
import { createList } from "../../lib/lists/create.ts";
import { findList } from "../../lib/lists/find.ts";
import { updateList } from "../../lib/lists/update.ts";
import { proposeForList } from "../../lib/notices/propose-for-list.ts";
import { publishWords } from "../../lib/notices/publish-words.ts";
import type { Services } from "../../lib/services.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase } from "../support/database.ts";
import { askFor, makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

const promise = {
  name: "Novità",
  topics: "novità e offerte",
  frequency: "una volta al mese",
  locale: "it",
  tone: "tu",
  purpose: "promo",
} as const;

async function world(t: Parameters<typeof freshDatabase>[0]) {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  return { d, s, organization, who: await makeWho(s, organization, "owner") };
}

async function withWords(s: Services, who: Who, name = "Novità") {
  const { id: list } = await createList(s, { who, ...promise, name });
  const { words } = await proposeForList(s, { who, list });
  await publishWords(s, { who, list, words });
  return { list, words };
}

test("DO-01 marketing makes a list and has nothing to switch double opt-in off with: the key is unknown, whatever the purpose", async (t) => {
  const { s, who } = await world(t);
  const { id } = await createList(s, { who, ...promise });
  const marketer = await makeWho(s, who.organization, "marketing");
  for (const purpose of ["promo", "editorial"] as const) {
    const off = { who: marketer, ...promise, purpose, doubleOptIn: false };
    await assert.rejects(createList(s, off), { name: "ZodError" });
    await assert.rejects(updateList(s, { ...off, list: id }), { name: "ZodError" });
  }
  const officer = await makeWho(s, who.organization, "compliance");
  await createList(s, { who: marketer, ...promise });
  await assert.rejects(createList(s, { who: officer, ...promise }), { code: "FORBIDDEN" });
});

test("DO-01 an editorial list waits for the confirmation like a promotional one: before it there is no contact and no basis", async (t) => {
  const { s, who, organization } = await world(t);
  const { id: list } = await createList(s, { who, ...promise, purpose: "editorial" });
  await publishWords(s, { who, list, words: (await proposeForList(s, { who, list })).words });
  const { form } = await publishForm(s, { who, list });
  const links = await askFor(s, form, "anna@esempio.it", "editorial");
  assert.ok(links);
  const audience = async () =>
    (await countAudience(s.db, { organization, lists: [list], at: await appNow(s.db), real: false })).allowed;
  assert.equal(await audience(), 0);
  assert.equal((await s.db.select().from(contacts)).length, 0);
  await confirm(s, { token: links.confirm, request: { ip: "203.0.113.9", ipFrom: "socket" } });
  assert.equal(await audience(), 1);
  assert.deepEqual(
    (await s.db.select().from(bases)).map((one) => [one.purpose, one.level]),
    [["editorial", "E3"]],
  );
});

test("B01 B17 B82 what a list is called is one line of a mail; unknown keys are refused", async (t) => {
  const { s, who } = await world(t);
  const make = (change: object) => createList(s, { who, ...promise, ...change });
  for (const name of [
    "Novità\r\nBcc: x@y.it",
    "a\0b",
    "a\u2028b",
    " ",
    "x".repeat(81),
    `e${"\u0301".repeat(10_000)}`,
    "\ud800",
  ])
    await assert.rejects(make({ name }), { name: "ZodError" }, JSON.stringify(name));
  await assert.rejects(make({ organization: s.randomId() }), { name: "ZodError" });
  await assert.rejects(make({ archivedAt: null }), { name: "ZodError" });
  const family = "👨‍👩‍👧‍👦";
  const { id } = await make({ name: ` ${family.repeat(80)}`, topics: "offerte \u202e<b>&" });
  const list = await findList(s, { who, list: id });
  assert.deepEqual([list.name, list.topics], [family.repeat(80), "offerte <b>&"]);
});

test("what a list promises is recorded each time it changes, and its purpose is fixed once there are words", async (t) => {
  const { s, who } = await world(t);
  const { id: list } = await createList(s, { who, ...promise });
  await updateList(s, { who, list, ...promise, purpose: "editorial" });
  await updateList(s, { who, list, ...promise, purpose: "editorial" });
  const { words } = await proposeForList(s, { who, list });
  await publishWords(s, { who, list, words });
  await assert.rejects(updateList(s, { who, list, ...promise, purpose: "promo" }), { code: "LIST_PURPOSE_FIXED" });
  await updateList(s, { who, list, ...promise, purpose: "editorial", frequency: "ogni settimana" });
  const records = await s.db.select().from(ledgerRecords).where(eq(ledgerRecords.kind, "list.changed"));
  assert.equal(records.length, 3, "created, purpose, frequency; the same again is no change");
});

test("CC-03 a form is published only with words; newer words make it outdated and its next version carries them", async (t) => {
  const { s, who } = await world(t);
  const { id: bare } = await createList(s, { who, ...promise });
  await assert.rejects(publishForm(s, { who, list: bare, name: "Fiera" }), { code: "WORDS_NOT_PUBLISHED" });
  assert.deepEqual(await listForms(s, { who }), [], "and leaves nothing behind");
  const { list, words } = await withWords(s, who);
  const { form } = await publishForm(s, { who, list, name: "Fiera" });
  assert.deepEqual((await publishForm(s, { who, list, form })).version, 1, "the same words again are the same version");
  await publishWords(s, { who, list, words: { ...words, shortNotice: `${words.shortNotice} Grazie.` } });
  assert.deepEqual(
    (await listForms(s, { who, list })).map((f) => [f.name, f.version, f.outdated]),
    [["Fiera", 1, true]],
  );
  await publishForm(s, { who, list, form, name: "Fiera di Torino" });
  assert.deepEqual(
    (await listForms(s, { who, list })).map((f) => [f.name, f.version, f.outdated]),
    [["Fiera di Torino", 2, false]],
  );
  const versions = await versionsOfForm(s, { who, form });
  assert.deepEqual(
    versions.map((v) => [v.version, v.notices.length]),
    [
      [2, 5],
      [1, 5],
    ],
  );
  await assert.rejects(publishForm(s, { who, list: bare, form }), { code: "WORDS_NOT_PUBLISHED" });
  const other = await withWords(s, who, "Altra");
  await assert.rejects(publishForm(s, { who, list: other.list, form }), { code: "FORM_OF_ANOTHER_LIST" });
});

test("CC-01 the frozen form holds an unticked box after the notice, and nothing can tick it", async (t) => {
  const { s, who } = await world(t);
  const { list } = await withWords(s, who);
  const { form } = await publishForm(s, { who, list, name: "Fiera" });
  const [version] = await versionsOfForm(s, { who, form });
  const html = version?.html ?? "";
  assert.doesNotMatch(html, /checked|<script|required/);
  assert.ok(html.indexOf("Che cosa facciamo") < html.indexOf('type="checkbox"'), "the notice comes first");
  assert.match(html, /\/p\/casa-[^"]+\/privacy"/);
  assert.match(html, /testo n\. 1/);
});

test("a withdrawn form answers nobody, and what it was stays", async (t) => {
  const { s, who } = await world(t);
  const { list } = await withWords(s, who);
  const { form } = await publishForm(s, { who, list, name: "Fiera" });
  assert.ok(await publicForm(s.db, { form }));
  await withdrawForm(s, { who, form });
  assert.equal(await publicForm(s.db, { form }), undefined);
  await assert.rejects(publishForm(s, { who, list, form }), { code: "FORM_WITHDRAWN" });
  assert.equal((await versionsOfForm(s, { who, form })).length, 1);
  assert.equal((await s.db.select().from(forms))[0]?.withdrawnAt instanceof Date, true);
});

test("a list is archived only when nothing hangs on it, and the refusal says what", async (t) => {
  const { s, who, organization } = await world(t);
  const { list, form } = await makeList(s, organization);
  const { leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  await askFor(s, form, "bea@esempio.it");
  const campaign = await makeCampaign(s, organization, list);
  await assert.rejects(archiveList(s, { who, list }), {
    code: "LIST_IN_USE",
    facts: { campaigns: 1, people: 1, requests: 1 },
  });
  await leave(s, { token, scope: "list", method: "unsub_page", request: {} });
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
  await assert.rejects(archiveList(s, { who, list }), { facts: { campaigns: 0, people: 0, requests: 1 } });
  const { id: empty } = await createList(s, { who, ...promise, name: "Vuota" });
  await archiveList(s, { who, list: empty });
  await archiveList(s, { who, list: empty });
  await assert.rejects(updateList(s, { who, list: empty, ...promise }), { code: "LIST_ARCHIVED" });
  const names = (await listOverview(s, { who })).map((line) => [line.name, line.archivedAt !== null]);
  assert.deepEqual(names, [
    ["Novità", false],
    ["Vuota", true],
  ]);
});

test("a list's line says who gets its mail, who waits, who left, through the gate; the last mailing beside", async (t) => {
  const { d, s, who, organization } = await world(t);
  const { list, form } = await makeList(s, organization);
  const { leave: token } = await subscribe(s, { list, form }, "anna@esempio.it");
  await subscribe(s, { list, form }, "bea@esempio.it");
  await askFor(s, form, "carla@esempio.it");
  await leave(s, { token, scope: "all", method: "unsub_page", request: {} });
  const campaign = await makeCampaign(s, organization, list);
  const [line] = await listOverview(s, { who });
  assert.deepEqual(line?.figures, { active: 1, pending: 1, left: 1, stopped: 0, about: false });
  assert.deepEqual([line?.lastMail?.campaign, line?.forms, line?.words], [campaign, 1, true]);
  const { rows } = await openRequests(s, { who, list });
  assert.deepEqual(
    rows.map((row) => [row.address, row.form]),
    [["carla@esempio.it", "Piè di pagina"]],
  );
  const auditor = await makeWho(s, organization, "auditor");
  assert.deepEqual((await openRequests(s, { who: auditor, list })).rows[0]?.address, "c•••@esempio.it");
  await d.moveClock(8 * 86_400_000);
  assert.deepEqual((await openRequests(s, { who, list })).rows, []);
});

test("another organization's list and form do not exist", async (t) => {
  const { s, organization } = await world(t);
  const { list, form } = await makeList(s, organization);
  const who = await makeWho(s, await makeOrganization(s), "owner");
  const gone = { code: "NOT_FOUND" };
  await assert.rejects(findList(s, { who, list }), gone);
  await assert.rejects(updateList(s, { who, list, ...promise }), gone);
  await assert.rejects(archiveList(s, { who, list }), gone);
  await assert.rejects(openRequests(s, { who, list }), gone);
  await assert.rejects(versionsOfForm(s, { who, form }), gone);
  await assert.rejects(withdrawForm(s, { who, form }), gone);
  assert.deepEqual(await listOverview(s, { who }), []);
  assert.deepEqual(await listForms(s, { who, list }), []);
  await assert.rejects(findList(s, { who, list: "1 or 1=1" }), gone);
});

async function makeCampaign(s: Services, organization: string, list: string): Promise<string> {
  const id = s.randomId();
  const at = new Date("2026-11-20T09:00:00Z");
  await s.db.insert(campaigns).values({
    ...{ id, organization, name: "Inverno", state: "scheduled" as const, launchedAt: at, createdAt: at, savedAt: at },
    ...{ locale: "it" as const, mjml: "", createdBy: s.randomId() },
  });
  await s.db.insert(campaignLists).values({ campaign: id, list });
  return id;
}
