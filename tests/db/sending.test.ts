import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, test } from "node:test";
import { and, eq, sql } from "drizzle-orm";
import { campaignOrder, campaignServers, campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { servers } from "../../db/schema/servers.ts";
import { changeSending } from "../../lib/campaigns/change-sending.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { duplicateCampaign } from "../../lib/campaigns/duplicate.ts";
import { findCampaign } from "../../lib/campaigns/find.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { sweepLate } from "../../lib/campaigns/not-after.ts";
import { checks } from "../../lib/campaigns/page.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { draftPlan, planOf } from "../../lib/campaigns/plan.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { saveSending, type TypedSending } from "../../lib/campaigns/save-sending.ts";
import { appNow } from "../../lib/clock.ts";
import { until } from "../support/engine.ts";
import { launched, plainMailer, type Scene, scene, sinkServer, states } from "../support/sending.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, setting, running, fillAll, ended } = await engineHouse({ after });
const HOUR = 3_600_000;

const usual: TypedSending = {
  ...{ startsAt: "", notAfter: "", perHour: null, weekdays: null, hourFrom: null, hourTo: null },
  ...{ priority: 0, sendOrder: "oldest" },
};
const rowOf = async (id: string) => {
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, id));
  assert.ok(row);
  return row;
};
const set = (id: string, change: Partial<typeof campaigns.$inferInsert>) =>
  s.db.update(campaigns).set(change).where(eq(campaigns.id, id));
/** Wall time in Rome, so many hours from now, on the full minute. */
async function wall(hours: number): Promise<string> {
  const at = new Date((await appNow(s.db)).getTime() + hours * HOUR);
  const text = new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Rome", dateStyle: "short", timeStyle: "short" });
  return text.format(at).replace(" ", "T");
}
/** A draft of a scene whose server is live. */
async function draftOn(people: number, server: Partial<Parameters<typeof sinkServer>[1]> = {}) {
  const here = await scene(s, { people });
  const id = await sinkServer(s, { organization: here.organization, port: 1, ...server });
  const campaign = await createCampaign(s, { who: here.who, from: "letter", name: "Lettera" });
  return { here, server: id, campaign };
}
const start = async (here: Scene, campaign: string, more: { pastExpiry?: boolean } = {}) =>
  launch(s, { who: here.who, campaign, version: (await rowOf(campaign)).version, ...more });

test("the snapshot is written in the campaign's order: oldest, newest, or drawn from a seed that anybody can draw again", async () => {
  const { here, server, campaign } = await setting({ people: 1200 });
  const order = async (id: string) => {
    await fillAll(id);
    const rows = await s.db.select().from(deliveries).where(eq(deliveries.campaign, id)).orderBy(deliveries.position);
    assert.deepEqual(
      rows.map((one) => one.position),
      [...Array(1200).keys()],
    );
    return rows.map((one) => one.contact);
  };
  assert.deepEqual(await order(campaign), here.contacts);
  const newest = await launched(s, { scene: here, server });
  await set(newest, { sendOrder: "newest" });
  assert.deepEqual(await order(newest), here.contacts.toReversed());
  const drawn = await launched(s, { scene: here, server });
  await set(drawn, { sendOrder: "random", orderSeed: -77 });
  const digest = (contact: string) => createHash("md5").update(`${contact}-77`).digest("hex");
  assert.deepEqual(
    await order(drawn),
    here.contacts.toSorted((a, b) => (digest(a) < digest(b) ? -1 : 1)),
  );
  assert.equal(await s.db.$count(campaignOrder, eq(campaignOrder.campaign, drawn)), 0, "and is forgotten");
  await s.db.update(campaigns).set({ state: "cancelled" });
});

