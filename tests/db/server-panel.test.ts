import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sql } from "drizzle-orm";
import { serverGraphs } from "../../lib/delivery/server-graphs.ts";
import { serverLines } from "../../lib/delivery/server-lines.ts";
import { dropQueued, serverQueue, tryNow } from "../../lib/delivery/server-queue.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { freshDatabase } from "../support/database.ts";
import { askFor, makeList, makeWho } from "../support/people.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);

async function waiting(people: number) {
  const house = await scene(s, { people, live: true });
  const server = await sinkServer(s, { organization: house.organization, port: 1 });
  const campaign = await launched(s, { scene: house, server });
  while (await fillSnapshot(s, { campaign }));
  return { house, server, campaign, who: house.who };
}

test("CB-04 the queue: the oldest 200, system mail first, filtered by domain and reply, masked for auditors", async () => {
  const { house, server, campaign, who } = await waiting(230);
  const { form } = await makeList(s, house.organization);
  await askFor(s, form, "nuova@example.it");
  await s.db.execute(sql`
    update deliveries set state = 'deferred', next_at = app_now() + interval '1 hour', reply = '450 4.2.1 greylisted 100%', tries = 1 where campaign = ${campaign}::uuid and position = 3`);
  const rows = await serverQueue(s, { who, server });
  assert.equal(rows.length, 200);
  assert.deepEqual([rows[0]?.kind, rows[0]?.to, rows[1]?.id], ["confirmation", null, `${campaign}:0`]);
  const [deferred, ...others] = await serverQueue(s, { who, server, reply: "greylisted 100%" });
  assert.deepEqual([deferred?.id, deferred?.tries, others.length], [`${campaign}:3`, 1, 0]);
  assert.deepEqual(await serverQueue(s, { who, server, reply: "greylisted_100" }), [], "no wildcards");
  assert.deepEqual(await serverQueue(s, { who, server, domain: "altrove.it" }), []);
  const [seen] = await serverQueue(s, {
    who: await makeWho(s, house.organization, "auditor"),
    server,
    reply: "greylisted",
  });
  assert.notEqual(seen?.to, deferred?.to);
});

test("try now and drop touch only what waits, of this organization, and are recorded", async () => {
  const { server, campaign, who } = await waiting(6);
  const other = await waiting(2);
  await s.db.execute(sql`
    update deliveries set state = (case position when 0 then 'deferred' when 1 then 'accepted' else 'pending' end)::delivery_state,
           next_at = case position when 0 then app_now() + interval '3 hours' end where campaign = ${campaign}::uuid`);
  const ids = [0, 1, 2].map((position) => `${campaign}:${position}`);
  const foreign = [...ids, `${other.campaign}:0`];
  await assert.rejects(tryNow(s, { who, server, ids: foreign }), { code: "NOT_FOUND" });
  assert.equal(await tryNow(s, { who, server, ids }), 1);
  const { rows } = await s.db.execute<{ due: boolean }>(
    sql`select next_at <= app_now() as due from deliveries where campaign = ${campaign}::uuid and position = 0`,
  );
  assert.equal(rows[0]?.due, true);
  await assert.rejects(dropQueued(s, { who, server, ids, reason: " " }), { code: "REASON_MISSING" });
  assert.equal(await dropQueued(s, { who, server, ids, reason: "doppione" }), 2);
  assert.deepEqual(await states(s, campaign), { cancelled: 2, accepted: 1, pending: 3 });
  assert.deepEqual(await states(s, other.campaign), { pending: 2 });
  const audit = await s.db.execute<{ facts: { reason: string } }>(
    sql`select facts from audit_log where action = 'queue.dropped'`,
  );
  assert.deepEqual(
    audit.rows.map((row) => row.facts),
    [{ n: 2, reason: "doppione" }],
  );
});

test("the log: the newest 200 lines, then those after a line, with the address looked up and masked for auditors", async () => {
  const { house, server, campaign, who } = await waiting(3);
  await s.db.execute(sql`
    insert into server_log (server, at, organization, campaign, position, domain, outcome, reply)
    select ${server}::uuid, app_now(), ${house.organization}::uuid, ${campaign}::uuid, n % 3, 'esempio.it', 'accepted', '250 ok ' || n from generate_series(1, 250) n`);
  const lines = await serverLines(s, { who, server });
  assert.deepEqual([lines.length, lines[0]?.reply, lines.at(-1)?.reply], [200, "250 ok 250", "250 ok 51"]);
  assert.match(lines[0]?.to ?? "", /@/);
  const later = await serverLines(s, { who, server, after: lines[2]?.n ?? 0 });
  assert.deepEqual(
    later.map((line) => line.reply),
    ["250 ok 249", "250 ok 250"],
  );
  const auditor = await makeWho(s, house.organization, "auditor");
  assert.notEqual((await serverLines(s, { who: auditor, server }))[0]?.to, lines[0]?.to);
  assert.deepEqual(await serverLines(s, { who, server, domain: "altrove.it" }), []);
});

test("graphs: steps of each range, gaps are no values, and the figures beside them", async () => {
  const { server, who } = await waiting(1);
  const sample = (minutes: number, queue: number, accepted: number) =>
    s.db.execute(sql`
    insert into server_samples (server, at, queue, accepted) select ${server}::uuid, date_bin('5 minutes', app_now(), 'epoch') - ${minutes} * interval '1 minute', ${queue}, ${accepted}`);
  await sample(0, 10, 4);
  await sample(5, 30, 6);
  await sample(60, 50, 20);
  const day = await serverGraphs(s, { who, server, range: "day" });
  assert.equal(day.points.length, 288);
  const known = day.points.filter((point) => point.queue !== null);
  assert.deepEqual(
    known.map((point) => [point.queue, point.accepted]),
    [
      [50, 20],
      [30, 6],
      [10, 4],
    ],
  );
  assert.deepEqual(day.summary.accepted, { now: 4, mean: 10, most: 20, total: 30 });
  assert.deepEqual(day.summary.queue, { now: 10, mean: 30, most: 50, total: null });
  for (const [range, steps] of [
    ["week", 336],
    ["month", 360],
    ["year", 365],
  ] as const) {
    const { points, summary } = await serverGraphs(s, { who, server, range });
    assert.deepEqual([points.length, summary.accepted.total], [steps, 30], range);
  }
});
