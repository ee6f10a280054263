import assert from "node:assert/strict";
import { test } from "node:test";
import { eq } from "drizzle-orm";
import { campaignVersions } from "../../db/schema/campaigns.ts";
import { outbox } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { keptVersion } from "../../lib/campaigns/kept-version.ts";
import { keptVersions, VERSIONS_A_PAGE } from "../../lib/campaigns/kept-versions.ts";
import { compilePreview } from "../../lib/campaigns/preview.ts";
import { reuseVersion } from "../../lib/campaigns/reuse-version.ts";
import { testSend } from "../../lib/campaigns/test-send.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { desk, launched, newsletter, rowOf, save } from "../support/drafts.ts";
import { makeWho, subscribe } from "../support/people.ts";

test("B88: a test goes to the caller's own address alone, 50 an hour, and keeps the version that was sent", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  await x.d.owner.db.update(users).set({ email: "giulia@example.com" }).where(eq(users.id, x.who.user));
  const sent = (to: string[]) => testSend(x.s, { who: x.who, campaign: id, to });
  for (const to of [
    [],
    ["bob@example.com"],
    ["giulia@example.com", "bob@example.com"],
    ["giulia@example.com.evil.example"],
  ]) {
    await assert.rejects(sent(to), { code: "TEST_NOT_OWN" });
  }
  await assert.rejects(sent(Array(11).fill("giulia@example.com")), { code: "TEST_TOO_MANY" });
  assert.equal(await sent([" Giulia@Example.com "]), "giulia@example.com");
  const [mail] = await x.s.db.select().from(outbox).where(eq(outbox.kind, "campaign_test"));
  assert.ok(mail?.payload);
  const payload = JSON.parse(
    open(x.s.keys, { table: "outbox", row: mail.id, column: "payload" }, mail.payload).toString(),
  );
  assert.equal(payload.to, "giulia@example.com");
  assert.match(payload.html, /Casa editrice Esempio/);
  assert.deepEqual(
    (await x.s.db.select().from(campaignVersions)).map((one) => [one.version, one.keptFor]),
    [[1, "test"]],
  );
  for (let i = 0; i < 49; i++)
    await x.d.owner.pool.query("insert into attempts (scope, key, at) values ($1, $2, app_now())", [
      `campaign_test:${x.who.user}`,
      Buffer.from(x.who.user),
    ]);
  await assert.rejects(sent(["giulia@example.com"]), { code: "TEST_LIMIT" });
  await x.d.moveClock(3_601_000);
  await sent(["giulia@example.com"]);
});

test("a kept version is read and comes back as a new save; nothing kept changes, and names, lists and replies stay", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  await x.d.owner.db.update(users).set({ email: "giulia@example.com", name: "Giulia" }).where(eq(users.id, x.who.user));
  const sent = () => testSend(x.s, { who: x.who, campaign: id, to: ["giulia@example.com"] });
  await save(x, id, { subject: "Prima", preheader: "uno", fromName: "Redazione", text: "tutto a mano" });
  const first = await rowOf(x.s, id);
  await sent();
  await sent();
  await save(x, id, { subject: "Seconda", name: "Altro nome", replyTo: "risposte@example.com", text: "" });
  await sent();
  const lines = await keptVersions(x.s, { who: x.who, campaign: id });
  assert.deepEqual(
    lines.map((line) => [line.version, line.subject, line.kept.map(({ keptFor, by }) => `${keptFor} ${by}`)]),
    [
      [3, "Seconda", ["test Giulia"]],
      [2, "Prima", ["test Giulia"]],
    ],
  );
  const preview = await compilePreview(x.s, { who: x.who, campaign: id, version: 2 });
  assert.deepEqual([preview.subject, /tutto a mano/.test(preview.text)], ["Prima", true]);
  assert.equal((await keptVersion(x.s, { who: x.who, campaign: id, version: 3 })).current, true);

  const reuse = (from: number, who = x.who) => reuseVersion(x.s, { who, campaign: id, version: 2, from });
  await assert.rejects(reuse(2), { code: "CAMPAIGN_CHANGED" }, "somebody saved since the page was opened");
  assert.equal((await reuse(3)).version, 4);
  const row = await rowOf(x.s, id);
  const texts = ({ subject, preheader, fromName, mjml, text }: typeof row) => [
    subject,
    preheader,
    fromName,
    mjml,
    text,
  ];
  assert.deepEqual(texts(row), texts(first));
  assert.deepEqual([row.name, row.replyTo], ["Altro nome", "risposte@example.com"]);
  assert.equal((await keptVersion(x.s, { who: x.who, campaign: id, version: 2 })).current, true);
  assert.equal((await keptVersions(x.s, { who: x.who, campaign: id })).length, 2, "a reuse keeps nothing by itself");

  await assert.rejects(reuse(4, await makeWho(x.s, x.organization, "auditor")), { code: "FORBIDDEN" });
  const other = await newsletter(x);
  const elsewhere = { who: x.who, campaign: other, version: 2 };
  await assert.rejects(keptVersion(x.s, elsewhere), { code: "NOT_FOUND" });
  await assert.rejects(reuseVersion(x.s, { ...elsewhere, from: 1 }), { code: "NOT_FOUND" });
  await assert.rejects(compilePreview(x.s, elsewhere), { code: "NOT_FOUND" });
  await subscribe(x.s, x, "anna@example.com");
  await launched(x, id);
  await assert.rejects(reuse(4), { code: "CAMPAIGN_NOT_DRAFT" });
  const [newest] = await keptVersions(x.s, { who: x.who, campaign: id });
  assert.deepEqual([newest?.version, newest?.kept.map((one) => one.keptFor)], [4, ["launch"]]);
});

test("kept versions come in pages, newest first, a version kept twice on one line", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  await x.d.owner.pool.query(
    `insert into campaign_versions (campaign, version, kept_for, subject, preheader, from_name, mjml, kept_at, kept_by)
     select $1, n, k, 'v' || n, '', '', '', now(), $2 from generate_series(1, 120) n, unnest('{test,launch}'::text[]) k`,
    [id, x.s.randomId()],
  );
  const seen: number[] = [];
  for (let before: number | undefined; ; before = seen.at(-1)) {
    const page = await keptVersions(x.s, { who: x.who, campaign: id, ...(before ? { before } : {}) });
    const lines = page.slice(0, VERSIONS_A_PAGE);
    assert.ok(lines.every((line) => line.kept.length === 2 && line.kept[0]?.by === null));
    seen.push(...lines.map((line) => line.version));
    if (page.length <= VERSIONS_A_PAGE) break;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 120 }, (_, i) => 120 - i),
  );
});
