import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sql } from "drizzle-orm";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const sink = await startSink({ keep: true });
after(() => sink.close());
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: `127.0.0.1:${sink.port}` } });

test("a campaign leaves once to everybody, and ends", async () => {
  const here = await scene(s, { people: 200 });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port });
  const campaign = await launched(s, { scene: here, server });
  const engine = testEngine(d, s);
  await until(async () => {
    await engine.reconcile();
    const { rows } = await s.db.execute<{ state: string }>(
      sql`select state from campaigns where id = ${campaign}::uuid`,
    );
    return rows[0]?.state === "ended";
  });
  assert.deepEqual(await states(s, campaign), { accepted: 200 });
  assert.deepEqual(new Set(sink.kept.map((one) => one.to)), new Set(here.contacts.map(here.addressOf)));
  assert.equal(sink.kept.length, 200);
  assert.ok(sink.peak() <= 4);
});
