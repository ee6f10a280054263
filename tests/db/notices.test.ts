import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { ledgerRecords } from "../../db/schema/consent.ts";
import { formVersions, notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { story } from "../../lib/consent/story.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { publishForm } from "../../lib/forms/publish-form.ts";
import { createList } from "../../lib/lists/create.ts";
import { draftWords } from "../../lib/notices/draft-words.ts";
import { fullNoticePage } from "../../lib/notices/full-notice-page.ts";
import { proposeForList } from "../../lib/notices/propose-for-list.ts";
import { publishFullNotice } from "../../lib/notices/publish-full-notice.ts";
import { publishWords, WordsIncomplete } from "../../lib/notices/publish-words.ts";
import { versionPage } from "../../lib/notices/version-page.ts";
import { wordsOfList } from "../../lib/notices/words-of-list.ts";
import { freshDatabase } from "../support/database.ts";
import { makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

const promise = {
  name: "Novità",
  topics: "novità e offerte della casa editrice",
  frequency: "una volta al mese",
  locale: "it",
  tone: "tu",
  purpose: "promo",
} as const;

async function world(t: Parameters<typeof freshDatabase>[0]) {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s, {
    processors: [{ name: "Posta S.p.A.", country: "IT" }],
    dpo: "dpo@esempio.it",
  });
  const who = await makeWho(s, organization, "owner");
  const { id: list } = await createList(s, { who, ...promise });
  const { words } = await proposeForList(s, { who, list });
  return { d, s, organization, who, list, words };
}

test("CC-03 the proposed words of both languages and tones publish as version 1, each with its hash and a record", async (t) => {
  const { s, who, list } = await world(t);
  for (const locale of ["it", "en"] as const)
    for (const tone of ["tu", "lei"] as const) {
      const { words, missing } = await proposeForList(s, { who, list, locale, tone });
      assert.deepEqual(missing, []);
      const published = await publishWords(s, { who, list, words, locale, tone });
      assert.deepEqual(
        published.map((p) => [p.kind, p.version, p.locale, p.tone]),
        ["consent_box", "short_notice", "full_notice", "confirmation_mail", "confirm_page"].map((kind) => [
          ...[kind, 1, locale, tone],
        ]),
      );
      for (const one of published)
        assert.equal(one.sha256, createHash("sha256").update(one.body).digest("hex"), one.kind);
    }
  const records = await s.db.select().from(ledgerRecords).where(eq(ledgerRecords.kind, "notice.published"));
  assert.equal(records.length, 20);
  const [row] = records;
  assert.ok(row);
  const record = JSON.parse(
    open(s.keys, { table: "ledger_records", row: row.id, column: "sealed" }, row.sealed).toString(),
  );
  assert.deepEqual([record.list, record.version, record.actor.id, record.notice.length], [list, 1, who.user, 1]);
});

test("CC-03 words that leave out what the law wants said are refused, and each part is named", async (t) => {
  const { s, who, list, words } = await world(t);
  const cut: Record<string, (text: string) => string> = {
    controller: (x) => x.replaceAll("Casa editrice Esempio s.r.l.", "Noi"),
    address: (x) => x.replace("via Roma 1, 50122 Firenze", ""),
    privacyEmail: (x) => x.replaceAll("privacy@esempio.it", "noi"),
    dpo: (x) => x.replace("dpo@esempio.it", "nessuno"),
    processors: (x) => x.replace("Posta S.p.A.", "altri"),
    months: (x) => x.replace("24 mesi", "a lungo"),
    frequency: (x) => x.replace("una volta al mese", "spesso"),
    complaint: (x) => x.replace(/ e reclamare al Garante[^.]*/, ""),
    optional: (x) => x.replace("facoltativo", "ovvio"),
    token: (x) => `${x} {scadenza}`,
  };
  for (const [part, change] of Object.entries(cut)) {
    const shortNotice = change(words.shortNotice);
    assert.notEqual(shortNotice, words.shortNotice, part);
    await assert.rejects(
      publishWords(s, { who, list, words: { ...words, shortNotice } }),
      (e) => e instanceof WordsIncomplete && e.missing.length === 1 && e.missing[0] === part,
      part,
    );
  }
  const box = (consentBox: string) => publishWords(s, { who, list, words: { ...words, consentBox } });
  await assert.rejects(box(" "), { code: "WORDS_INCOMPLETE", missing: ["box"] });
  await assert.rejects(box("Acconsento a tutto."), { missing: ["boxController"] });
  await s.db.update(organizations).set({ address: " " });
  await assert.rejects(publishWords(s, { who, list, words }), { missing: ["address"] });
  assert.deepEqual(await s.db.select().from(notices), [], "nothing was kept");
});

test("CC-04 editing makes a new version; a consent given before shows the old words and their hash", async (t) => {
  const { s, who, organization, list, words } = await world(t);
  await publishWords(s, { who, list, words });
  const first = await publishForm(s, { who, list, name: "Piè di pagina" });
  const { contact } = await subscribe(s, { list, form: first.form }, "anna@esempio.it");
  const consentBox = words.consentBox.replace("Acconsento", "Sì, acconsento");
  const [box, shortNotice] = await publishWords(s, { who, list, words: { ...words, consentBox } });
  assert.deepEqual([box?.version, shortNotice?.version], [2, 1], "what did not change keeps its version");
  const second = await publishForm(s, { who, list, form: first.form });
  assert.deepEqual([second.form, second.version], [first.form, 2]);
  assert.notEqual(second.sha256, first.sha256);
  const officer = await makeWho(s, organization, "compliance");
  const [asked] = await story(s, { who: officer, contact });
  const hashes = asked?.notices?.map((n) => n.sha256) ?? [];
  const [oldBox] = await s.db
    .select()
    .from(notices)
    .where(eq(notices.sha256, Buffer.from(hashes[0] ?? "", "hex")));
  assert.deepEqual([oldBox?.body, oldBox?.version], [words.consentBox, 1]);
  const [frozen] = await s.db.select().from(formVersions).where(eq(formVersions.version, 1));
  assert.equal(
    createHash("sha256")
      .update(frozen?.html ?? "")
      .digest("hex"),
    first.sha256,
  );
  assert.ok(frozen?.html.includes(words.consentBox));
  for (const statement of ["update notices set body = 'x'", "update form_versions set html = 'x'"])
    await assert.rejects(s.db.execute(sql.raw(statement)), { code: "42501" });
});

test("the same words again keep version and form; a draft is the next version until it is published", async (t) => {
  const { s, who, organization, list, words } = await world(t);
  const first = await publishWords(s, { who, list, words });
  assert.deepEqual(await publishWords(s, { who, list, words }), first);
  const marketer = await makeWho(s, organization, "marketing");
  const shortNotice = `${words.shortNotice} Grazie.`;
  const draft = await draftWords(s, { who: marketer, list, words: { ...words, shortNotice } });
  assert.deepEqual(
    draft.map((d) => [d.version, d.publishedAt === null]),
    [
      [1, false],
      [2, true],
    ],
  );
  await draftWords(s, { who: marketer, list, words: { ...words, shortNotice: `${shortNotice} Davvero.` } });
  await assert.rejects(publishWords(s, { who: marketer, list, words }), { code: "FORBIDDEN" });
  const published = await publishWords(s, { who, list, words: { ...words, shortNotice } });
  assert.deepEqual([published[1]?.version, published[1]?.body], [2, shortNotice]);
  const rows = await s.db.select().from(notices).where(eq(notices.kind, "short_notice"));
  assert.equal(rows.length, 2);
});

test("two people publish at once: versions count without a gap and without a double", async (t) => {
  const { s, who, list, words } = await world(t);
  const texts = ["uno", "due", "tre", "quattro"].map((x) => ({ ...words, shortNotice: `${words.shortNotice} ${x}` }));
  await Promise.all(texts.map((one) => publishWords(s, { who, list, words: one })));
  const rows = await s.db.select({ version: notices.version }).from(notices).where(eq(notices.kind, "short_notice"));
  assert.deepEqual(rows.map((row) => row.version).sort(), [1, 2, 3, 4]);
});

test("B44 B19 words are kept as text: markup is escaped in the form, lone surrogates and NUL are replaced", async (t) => {
  const { s, who, list, words } = await world(t);
  const shortNotice = `${words.shortNotice} <script>alert(1)</script> & \0 \ud800`;
  const published = await publishWords(s, { who, list, words: { ...words, shortNotice } });
  assert.ok(published[1]?.body.endsWith("<script>alert(1)</script> & \ufffd \ufffd"));
  await publishForm(s, { who, list });
  const [row] = await s.db.select().from(formVersions);
  assert.ok(row?.html.includes("&lt;script&gt;alert(1)&lt;/script&gt; &amp;"));
  assert.ok(!row?.html.includes("<script"));
});

test("another organization's list does not exist", async (t) => {
  const { s, list, words } = await world(t);
  const stranger = await makeWho(s, await makeOrganization(s), "owner");
  const gone = { code: "NOT_FOUND" };
  await assert.rejects(proposeForList(s, { who: stranger, list }), gone);
  await assert.rejects(publishWords(s, { who: stranger, list, words }), gone);
  await assert.rejects(draftWords(s, { who: stranger, list, words }), gone);
  await assert.rejects(publishForm(s, { who: stranger, list, name: "x" }), gone);
});

test("CC-03 CC-04 the full notice is published in versions of its own, and refused while it leaves something out", async (t) => {
  const { s, who, list, words } = await world(t);
  await publishWords(s, { who, list, words });
  const page = await fullNoticePage(s, { who, locale: "it" });
  assert.deepEqual([page.inForce?.version, page.inForce?.body], [1, page.proposed]);
  const publish = (body: string) => publishFullNotice(s, { who, body, locale: "it", tone: "tu" });
  await assert.rejects(publish(page.proposed.replaceAll("Posta S.p.A.", "altri")), { missing: ["processors"] });
  await assert.rejects(publish("x".repeat(60_001)), { code: "WORDS_TOO_LONG" });
  const next = await publish(`${page.proposed}\n\n## Altro\n\nNiente altro.`);
  assert.equal(next.version, 2);
  await publishWords(s, { who, list, words });
  assert.equal((await fullNoticePage(s, { who, locale: "it" })).inForce?.id, next.id, "words of a list leave it alone");
  const seen = await versionPage(s, { who, notice: next.id });
  assert.deepEqual([seen.before?.version, seen.publisher], [1, "Giulia"]);
  assert.deepEqual(
    seen.before?.changes.filter((change) => change.kind !== "same").map((change) => change.text.trim()),
    ["## Altro\n\nNiente altro."],
  );
  const marketer = await makeWho(s, who.organization, "marketing");
  await assert.rejects(publishFullNotice(s, { who: marketer, body: page.proposed, locale: "it", tone: "tu" }), {
    code: "FORBIDDEN",
  });
});

test("CC-04 another controller or recipient than the words in force name is told apart from a change of wording", async (t) => {
  const { s, who, list, words } = await world(t);
  assert.equal((await wordsOfList(s, { who, list })).state, "proposed");
  await publishWords(s, { who, list, words });
  const before = await wordsOfList(s, { who, list });
  assert.deepEqual([before.state, before.changed], ["published", { controller: null, recipients: [] }]);
  const processors = [
    { name: "Posta S.p.A.", country: "IT" },
    { name: "Nuvola Ltd", country: "US", safeguard: "clausole tipo" },
  ];
  await s.db.update(organizations).set({ legalName: "Altra Casa s.p.a.", processors });
  const after = await wordsOfList(s, { who, list });
  assert.deepEqual(after.changed, { controller: "Altra Casa s.p.a.", recipients: ["Nuvola Ltd"] });
  assert.equal(after.words.shortNotice, words.shortNotice, "the words in force stay as they are");
  assert.ok(after.proposed.shortNotice.includes("Nuvola Ltd"));
  await draftWords(s, { who, list, words: { ...words, shortNotice: "mezza bozza" } });
  const drafted = await wordsOfList(s, { who, list });
  assert.deepEqual([drafted.state, drafted.words.shortNotice], ["draft", "mezza bozza"]);
});
