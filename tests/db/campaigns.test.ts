import assert from "node:assert/strict";
import { test } from "node:test";
import { audience, audienceRows } from "../../lib/campaigns/audience.ts";
import { cancel } from "../../lib/campaigns/cancel.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { duplicateCampaign } from "../../lib/campaigns/duplicate.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { listCampaigns } from "../../lib/campaigns/list.ts";
import { campaignPage, checks } from "../../lib/campaigns/page.ts";
import { compilePreview } from "../../lib/campaigns/preview.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { testSend } from "../../lib/campaigns/test-send.ts";
import { desk, launched, newsletter, rowOf, save } from "../support/drafts.ts";
import { makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";

test("a campaign begins from a starter with the organization's identity, or as the last one", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  const page = await campaignPage(x.s, { who: x.who, campaign: id });
  assert.deepEqual(page.lists, [{ id: x.list, name: "Novità", chosen: true, archived: false }]);
  assert.equal(page.server.real, false);
  await save(x, id, { subject: "Da noi" });
  const copy = await createCampaign(x.s, { who: x.who, from: "last", name: "Febbraio" });
  assert.equal((await rowOf(x.s, copy)).subject, "Da noi");
  const second = await duplicateCampaign(x.s, { who: x.who, campaign: id, name: (name) => `${name} (copia)` });
  const row = await rowOf(x.s, second);
  assert.deepEqual([row.name, row.subject, row.state], ["Novità d’inverno (copia)", "Da noi", "draft"]);
  const { rows } = await listCampaigns(x.s, { who: x.who, limit: 2 });
  assert.deepEqual(
    rows.map((one) => one.id),
    [second, copy],
  );
  assert.deepEqual(
    (await listCampaigns(x.s, { who: x.who, before: copy })).rows.map((one) => one.id),
    [id],
  );
});

test("a preview merges a person by the function that sends, and writes nothing", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  const before = await rowOf(x.s, id);
  const typed = { subject: "Ciao {{ contact.name }}" };
  const shown = await compilePreview(x.s, { who: x.who, campaign: id, change: typed });
  assert.equal(shown.subject, "Ciao Maria Rossi");
  assert.match(shown.html, /Casa editrice Esempio/);
  assert.match(shown.text, /Casa editrice Esempio/);
  assert.deepEqual(await rowOf(x.s, id), before);
  const broken = await compilePreview(x.s, {
    who: x.who,
    campaign: id,
    change: { mjml: "{{ contact.name | nothing }}" },
  });
  assert.equal(broken.html, "");
  assert.ok(broken.findings.some((one) => one.level === "error"));
});

test("another organization's campaign and lists do not exist; roles that may not write do not", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  const elsewhere = await makeOrganization(x.s, { slug: "altra" });
  const stranger = await makeWho(x.s, elsewhere, "owner");
  const theirs = await makeList(x.s, elsewhere, "Loro");
  const calls = [
    () => campaignPage(x.s, { who: stranger, campaign: id }),
    () => saveDraft(x.s, { who: stranger, campaign: id, version: 1, change: {} }),
    () => launch(x.s, { who: stranger, campaign: id, version: 1 }),
    () => duplicateCampaign(x.s, { who: stranger, campaign: id, name: (n) => n }),
    () => testSend(x.s, { who: stranger, campaign: id, to: ["a@b.example"] }),
    () => cancel(x.s, { who: stranger, campaign: id }),
    () => save(x, id, { lists: [theirs.list] }),
  ];
  for (const call of calls) await assert.rejects(call(), { code: "NOT_FOUND" });
  const auditor = await makeWho(x.s, x.organization, "auditor");
  await assert.rejects(launch(x.s, { who: auditor, campaign: id, version: 1 }), { code: "FORBIDDEN" });
  await assert.rejects(testSend(x.s, { who: auditor, campaign: id, to: [] }), { code: "FORBIDDEN" });
});

test("an audience is counted through the gate: who receives, who not and why; each number opens its rows, masked for auditors", async (t) => {
  const x = await desk(t);
  const { contact } = await subscribe(x.s, x, "anna@example.com");
  const { contact: two } = await subscribe(x.s, x, "bruno@example.com");
  await x.d.owner.pool.query(
    "update bases set ended_at = app_now(), ended_by = event, ended_reason = 'withdrawn' where contact = $1",
    [two],
  );
  const of = { who: x.who, lists: [x.list], real: false };
  assert.deepEqual(await audience(x.s, of), { receive: 1, refused: [{ reason: "withdrawn", n: 1 }], about: false });
  assert.deepEqual(await audience(x.s, { ...of, lists: [] }), { receive: 0, refused: [], about: false });
  const allowed = await audienceRows(x.s, { ...of, reason: null });
  assert.deepEqual(
    allowed.rows.map((row) => [row.contact, row.address]),
    [[contact, "anna@example.com"]],
  );
  const out = await audienceRows(x.s, { ...of, reason: "withdrawn" });
  assert.deepEqual(
    out.rows.map((row) => row.contact),
    [two],
  );
  assert.deepEqual((await audienceRows(x.s, { ...of, reason: null, after: contact })).rows, []);
  const auditor = await makeWho(x.s, x.organization, "auditor");
  const masked = await audienceRows(x.s, { ...of, who: auditor, reason: null });
  assert.equal(masked.rows[0]?.address, "a•••@example.com");
});

test("the checks before sending: nobody, no subject, a person without a field, not tested", async (t) => {
  const x = await desk(t);
  const id = await newsletter(x);
  const levels = async () =>
    new Map((await checks(x.s, { who: x.who, campaign: id })).map((one) => [one.check, one.level]));
  assert.equal((await levels()).get("nobody"), "block");
  await assert.rejects(launched(x, id), { code: "CAMPAIGN_BLOCKED", facts: { check: "nobody", n: 1 } });
  await subscribe(x.s, x, "anna@example.com");
  await save(x, id, { subject: "" });
  assert.equal((await levels()).get("subject_empty"), "block");
  await save(x, id, { subject: "Ciao {{ contact.name }}" });
  assert.equal((await levels()).get("field_missing"), "block");
  await save(x, id, { subject: 'Ciao {{ contact.name | default: "lettore" }}' });
  const good = await levels();
  assert.equal(good.get("field_default"), "warn");
  assert.deepEqual(
    ["receive", "leave_link", "text_part"].map((check) => good.get(check)),
    ["ok", "ok", "ok"],
  );
  assert.deepEqual(
    ["sandbox", "not_tested"].map((check) => good.get(check)),
    ["warn", "warn"],
  );
});
