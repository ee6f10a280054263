import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { leaveUncertain } from "../../lib/delivery/leave-uncertain.ts";
import { progress } from "../../lib/delivery/progress.ts";
import { retryFailed } from "../../lib/delivery/retry-failed.ts";
import { sendAgain } from "../../lib/delivery/send-again.ts";
import { settleByLog } from "../../lib/delivery/settle-by-log.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { freshDatabase } from "../support/database.ts";
import { launched, type Scene, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);

/** A campaign of six whose rows 0-3 are uncertain and 4-5 refused, decided so many minutes ago. */
async function stuck(minutes: number): Promise<{ house: Scene; campaign: string; id: (position: number) => string }> {
  const house = await scene(s, { people: 6, live: true });
  const server = await sinkServer(s, { organization: house.organization, port: 1 });
  const campaign = await launched(s, { scene: house, server });
  while (await fillSnapshot(s, { campaign }));
  await s.db.execute(sql`
    update deliveries set state = (case when position < 4 then 'uncertain' else 'rejected' end)::delivery_state, tries = 1,
           reason = case position when 4 then 'refused' when 5 then 'hard_bounce' else 'owner_gone' end,
           decided_at = app_now() - ${minutes} * interval '1 minute' where campaign = ${campaign}::uuid`);
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
  const id = (position: number) => `c${row?.number}.${position}.${row?.snapshot?.slice(-12)}@libreria.example`;
  return { house, campaign, id };
}

const reasonsOf = async (campaign: string) =>
  (await progress(s.db, { campaign })).reasons.map(({ state, reason, n }) => `${state}:${reason}:${n}`).sort();

test("W11 nobody decides over uncertain messages before a quarter of an hour is past", async () => {
  const { house, campaign } = await stuck(10);
  await assert.rejects(leaveUncertain(s, { who: house.who, campaign }), { code: "TOO_EARLY" });
  await assert.rejects(sendAgain(s, { who: house.who, campaign }), { code: "TOO_EARLY" });
  await d.moveClock(6 * 60_000);
  assert.equal(await leaveUncertain(s, { who: house.who, campaign, positions: [0] }), 1);
  assert.equal(await sendAgain(s, { who: house.who, campaign, positions: [1] }), 1);
  assert.deepEqual(await states(s, campaign), { cancelled: 1, pending: 1, uncertain: 2, rejected: 2 });
});

test("what is left alone is cancelled with its reason, once, and recorded", async () => {
  const { house, campaign } = await stuck(20);
  assert.equal(await leaveUncertain(s, { who: house.who, campaign }), 4);
  assert.equal(await leaveUncertain(s, { who: house.who, campaign }), 0);
  assert.deepEqual(await reasonsOf(campaign), [
    "cancelled:left_uncertain:4",
    "rejected:hard_bounce:1",
    "rejected:refused:1",
  ]);
  const actions = await s.db.select().from(auditLog).where(eq(auditLog.object, campaign));
  assert.deepEqual(
    actions.map(({ action, facts }) => [action, facts]),
    [["campaign.left_uncertain", { n: 4 }]],
  );
});

test("the server's own log settles what it shows as taken, of this campaign alone", async () => {
  const { house, campaign, id } = await stuck(1);
  const other = await stuck(1);
  const line = (message: string, queue: string) =>
    `mx postfix/cleanup[1]: ${queue}: message-id=<${message}>\nmx postfix/qmgr[2]: ${queue}: from=<n@l.example>, size=9, nrcpt=1 (queue active)`;
  const log = [
    line(id(0), "AAAAAA1"),
    line(id(2), "AAAAAA2"),
    line(other.id(1), "AAAAAA3"),
    `mx postfix/cleanup[1]: AAAAAA4: message-id=<${id(3)}>`,
    line(id(4), "AAAAAA5"),
  ].join("\n");
  assert.deepEqual(await settleByLog(s, { who: house.who, campaign, log }), { named: 3, settled: 2 });
  assert.deepEqual(await states(s, campaign), { accepted: 2, uncertain: 2, rejected: 2 });
  assert.deepEqual(await states(s, other.campaign), { uncertain: 4, rejected: 2 });
  await assert.rejects(settleByLog(s, { who: house.who, campaign, log: "niente" }), { code: "LOG_SAYS_NOTHING" });
});

test("only what another try can change is tried again, and an ended campaign goes on", async () => {
  const { house, campaign } = await stuck(20);
  await s.db.update(campaigns).set({ state: "ended", endedAt: sql`app_now()` }).where(eq(campaigns.id, campaign));
  assert.equal(await retryFailed(s, { who: house.who, campaign }), 1);
  assert.deepEqual(await states(s, campaign), { pending: 1, uncertain: 4, rejected: 1 });
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
  assert.deepEqual([row?.state, row?.endedAt], ["sending", null]);
  assert.equal(await retryFailed(s, { who: house.who, campaign }), 0);
});
