import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { eq } from "drizzle-orm";
import { campaigns, campaignVersions, contents, deliveries } from "../../db/schema/campaigns.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { outbox } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { audience, audienceRows } from "../../lib/campaigns/audience.ts";
import { cancel, sweepAllCancelled } from "../../lib/campaigns/cancel.ts";
import { CampaignChanged } from "../../lib/campaigns/changed.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { launchDue } from "../../lib/campaigns/due.ts";
import { duplicateCampaign } from "../../lib/campaigns/duplicate.ts";
import { frozenCampaign } from "../../lib/campaigns/frozen.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { listCampaigns } from "../../lib/campaigns/list.ts";
import { campaignPage, checks } from "../../lib/campaigns/page.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { compilePreview } from "../../lib/campaigns/preview.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { testSend } from "../../lib/campaigns/test-send.ts";
import { unschedule } from "../../lib/campaigns/unschedule.ts";
import { open } from "../../lib/crypto/sealed.ts";
import type { Services } from "../../lib/services.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { makeList, makeOrganization, makeWho, subscribe } from "../support/people.ts";
import { testServices } from "../support/services.ts";

type Scene = { d: TestDatabase; s: Services; who: Who; list: string; form: string; organization: string };

async function scene(t: Parameters<typeof freshDatabase>[0]): Promise<Scene> {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const organization = await makeOrganization(s);
  return { d, s, organization, who: await makeWho(s, organization, "owner"), ...(await makeList(s, organization)) };
}

async function newsletter({ s, who }: Scene): Promise<string> {
  return createCampaign(s, { who, from: "letter", name: "Novità d’inverno" });
}

const rowOf = async (s: Services, id: string) => {
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, id));
  assert.ok(row);
  return row;
};

const save = async (x: Scene, campaign: string, change: Parameters<typeof saveDraft>[1]["change"]) =>
  saveDraft(x.s, { who: x.who, campaign, version: (await rowOf(x.s, campaign)).version, change });

const launched = async (x: Scene, campaign: string, at?: string) =>
  launch(x.s, { who: x.who, campaign, version: (await rowOf(x.s, campaign)).version, ...(at ? { at } : {}) });

