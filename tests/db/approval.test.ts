import assert from "node:assert/strict";
import { test } from "node:test";
import { eq } from "drizzle-orm";
import { campaignApprovals } from "../../db/schema/approvals.ts";
import { campaigns } from "../../db/schema/campaigns.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { lists } from "../../db/schema/lists.ts";
import { campaignApproval } from "../../lib/campaigns/approval.ts";
import { askApproval } from "../../lib/campaigns/ask-approval.ts";
import { decideApproval } from "../../lib/campaigns/decide-approval.ts";
import { duplicateCampaign } from "../../lib/campaigns/duplicate.ts";
import { checks } from "../../lib/campaigns/page.ts";
import { unschedule } from "../../lib/campaigns/unschedule.ts";
import { overview } from "../../lib/reports/overview.ts";
import { openNotices } from "../../lib/users/staff-notices.ts";
import type { Who } from "../../lib/users/who.ts";
import { type Desk, desk, launched, newsletter, rowOf, save } from "../support/drafts.ts";
import { makeWho, subscribe } from "../support/people.ts";

type Room = Desk & { id: string; writer: Who; officer: Who };

/** A promotion that calls itself an answer, somebody who wrote it, and somebody who may release it. */
async function room(t: Parameters<typeof desk>[0], subject = "Re: fattura"): Promise<Room> {
  const x = await desk(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  await save(x, id, { subject });
  const [writer, officer] = [
    await makeWho(x.s, x.organization, "marketing"),
    await makeWho(x.s, x.organization, "compliance"),
  ];
  return { ...x, id, writer, officer };
}

const ask = async (x: Room, who = x.writer) =>
  askApproval(x.s, { who, campaign: x.id, version: (await rowOf(x.s, x.id)).version });
const question = async (x: Room) =>
  (await campaignApproval(x.s, { who: x.officer, campaign: x.id }))?.question?.id ?? "";
const decide = async (x: Room, approved: boolean, who = x.officer, reason = "") =>
  decideApproval(x.s, { who, campaign: x.id, question: await question(x), approved, reason });
const said = async (x: Room) =>
  (await checks(x.s, { who: x.officer, campaign: x.id }))
    .filter(({ check }) => check.includes("reply"))
    .map(({ check, level }) => `${check} ${level}`);
const toDo = async (x: Room, who: Who) =>
  (await overview(x.s, { who })).toDo.filter(({ what }) => what === "approval_waits").map(({ at }) => at);
const told = async (x: Room) => (await openNotices(x.s, { who: x.officer })).map(({ kind }) => kind);
const tomorrow = async (x: Room) =>
  `${new Date((await rowOf(x.s, x.id)).savedAt.getTime() + 3 * 86_400_000).toISOString().slice(0, 10)}T12:00`;

test("MC-01: a promotion with the subject «Re: fattura» is warned of, and starts only after somebody else's approval", async (t) => {
  const x = await room(t);
  assert.deepEqual(await said(x), ["subject_reply_unasked block"]);
  const blocked = { code: "CAMPAIGN_BLOCKED", facts: { check: "subject_reply_unasked", n: 1 } };
  await assert.rejects(launched(x, x.id), blocked);
  await assert.rejects(launched(x, x.id, await tomorrow(x)), blocked, "nor is it scheduled");
  await ask(x);
  await ask(x);
  assert.deepEqual(await said(x), ["subject_reply_waiting block"]);
  await assert.rejects(launched(x, x.id), { code: "CAMPAIGN_BLOCKED" });
  assert.deepEqual(await toDo(x, x.officer), [`/campaigns/${x.id}?step=send#approval`]);
  assert.deepEqual(await toDo(x, x.writer), [], "who may not decide is not asked");
  assert.deepEqual(await told(x), ["approval_waits"]);
  await decide(x, true);
  assert.deepEqual(await said(x), ["subject_reply_approved warn"]);
  assert.deepEqual([await toDo(x, x.officer), await told(x)], [[], ["approval_decided"]]);
  const rows = await x.s.db.select().from(campaignApprovals);
  assert.deepEqual(
    rows.map((one) => [one.subject, one.version, one.askedBy, one.decidedBy, one.approved]),
    [["Re: fattura", 2, x.writer.user, x.officer.user, true]],
  );
  assert.ok(rows[0]?.decidedAt);
  const log = await x.s.db.select().from(auditLog).where(eq(auditLog.object, x.id));
  assert.deepEqual(
    log.filter(({ action }) => /appro/.test(action)).map(({ action, user, facts }) => [action, user, facts]),
    [
      ["campaign.approval_asked", x.writer.user, { version: 2 }],
      ["campaign.approved", x.officer.user, { version: 2 }],
    ],
  );
  assert.equal((await launched(x, x.id)).state, "sending");
});

test("MC-01: an approval holds for its words: another subject, or a copy, needs its own; the same words again have it", async (t) => {
  const x = await room(t);
  await ask(x);
  await decide(x, true);
  await launched(x, x.id, await tomorrow(x));
  await unschedule(x.s, { who: x.who, campaign: x.id });
  await save(x, x.id, { subject: "Fwd: fattura" });
  assert.deepEqual(await said(x), ["subject_reply_unasked block"]);
  await assert.rejects(launched(x, x.id, await tomorrow(x)), { code: "CAMPAIGN_BLOCKED" });
  await save(x, x.id, { subject: "Re: fattura", preheader: "Un’altra anteprima" });
  assert.deepEqual(await said(x), ["subject_reply_approved warn"]);
  await save(x, x.id, { subject: "La fattura" });
  assert.deepEqual(await said(x), []);
  const copy = await duplicateCampaign(x.s, { who: x.who, campaign: x.id, name: (name) => `${name} bis` });
  await save(x, copy, { subject: "Re: fattura" });
  assert.deepEqual(await said({ ...x, id: copy }), ["subject_reply_unasked block"]);
});

test("MC-01: nobody approves what she asked for, nor words that changed meanwhile, nor twice; alone there is nobody to ask", async (t) => {
  const x = await room(t);
  await assert.rejects(ask(x, x.officer), { code: "FORBIDDEN" });
  await ask(x, x.who);
  await assert.rejects(decide(x, true, x.who), { code: "APPROVAL_OWN" });
  await assert.rejects(decide(x, true, x.writer), { code: "FORBIDDEN" });
  await assert.rejects(decide(x, false, x.officer, "  "), { code: "APPROVAL_REASON" });
  const old = await question(x);
  await save(x, x.id, { subject: "Re: la tua fattura" });
  assert.deepEqual([await toDo(x, x.officer), await told(x)], [[], []], "there is nothing left to decide");
  const late = { who: x.officer, campaign: x.id, question: old, approved: true };
  await assert.rejects(decideApproval(x.s, late), { code: "APPROVAL_CHANGED" });
  await ask(x);
  assert.equal(await question(x), old, "of a campaign one question waits");
  const both = await Promise.allSettled(
    [true, false].map((approved) => decideApproval(x.s, { ...late, approved, reason: "no" })),
  );
  assert.equal(both.filter(({ status }) => status === "fulfilled").length, 1);
  await assert.rejects(x.d.owner.db.update(campaignApprovals).set({ approved: true }), /never changed|Failed query/);
  await assert.rejects(x.s.db.delete(campaignApprovals), "the program may not remove it");
  const alone = await desk(t);
  await subscribe(alone.s, alone, "anna@example.com");
  const id = await newsletter(alone);
  await save(alone, id, { subject: "Re: fattura" });
  await assert.rejects(askApproval(alone.s, { who: alone.who, campaign: id, version: 2 }), { code: "APPROVAL_NOBODY" });
});

test("MC-01: a refusal needs a reason and may be asked again; outside of advertising the subject is only warned of", async (t) => {
  const x = await room(t);
  await ask(x);
  await decide(x, false, x.officer, "Nessuno ha scritto prima");
  assert.deepEqual(await said(x), ["subject_reply_refused block"]);
  const approval = await campaignApproval(x.s, { who: x.writer, campaign: x.id });
  assert.equal(approval?.question?.reason, "Nessuno ha scritto prima");
  await assert.rejects(launched(x, x.id), { code: "CAMPAIGN_BLOCKED" });
  await ask(x);
  assert.deepEqual(await said(x), ["subject_reply_waiting block"]);
  await x.d.owner.db.update(lists).set({ purpose: "editorial" });
  await save(x, x.id, { lists: [x.list] });
  assert.deepEqual(await said(x), ["template_looks_like_reply warn"]);
  assert.deepEqual(await toDo(x, x.officer), []);
  await assert.rejects(decide(x, true), { code: "APPROVAL_CHANGED" });
});

test("MC-01: a sender's name that has nothing of what people said yes to is pointed at, and starts all the same", async (t) => {
  const x = await room(t, "Le novità");
  const strange = async () =>
    (await checks(x.s, { who: x.who, campaign: x.id }))
      .filter(({ check }) => check === "from_name_stranger")
      .map(({ level }) => level);
  assert.deepEqual(await strange(), [], "the server's own name is the controller's");
  await save(x, x.id, { fromName: "Agenzia delle Entrate" });
  assert.deepEqual(await strange(), ["warn"]);
  await save(x, x.id, { fromName: "Giulia di Esempio" });
  assert.deepEqual(await strange(), []);
  await save(x, x.id, { fromName: "Agenzia delle Entrate" });
  assert.equal((await launched(x, x.id)).state, "sending");
});

test("MC-01: what was started waits for nobody's approval any more", async (t) => {
  const x = await room(t);
  await ask(x);
  await x.d.owner.db.update(campaigns).set({ subject: "La fattura" });
  assert.deepEqual(await told(x), ["approval_waits"]);
  assert.equal((await launched(x, x.id)).state, "sending");
  assert.deepEqual(await told(x), []);
});