test("what has not left by its last instant never leaves: swept with its reason, also what a process holds", async (t) => {
  const { sink, campaign, server } = await setting({ people: 30 });
  await s.db.update(servers).set({ perHour: 10 }).where(eq(servers.id, server));
  const deadline = new Date((await appNow(s.db)).getTime() + HOUR / 2);
  await set(campaign, { notAfter: deadline });
  const engine = running(t);
  await until(async () => (await states(s, campaign)).accepted === 10);
  await engine.stop();
  assert.equal(await sweepLate(s.db), 0, "not before");
  await s.db.execute(
    sql`update deliveries set state = 'claimed', epoch = 1 where campaign = ${campaign} and position = 25`,
  );
  await d.moveClock(HOUR);
  const late = running(t);
  await new Promise((resolve) => setTimeout(resolve, 300));
  assert.equal(sink.kept.length, 10, "an hour later there is room, and nothing leaves, even before anybody swept");
  assert.equal(await sweepLate(s.db), 20);
  await ended(campaign, late);
  const { rows } = await s.db.execute<{ reason: string; n: string }>(
    sql`select reason, count(*) as n from deliveries where campaign = ${campaign} and state = 'cancelled' group by 1`,
  );
  assert.deepEqual(rows, [{ reason: "not_after", n: "20" }]);
  assert.equal(sink.kept.length, 10);
});

test("the last instant is asked again at the hand-off, when the message is ready", async (t) => {
  const { sink, campaign } = await setting({ people: 5 });
  const mailer = {
    ...plainMailer,
    prepare: async () => {
      await set(campaign, { notAfter: sql`app_now()` as never });
    },
  };
  const engine = running(t, { mailer });
  await until(async () => (await rowOf(campaign)).notAfter !== null && (await states(s, campaign)).pending === 5);
  await sweepLate(s.db);
  await ended(campaign, engine);
  assert.deepEqual([await states(s, campaign), sink.kept.length], [{ cancelled: 5 }, 0]);
});

test("a paused campaign keeps what is late: until it is resumed its last instant may be put off", async () => {
  const { here, campaign } = await setting({ people: 3 });
  await fillAll(campaign);
  await set(campaign, { notAfter: new Date((await appNow(s.db)).getTime() + HOUR) });
  await pause(s, { who: here.who, campaign, reason: "" });
  await d.moveClock(2 * HOUR);
  assert.equal(await sweepLate(s.db), 0);
  await changeSending(s, { who: here.who, campaign, typed: { ...usual, notAfter: await wall(5) } });
  await resume(s, { who: here.who, campaign });
  assert.equal(await sweepLate(s.db), 0);
  assert.equal((await states(s, campaign)).pending, 3);
  await set(campaign, { state: "cancelled" });
});

test("when and how fast is part of a draft, judged together; a copy has no times", async () => {
  const { here, campaign } = await draftOn(1);
  const typed = {
    ...{
      startsAt: await wall(24),
      notAfter: await wall(48),
      perHour: 30,
      weekdays: 0b0011111,
      hourFrom: 9,
      hourTo: 18,
    },
    ...{ priority: 1, sendOrder: "newest" as const },
  };
  const save = (change: Partial<TypedSending>) =>
    rowOf(campaign).then(({ version }) =>
      saveSending(s, { who: here.who, campaign, version, typed: { ...typed, ...change } }),
    );
  await save({});
  const row = await rowOf(campaign);
  assert.deepEqual(
    [row.perHour, row.weekdays, row.hourFrom, row.hourTo, row.priority, row.sendOrder],
    [30, 31, 9, 18, 1, "newest"],
  );
  assert.equal((row.notAfter?.getTime() ?? 0) - (row.scheduledAt?.getTime() ?? 0), 24 * HOUR);
  await assert.rejects(save({ hourFrom: 18 }), { code: "CAMPAIGN_HOURS" });
  await assert.rejects(save({ notAfter: await wall(23) }), { code: "CAMPAIGN_NOT_AFTER" });
  await assert.rejects(save({ startsAt: await wall(-1) }), { code: "SCHEDULE_IN_PAST", facts: { field: "startsAt" } });
  await assert.rejects(save({ priority: 9 }), { name: "ZodError" });
  await assert.rejects(save({ sendOrder: "engaged" as never }), { name: "ZodError" }, "nobody measures who reads");
  const copy = await rowOf(await duplicateCampaign(s, { who: here.who, campaign, name: (name) => `${name} (copia)` }));
  assert.deepEqual([copy.scheduledAt, copy.notAfter, copy.perHour, copy.priority], [null, null, 30, 1]);
});

