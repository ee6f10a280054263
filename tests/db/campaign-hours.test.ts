import assert from "node:assert/strict";
import { after, test } from "node:test";
import { sql } from "drizzle-orm";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });

test("a campaign waits for its own weekdays and hours, and holds up no other on the same server", async (t) => {
  const sink = await startSink();
  t.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people: 20, live: true });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port, zone: "Europe/Rome" });
  const [closed, night, open] = [
    await launched(s, { scene: here, server }),
    await launched(s, { scene: here, server }),
    await launched(s, { scene: here, server }),
  ];
  // Every day but this one; and the hour that has just begun two hours ago.
  await s.db.execute(sql`
    update campaigns set weekdays = 127 - (1 << (extract(isodow from app_now() at time zone 'Europe/Rome')::int - 1)) where id = ${closed}::uuid`);
  await s.db.execute(sql`
    update campaigns set hour_from = (extract(hour from app_now() at time zone 'Europe/Rome')::int + 3) % 23,
           hour_to = (extract(hour from app_now() at time zone 'Europe/Rome')::int + 3) % 23 + 1 where id = ${night}::uuid`);
  const engine = testEngine(d, s);
  t.after(() => engine.stop());
  await until(async () => (await states(s, open)).accepted === 20);
  assert.deepEqual(await states(s, closed), { pending: 20 });
  assert.deepEqual(await states(s, night), { pending: 20 });
  await s.db.execute(
    sql`update campaigns set weekdays = null, hour_from = null, hour_to = null where id in (${closed}::uuid, ${night}::uuid)`,
  );
  engine.ring();
  await until(async () => (await states(s, closed)).accepted === 20 && (await states(s, night)).accepted === 20);
});