test("a campaign begins from a starter with the organization's identity, or as the last one", async (t) => {
  const x = await scene(t);
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
  const x = await scene(t);
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

test("B95: of two who edit the same version the second is refused and sees the other's text; repeating a save is none", async (t) => {
  const x = await scene(t);
  const id = await newsletter(x);
  const other = await makeWho(x.s, x.organization, "marketing");
  const first = await saveDraft(x.s, { who: x.who, campaign: id, version: 1, change: { subject: "di Anna" } });
  assert.equal(first.version, 2);
  await assert.rejects(
    saveDraft(x.s, { who: other, campaign: id, version: 1, change: { subject: "di Luca" } }),
    (error) => error instanceof CampaignChanged && error.theirs.subject === "di Anna" && error.version === 2,
  );
  assert.equal((await rowOf(x.s, id)).subject, "di Anna");
  const again = await saveDraft(x.s, { who: x.who, campaign: id, version: 1, change: { subject: "di Anna" } });
  assert.equal(again.version, 2);

  const both = await Promise.allSettled(
    ["uno", "due", "tre"].map((subject) =>
      saveDraft(x.s, { who: x.who, campaign: id, version: 2, change: { subject } }),
    ),
  );
  assert.equal(both.filter((one) => one.status === "fulfilled").length, 1);
  assert.equal((await rowOf(x.s, id)).version, 3);
});

test("B01 B02: line ends and control characters in subject, name, preheader and reply address are refused at save", async (t) => {
  const x = await scene(t);
  const id = await newsletter(x);
  for (const breaking of ["\r\nBcc: evil@z.example", "\n", "\r", "\u2028", "\u0085", "\0"]) {
    const text = `Ciao${breaking}a tutti`;
    for (const part of ["subject", "preheader", "fromName", "name"] as const) {
      await assert.rejects(save(x, id, { [part]: text }), { name: "ZodError" }, `${part} ${JSON.stringify(breaking)}`);
    }
    await assert.rejects(save(x, id, { replyTo: `a@example.com${breaking}x` }), { name: "ZodError" });
  }
  assert.equal((await rowOf(x.s, id)).version, 1);
});

test("B42 B46: includes and texts beyond every mail are refused at save, half-written MJML is not", async (t) => {
  const x = await scene(t);
  const id = await newsletter(x);
  await assert.rejects(
    save(x, id, { mjml: '<mjml><mj-body><mj-include path="/etc/passwd" type="css" /></mj-body></mjml>' }),
  );
  await assert.rejects(save(x, id, { mjml: "x".repeat(5_000_000) }));
  await assert.rejects(save(x, id, { subject: "x".repeat(200_000) }));
  await assert.rejects(saveDraft(x.s, { who: x.who, campaign: id, version: 1, change: { state: "ended" } as never }));
  await save(x, id, { mjml: "<mjml><mj-body><mj-sec" });
  assert.equal((await rowOf(x.s, id)).mjml, "<mjml><mj-body><mj-sec");
  await assert.rejects(launched(x, id), { code: "CAMPAIGN_BLOCKED" });
});

test("B50: what looks like SQL is text, in every field and in a URL", async (t) => {
  const x = await scene(t);
  const id = await newsletter(x);
  const evil = "'; drop table campaigns; --%_\\";
  await save(x, id, { subject: evil, name: evil, mjml: evil });
  assert.equal((await rowOf(x.s, id)).subject, evil);
  for (const campaign of [evil, "", "0", `${id}'`]) {
    await assert.rejects(campaignPage(x.s, { who: x.who, campaign }), { code: "NOT_FOUND" });
  }
});

test("another organization's campaign and lists do not exist; roles that may not write do not", async (t) => {
  const x = await scene(t);
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
  const x = await scene(t);
  const { contact } = await subscribe(x.s, x, "anna@example.com");
  const { contact: two } = await subscribe(x.s, x, "bruno@example.com");
  await x.d.owner.pool.query(
    "update bases set ended_at = app_now(), ended_by = event, ended_reason = 'withdrawn' where contact = $1",
    [two],
  );
  const of = { who: x.who, lists: [x.list], real: false };
  assert.deepEqual(await audience(x.s, of), { receive: 1, refused: [{ reason: "withdrawn", n: 1 }] });
  assert.deepEqual(await audience(x.s, { ...of, lists: [] }), { receive: 0, refused: [] });
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
  const x = await scene(t);
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

test("F18: a launch freezes MJML, HTML, text and head by hash; a later edit is refused and changes nothing", async (t) => {
  const x = await scene(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  const mjml = (await rowOf(x.s, id)).mjml;
  const started = await launched(x, id);
  assert.equal(started.state, "sending");
  const row = await rowOf(x.s, id);
  assert.ok(row.snapshot && row.launchedAt);
  assert.deepEqual([row.state, row.upto, row.size, row.simulated], ["sending", -1, 0, true]);
  const kept = await x.s.db.select().from(contents);
  for (const { body, sha256 } of kept) assert.deepEqual(createHash("sha256").update(body).digest(), sha256);
  assert.equal(kept.find((one) => one.kind === "mjml")?.body, mjml);
  const frozen = await frozenCampaign(x.s.db, { campaign: id });
  await assert.rejects(save(x, id, { subject: "Un’altra cosa" }), { code: "CAMPAIGN_NOT_DRAFT" });
  await assert.rejects(launched(x, id), { code: "CAMPAIGN_NOT_DRAFT" });
  await x.d.owner.db
    .update(organizations)
    .set({ legalName: "Altro nome s.p.a." })
    .where(eq(organizations.id, x.organization));
  await x.d.owner.db.update(campaigns).set({ subject: "Altro", mjml: "altro" }).where(eq(campaigns.id, id));
  assert.deepEqual(await frozenCampaign(x.s.db, { campaign: id }), frozen);
  assert.equal(frozen.organization.legalName, "Casa editrice Esempio s.r.l.");
  const versions = await x.s.db.select().from(campaignVersions);
  assert.deepEqual(
    versions.map((one) => [one.version, one.keptFor, one.mjml]),
    [[1, "launch", mjml]],
  );
});

test("B95: a launch from an older version than the saved one is refused", async (t) => {
  const x = await scene(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  await save(x, id, { subject: "Nuovo" });
  await assert.rejects(launch(x.s, { who: x.who, campaign: id, version: 1 }), { code: "CAMPAIGN_CHANGED" });
});

test("two presses launch once", async (t) => {
  const x = await scene(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  const presses = await Promise.allSettled([1, 2, 3, 4].map(() => launched(x, id)));
  assert.equal(presses.filter((one) => one.status === "fulfilled").length, 1);
});

test("B94: a scheduled campaign starts once, at its time on the organization's clocks; before it, it may be taken back", async (t) => {
  const x = await scene(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  await assert.rejects(launched(x, id, "2020-01-01T09:00"), { code: "SCHEDULE_IN_PAST" });
  await assert.rejects(launched(x, id, "2199-01-01T09:00"), { code: "SCHEDULE_TOO_FAR" });
  const soon = new Date((await rowOf(x.s, id)).savedAt.getTime() + 3 * 86_400_000);
  const day = soon.toISOString().slice(0, 10);
  assert.equal((await launched(x, id, `${day}T12:00`)).state, "scheduled");
  assert.deepEqual(await launchDue(x.s), []);
  await unschedule(x.s, { who: x.who, campaign: id });
  const draft = await rowOf(x.s, id);
  assert.deepEqual([draft.state, draft.snapshot, draft.htmlSha, draft.planned], ["draft", null, null, null]);
  assert.ok(draft.scheduledAt, "the time that a person wrote stays");
  await save(x, id, { subject: "Corretto" });
  await launched(x, id, `${day}T12:00`);
  await x.d.moveClock(5 * 86_400_000);
  const started = await Promise.all([1, 2, 3].map(() => launchDue(x.s)));
  assert.deepEqual(started.flat(), [id]);
  await assert.rejects(unschedule(x.s, { who: x.who, campaign: id }), { code: "CAMPAIGN_NOT_SCHEDULED" });
  assert.equal((await frozenCampaign(x.s.db, { campaign: id })).subject, "Corretto");
});

test("pause with a reason, resume, cancel: the rest becomes cancelled, what was answered stays", async (t) => {
  const x = await scene(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  await assert.rejects(pause(x.s, { who: x.who, campaign: id, reason: "" }), { code: "CAMPAIGN_NOT_SENDING" });
  await launched(x, id);
  await pause(x.s, { who: x.who, campaign: id, reason: " errore nel testo " });
  const paused = await rowOf(x.s, id);
  assert.deepEqual([paused.state, paused.pausedReason, paused.pausedBy], ["paused", "errore nel testo", x.who.user]);
  await resume(x.s, { who: x.who, campaign: id });
  await assert.rejects(resume(x.s, { who: x.who, campaign: id }), { code: "CAMPAIGN_NOT_PAUSED" });
  const row = (position: number, state: "pending" | "claimed" | "deferred" | "sending" | "accepted") => ({
    ...{ campaign: id, position, contact: x.s.randomId(), state, decidedAt: new Date(0) },
    ...(state === "claimed" || state === "sending" ? { epoch: 1 } : {}),
    ...(state === "deferred" ? { nextAt: new Date(0) } : {}),
  });
  const states = ["accepted", "sending", "claimed", "deferred", "pending", "pending"] as const;
  await x.s.db.insert(deliveries).values(states.map((state, i) => row(i, state)));
  assert.deepEqual(await cancel(x.s, { who: x.who, campaign: id }), { cancelled: 4 });
  const after = await x.s.db.select({ state: deliveries.state }).from(deliveries).orderBy(deliveries.position);
  assert.deepEqual(
    after.map((one) => one.state),
    ["accepted", "sending", ...Array(4).fill("cancelled")],
  );
  await x.s.db
    .update(deliveries)
    .set({ state: "deferred", nextAt: new Date(0), epoch: null })
    .where(eq(deliveries.position, 1));
  assert.equal(await sweepAllCancelled(x.s.db), 1, "what got a 4xx after the cancel is not tried again");
  assert.equal(await sweepAllCancelled(x.s.db), 0);
  await assert.rejects(cancel(x.s, { who: x.who, campaign: id }), { code: "CAMPAIGN_NOT_UNDER_WAY" });
  await assert.rejects(resume(x.s, { who: x.who, campaign: id }), { code: "CAMPAIGN_NOT_PAUSED" });
});

test("B88: a test goes to the caller's own address alone, 50 an hour, and keeps the version that was sent", async (t) => {
  const x = await scene(t);
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
