import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import pg from "pg";
import { campaigns } from "../../db/schema/campaigns.ts";
import { closeEnded } from "../../lib/delivery/close-ended.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { freshDatabase } from "../support/database.ts";
import { launched, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);

test("ended campaigns are closed once, when there are enough rows; an interrupted reindex is tidied up", async () => {
  const house = await scene(s, { people: 300, live: true });
  const campaign = await launched(s, {
    scene: house,
    server: await sinkServer(s, { organization: house.organization, port: 1 }),
  });
  while (await fillSnapshot(s, { campaign }));
  for (const state of ["claimed", "sending", "accepted"])
    await s.db.execute(
      sql`update deliveries set state = ${state}::delivery_state, epoch = 1 where campaign = ${campaign}::uuid`,
    );
  assert.equal(await closeEnded(s, { directUrl: d.url, least: 1 }), 0, "it has not ended");
  await s.db.execute(sql`update campaigns set state = 'ended', ended_at = app_now() where id = ${campaign}::uuid`);
  assert.equal(await closeEnded(s, { directUrl: d.url }), 0, "300 rows are not worth it");
  const owner = new pg.Client({ connectionString: d.url });
  await owner.connect();
  await owner.query("create index deliveries_held_ccnew on deliveries (epoch)");
  await owner.end();
  const size = async () => Number((await d.pool.query("select pg_indexes_size('deliveries') as n")).rows[0].n);
  const before = await size();
  assert.equal(await closeEnded(s, { directUrl: d.url, least: 1 }), 1);
  assert.ok((await size()) < before);
  const [row] = await s.db.select().from(campaigns).where(eq(campaigns.id, campaign));
  assert.ok(row?.closedAt);
  assert.equal((await d.pool.query("select from pg_class where relname like '%_ccnew'")).rowCount, 0);
  assert.equal(await closeEnded(s, { directUrl: d.url, least: 1 }), 0);
});
