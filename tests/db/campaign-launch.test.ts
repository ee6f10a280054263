import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { eq } from "drizzle-orm";
import { campaigns, campaignVersions, contents, deliveries } from "../../db/schema/campaigns.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { cancel, sweepAllCancelled } from "../../lib/campaigns/cancel.ts";
import { launchDue } from "../../lib/campaigns/due.ts";
import { frozenCampaign } from "../../lib/campaigns/frozen.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { unschedule } from "../../lib/campaigns/unschedule.ts";
import { desk, launched, newsletter, rowOf, save } from "../support/drafts.ts";
import { subscribe } from "../support/people.ts";

test("F18: a launch freezes MJML, HTML, text and head by hash; a later edit is refused and changes nothing", async (t) => {
  const x = await desk(t);
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
  const x = await desk(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  await save(x, id, { subject: "Nuovo" });
  await assert.rejects(launch(x.s, { who: x.who, campaign: id, version: 1 }), { code: "CAMPAIGN_CHANGED" });
});

test("two presses launch once", async (t) => {
  const x = await desk(t);
  await subscribe(x.s, x, "anna@example.com");
  const id = await newsletter(x);
  const presses = await Promise.allSettled([1, 2, 3, 4].map(() => launched(x, id)));
  assert.equal(presses.filter((one) => one.status === "fulfilled").length, 1);
});

test("B94: a scheduled campaign starts once, at its time on the organization's clocks; before it, it may be taken back", async (t) => {
  const x = await desk(t);
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
  const x = await desk(t);
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