test("a launch takes the draft's time, keeps for how many, and draws a seed where the order is drawn", async () => {
  const { here, campaign } = await draftOn(3);
  await saveSending(s, {
    ...{ who: here.who, campaign, version: 1 },
    typed: { ...usual, startsAt: await wall(24), sendOrder: "random" },
  });
  assert.equal((await start(here, campaign)).state, "scheduled");
  const row = await rowOf(campaign);
  assert.equal(row.planned, 3);
  assert.ok(row.orderSeed !== null);
  const moved = await wall(30);
  await changeSending(s, { who: here.who, campaign, typed: { ...usual, startsAt: moved, perHour: 7 } });
  const changed = await rowOf(campaign);
  assert.equal((changed.scheduledAt?.getTime() ?? 0) - (row.scheduledAt?.getTime() ?? 0), 6 * HOUR);
  assert.deepEqual([changed.perHour, changed.sendOrder], [7, "random"]);
  const [entry] = await s.db
    .select()
    .from(auditLog)
    .where(and(eq(auditLog.action, "campaign.sending_changed"), eq(auditLog.object, campaign)));
  assert.equal(entry?.user, here.who.user);
  const passed = await createCampaign(s, { who: here.who, from: "letter", name: "Passata" });
  await saveSending(s, { who: here.who, campaign: passed, version: 1, typed: { ...usual, startsAt: await wall(1) } });
  await d.moveClock(2 * HOUR);
  await assert.rejects(start(here, passed), { code: "SCHEDULE_IN_PAST" });
  const said = await checks(s, { who: here.who, campaign: passed });
  assert.equal(said.find((one) => one.check === "start_passed")?.level, "block");
});

test("after the launch time, pace and last instant can be changed, recorded; before it and after its end they cannot", async () => {
  const { here, campaign } = await draftOn(3);
  const change = (typed: Partial<TypedSending>) =>
    changeSending(s, { who: here.who, campaign, typed: { ...usual, ...typed } });
  await assert.rejects(change({}), { code: "CAMPAIGN_NOT_UNDER_WAY" });
  await start(here, campaign);
  await change({ perHour: 12, notAfter: await wall(3), priority: -1, hourTo: 20 });
  const row = await rowOf(campaign);
  assert.deepEqual([row.perHour, row.priority, row.hourTo, row.scheduledAt], [12, -1, 20, null]);
  await assert.rejects(change({ notAfter: await wall(-1) }), { code: "SCHEDULE_IN_PAST" });
  await assert.rejects(change({ hourFrom: 12, hourTo: 9 }), { code: "CAMPAIGN_HOURS" });
  const entries = await s.db.select().from(auditLog).where(eq(auditLog.object, campaign));
  const facts = entries.find((one) => one.action === "campaign.sending_changed")?.facts as Record<string, string>;
  assert.deepEqual([facts.perHour, facts.priority, facts.hourTo], ["- > 12", "0 > -1", "- > 20"]);
  assert.deepEqual(Object.keys(facts).sort(), ["hourTo", "notAfter", "perHour", "priority"]);
  await set(campaign, { state: "cancelled" });
  await assert.rejects(change({}), { code: "CAMPAIGN_NOT_UNDER_WAY" });
});

test("nothing is planned unasked past the day on which a server's service ends", async () => {
  // Well before midnight.
  const now = (await appNow(s.db)).getTime();
  await d.moveClock(Math.ceil(now / (24 * HOUR)) * 24 * HOUR + 10 * HOUR - now);
  const today = (await appNow(s.db)).toISOString().slice(0, 10);
  const { here, server, campaign } = await draftOn(30, { perDay: 10 });
  await s.db.update(servers).set({ expiresOn: today, zone: "UTC" }).where(eq(servers.id, server));
  const { forecast } = await draftPlan(s, { who: here.who, campaign, remaining: 30 });
  assert.deepEqual(
    forecast.days.map(({ n, late }) => [n, late]),
    [
      [10, 0],
      [10, 10],
      [10, 10],
    ],
  );
  const said = async (check: string) =>
    (await checks(s, { who: here.who, campaign })).find((one) => one.check === check)?.facts.n;
  assert.equal(await said("past_expiry"), 20);
  await assert.rejects(start(here, campaign), { code: "CAMPAIGN_PAST_EXPIRY", facts: { n: 20 } });
  await set(campaign, { notAfter: new Date(`${today}T23:59:00Z`) });
  assert.deepEqual([await said("past_expiry"), await said("stay_out")], [undefined, 20], "told before the launch");
  await set(campaign, { notAfter: null });
  assert.equal((await start(here, campaign, { pastExpiry: true })).state, "sending");
  await set(campaign, { state: "cancelled" });
});

