import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaignReports, campaigns } from "../../db/schema/campaigns.ts";
import { servers } from "../../db/schema/servers.ts";
import { calendar } from "../../lib/campaigns/calendar.ts";
import { freshDatabase } from "../support/database.ts";
import { launched, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);
const here = await scene(s, { people: 1 });
const server = await sinkServer(s, { organization: here.organization, port: 1, perDay: 10 });

/** A campaign in a state, with rows of which so many are accepted and so many wait. */
async function campaign(change: Partial<typeof campaigns.$inferInsert>, o: { accepted: number; pending: number }) {
  const id = await launched(s, { scene: here, server });
  await s.db
    .update(campaigns)
    .set({ snapshotDone: true, ...change })
    .where(eq(campaigns.id, id));
  await s.db.execute(sql`
    insert into deliveries (campaign, position, contact, state, decided_at)
    select ${id}::uuid, i, gen_random_uuid(), case when i < ${o.accepted} then 'accepted' else 'pending' end::delivery_state, now()
      from generate_series(0, ${o.accepted + o.pending - 1}) i`);
  return id;
}
const report = (id: string, days: Record<string, number>) =>
  s.db.insert(campaignReports).values({
    campaign: id,
    at: new Date(),
    body: { days: Object.entries(days).map(([day, accepted]) => ({ day, accepted, rejected: 0 })) },
  });

test("the calendar shows what was accepted on which day, what is planned, and what is planned past the expiry", async () => {
  const { rows } = await s.db.execute<{ at: string }>(sql`select app_now() as at`);
  await d.moveClock(Date.parse("2026-12-01T08:00:00Z") - new Date(rows[0]?.at ?? 0).getTime());
  await s.db.update(servers).set({ expiresOn: "2026-12-02" }).where(eq(servers.id, server));
  const over = await campaign(
    {
      name: "Autunno",
      state: "ended",
      launchedAt: new Date("2026-11-27T08:00:00Z"),
      endedAt: new Date("2026-11-30T08:00:00Z"),
    },
    { accepted: 25, pending: 0 },
  );
  await report(over, { "2026-11-27": 10, "2026-11-28": 10 });
  const old = await campaign(
    {
      name: "Estate",
      state: "ended",
      launchedAt: new Date("2026-07-01T08:00:00Z"),
      endedAt: new Date("2026-07-02T08:00:00Z"),
    },
    { accepted: 5, pending: 0 },
  );
  const live = await campaign(
    { name: "Inverno", state: "sending", launchedAt: new Date("2026-11-30T08:00:00Z") },
    { accepted: 10, pending: 25 },
  );
  await report(live, { "2026-11-30": 10 });
  const found = await calendar(s, { who: here.who });
  assert.deepEqual([found.month, found.today, found.weeks.length], ["2026-12", "2026-12-01", 5]);
  assert.deepEqual(
    found.campaigns.map(({ id, days }) => [id, days.map(({ day, n, kind }) => `${day.slice(8)} ${n} ${kind}`)]),
    [
      // Its last day is what was accepted since the worker counted.
      [over, ["30 5 done"]],
      [live, ["30 10 done", "01 10 planned", "02 10 planned", "03 5 late"]],
    ],
  );
  const november = await calendar(s, { who: here.who, month: "2026-11" });
  assert.deepEqual(
    november.campaigns.map(({ id, days }) => [id, days.length]),
    [
      [over, 3],
      [live, 4],
    ],
  );
  assert.deepEqual(
    (await calendar(s, { who: here.who, month: "2026-07" })).campaigns.map(({ id }) => id),
    [old],
  );
  await assert.rejects(calendar(s, { who: here.who, month: "2026-7" }), { code: "MONTH_UNREADABLE" });
});

test("the calendar's campaigns are found by an index, whatever the organization sent before", async () => {
  await s.db.execute(sql`
    insert into campaigns (id, organization, state, name, locale, mjml, snapshot, html_sha, created_at, created_by, saved_at, launched_at, ended_at)
    select gen_random_uuid(), ${here.organization}::uuid, 'ended', 'Prima ' || i, 'it', '', gen_random_uuid(), '\\x00', t, gen_random_uuid(), t, t, t
      from generate_series(1, 5000) i cross join lateral (select timestamptz '2015-01-01' + i * interval '1 hour' as t) x`);
  await d.owner.pool.query("analyze campaigns");
  const { rows } = await s.db.execute<{ "QUERY PLAN": string }>(sql`
    explain select id from campaigns c where c.organization = ${here.organization}::uuid and c.launched_at is not null
       and (c.ended_at >= timestamptz '2026-12-01' or c.ended_at is null)`);
  assert.match(rows.map((row) => row["QUERY PLAN"]).join("\n"), /campaigns_by_end/);
  assert.equal((await calendar(s, { who: here.who, month: "2026-12" })).campaigns.length, 2);
});
