import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { staffNotices } from "../../db/schema/staff-notices.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { brakes } from "../../lib/delivery/brake.ts";
import { deadAddress } from "../../lib/delivery/dead-address.ts";
import { suppressAddress } from "../../lib/suppression/suppress.ts";
import { until } from "../support/engine.ts";
import { type Scene, states } from "../support/sending.ts";
import type { SinkOptions } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

const { s, setting, running, fillAll } = await engineHouse({ after });

const campaignOf = async (id: string) => (await s.db.select().from(campaigns).where(eq(campaigns.id, id)))[0];
const warningsOf = (campaign: string) =>
  s.db.select().from(staffNotices).where(sql`kind = 'complaints_rise' and object = ${campaign}::uuid`);

/** Every `n`-th person does not exist. */
const everyNth =
  (n: number): NonNullable<SinkOptions["script"]> =>
  ({ to }) =>
    Number(/\d+/.exec(to)?.[0] ?? 1) % n === 0 ? { replies: { rcpt: "550 5.1.1 user unknown" } } : undefined;

test("a list with 5 % dead addresses is stopped among its first hundred; a person resumes it, and it is watched from there on [CB-03]", async (t) => {
  const { here, campaign } = await setting({ people: 600, connections: 2, sink: { script: everyNth(20) } });
  const engine = running(t, { deadAddress });
  const paused = async () => {
    const found = await until(async () => {
      const row = await campaignOf(campaign);
      return row?.state === "paused" ? row : undefined;
    });
    await until(async () => !(await states(s, campaign)).sending);
    return found;
  };
  const first = await paused();
  assert.deepEqual([first.pausedReason, first.pausedBy], ["bounces", null]);
  const seen = await states(s, campaign);
  assert.ok((seen.rejected ?? 0) >= 4 && (seen.rejected ?? 0) <= 6, `${seen.rejected} dead`);
  assert.ok((seen.accepted ?? 0) + (seen.rejected ?? 0) <= 110, "of 600 people about a hundred were written to");
  await resume(s, { who: here.who, campaign });
  engine.ring();
  const second = await paused();
  assert.equal(second.pausedReason, "bounces", "the same list again, counted anew");
  const now = await states(s, campaign);
  assert.ok((now.rejected ?? 0) - (seen.rejected ?? 0) >= 3, "it was not stopped again for what was seen before");
  await engine.stop();
});

test("2 % dead addresses stop nothing, few among few neither", async (t) => {
  for (const [people, nth] of [
    [400, 50],
    [30, 10],
  ] as const) {
    const { campaign } = await setting({ people, connections: 4, sink: { script: everyNth(nth) } });
    const engine = running(t, { deadAddress });
    await until(async () => {
      await engine.reconcile();
      await brakes(s);
      const state = (await campaignOf(campaign))?.state;
      assert.notEqual(state, "paused");
      return state === "ended";
    });
    assert.equal((await states(s, campaign)).rejected, people / nth);
    await engine.stop();
  }
});

/** A campaign of which all but one have it. */
async function accepted(people: number): Promise<{ here: Scene; campaign: string; server: string }> {
  const { here, campaign, server } = await setting({ people: people + 1 });
  await fillAll(campaign);
  await s.db.update(deliveries).set({ state: "accepted" }).where(sql`campaign = ${campaign} and position < ${people}`);
  return { here, campaign, server };
}

async function complain(here: Scene, from: number, n: number): Promise<void> {
  for (const contact of here.contacts.slice(from, from + n)) {
    const by = { method: "arf", actor: { type: "system" as const } };
    await suppressAddress(s, { organization: here.organization, contact, reason: "complaint", ...by });
  }
}

test("complaints: at 0.10 % staff are told once, at 0.21 % the campaign stops, and resumed it counts anew [CB-03]", async () => {
  const { here, campaign } = await accepted(3000);
  await complain(here, 0, 2);
  await brakes(s);
  assert.deepEqual(await warningsOf(campaign), [], "two people are no rate");
  await complain(here, 2, 3);
  await brakes(s);
  assert.equal((await campaignOf(campaign))?.state, "sending", "5 of 3,000: 0.17 %");
  assert.equal((await warningsOf(campaign)).length, 1);
  await complain(here, 5, 1);
  await brakes(s);
  const stopped = await campaignOf(campaign);
  assert.deepEqual([stopped?.state, stopped?.pausedReason], ["paused", "complaints"], "6 of 3,000: 0.20 %");
  await resume(s, { who: here.who, campaign });
  await complain(here, 6, 2);
  await brakes(s);
  assert.equal((await campaignOf(campaign))?.state, "sending", "those that a person has seen are not counted again");
  assert.equal((await warningsOf(campaign)).length, 1, "told once");

  const other = await accepted(1429);
  await complain(other.here, 0, 3);
  await brakes(s);
  assert.equal((await campaignOf(other.campaign))?.pausedReason, "complaints", "3 of 1,429: 0.21 %");
});

test("complaints of one recipient domain count against those of that domain; who got nothing does not [CB-03]", async () => {
  const { here, campaign, server } = await accepted(2800);
  await s.db.execute(sql`
    update contacts set address_key = split_part(address_key, '@', 1) || '@yahoo.it' where id = any(${sql.param(here.contacts.slice(0, 900))}::uuid[])`);
  await s.db.execute(sql`
    insert into server_log (server, at, organization, campaign, position, domain, outcome)
    select ${server}::uuid, app_now(), ${here.organization}::uuid, d.campaign, d.position, split_part(p.address_key, '@', 2), 'accepted'
      from deliveries d join contacts p on p.id = d.contact where d.campaign = ${campaign}::uuid and d.state = 'accepted'`);
  await complain(here, 2800, 1); // is still waiting for it
  await complain(here, 1000, 2);
  await brakes(s);
  assert.equal((await campaignOf(campaign))?.state, "sending", "3 of 2,800, of whom one got nothing");
  await complain(here, 0, 2);
  await brakes(s);
  assert.equal((await campaignOf(campaign))?.state, "sending", "4 of 2,800, 2 of 900 at yahoo.it: no rate yet");
  await complain(here, 2, 1);
  await brakes(s);
  assert.equal((await campaignOf(campaign))?.pausedReason, "complaints", "5 of 2,800 are 0.18 %, 3 of 900 are 0.33 %");
});

test("a person's pause is hers: resuming it forgives nothing", async () => {
  const { here, campaign } = await setting({ people: 3 });
  await pause(s, { who: here.who, campaign, reason: "Prova" });
  await resume(s, { who: here.who, campaign });
  assert.equal((await campaignOf(campaign))?.brakeBase, null);
  await s.db.update(campaigns).set({ state: "cancelled" }).where(eq(campaigns.id, campaign));
});