test("a plan counts the campaigns that use its servers, those to come too, and names nobody else's", async () => {
  const { here, server, campaign } = await draftOn(20, { perDay: 10 });
  await s.db.update(servers).set({ zone: "UTC" }).where(eq(servers.id, server));
  const plan = () => draftPlan(s, { who: here.who, campaign, remaining: 20 });
  assert.equal((await plan()).forecast.days.length, 2);
  assert.ok(((await plan()).unlimitedMs ?? 0) > 0);
  const other = await createCampaign(s, { who: here.who, from: "letter", name: "Avvisi soci" });
  await start(here, other);
  await set(other, { planned: 20, state: "scheduled", scheduledAt: new Date(Date.now() + HOUR), priority: 1 });
  const shared = await plan();
  assert.deepEqual(
    shared.forecast.conflicts.map((one) => [one.kind, one.n]),
    [["collision", 20]],
  );
  assert.deepEqual(shared.names, { [other]: "Avvisi soci" });
  const guest = await scene(s, { people: 1 });
  await set(other, { organization: guest.organization });
  assert.deepEqual((await plan()).names, { [other]: null });
  await s.db.execute(
    sql`update organizations set paused_at = now(), paused_reason = 'x' where id = ${guest.organization}`,
  );
  assert.deepEqual((await plan()).forecast.conflicts, []);
  await set(other, { state: "cancelled" });
});

test("a plan of several servers adds up what they carry; a server that stands still carries nothing", async () => {
  const { here, server, campaign } = await draftOn(40, { perDay: 10 });
  const second = await sinkServer(s, { organization: here.organization, port: 2, perDay: 30 });
  await s.db.insert(campaignServers).values([
    { campaign, server },
    { campaign, server: second },
  ]);
  await set(campaign, { server });
  const days = async () => {
    const row = await findCampaign(s.db, { organization: here.organization, campaign });
    return (await planOf(s, { campaign: row, remaining: 40 })).forecast.days.map(({ n }) => n);
  };
  assert.deepEqual(await days(), [40]);
  await s.db
    .update(servers)
    .set({ ailingSince: sql`app_now()` as never })
    .where(eq(servers.id, second));
  assert.deepEqual(await days(), [10, 10, 10, 10]);
  await s.db.update(servers).set({ ailingSince: null }).where(eq(servers.id, second));
  await s.db
    .update(servers)
    .set({ pausedAt: sql`app_now()` as never, pausedReason: "auth" })
    .where(eq(servers.id, second));
  assert.deepEqual(await days(), [10, 10, 10, 10]);
});

test("an audience that is still being written counts whole in the plan", async () => {
  const { here, server, campaign } = await draftOn(1300, { perDay: 500 });
  await start(here, campaign);
  const total = async () => {
    const row = await rowOf(campaign);
    const { rows } = await s.db.execute<{ n: number }>(
      sql`select coalesce(sum(n), 0)::int as n from campaign_counts where campaign = ${campaign} and state = 'pending'`,
    );
    const { forecast } = await planOf(s, { campaign: row, remaining: rows[0]?.n ?? 0 });
    return forecast.days.reduce((sum, { n }) => sum + n, 0);
  };
  assert.equal(await total(), 1300);
  await fillAll(campaign);
  assert.equal(await total(), 1300);
  assert.ok(server);
  await set(campaign, { state: "cancelled" });
});

test("what a save of the texts leaves alone stays: they are parts of one draft", async () => {
  const { here, campaign } = await draftOn(1);
  await saveSending(s, { who: here.who, campaign, version: 1, typed: { ...usual, perHour: 5 } });
  await saveDraft(s, { who: here.who, campaign, version: 2, change: { subject: "Ciao" } });
  assert.deepEqual([(await rowOf(campaign)).perHour, (await rowOf(campaign)).subject], [5, "Ciao"]);
});
