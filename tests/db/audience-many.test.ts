import assert from "node:assert/strict";
import { after, test } from "node:test";
import { audience } from "../../lib/campaigns/audience.ts";
import { countMissing } from "../../lib/campaigns/missing-fields.ts";
import { appNow } from "../../lib/clock.ts";
import { freshDatabase } from "../support/database.ts";
import { scene } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);

test("of more than 100,000 people a sample is asked: the sum is exact, the parts are near, and the same at each look", async () => {
  const here = await scene(s, { people: 0 });
  const n = 120_000;
  const client = await d.owner.pool.connect();
  // Every tenth has left. Without foreign keys: nobody here is written to.
  await client.query("set session_replication_role = replica");
  await client.query(
    `with g as materialized (select gen_random_uuid() as id, n from generate_series(1, ${n}) n),
     c as (insert into contacts (id, organization, address, address_key, locale, provenance, created_at)
           select id, $1::uuid, n || '@example.it', n || '@example.it', 'it', id, now() from g)
     insert into bases (id, organization, contact, list, purpose, event, level, from_at, until_at, ended_at, ended_by, ended_reason)
     select id, $1::uuid, id, $2::uuid, 'promo', id, 'E3', now() - interval '2 days', now() + interval '90 days',
            case when n % 10 = 0 then now() - interval '1 day' end, case when n % 10 = 0 then id end, case when n % 10 = 0 then 'withdrawn' end from g`,
    [here.organization, here.list],
  );
  client.release(true);
  await d.owner.pool.query("analyze contacts, bases");
  const look = () => audience(s, { who: here.who, lists: [here.list], real: true });
  const found = await look();
  assert.equal(found.about, true);
  const left = found.refused.find(({ reason }) => reason === "withdrawn")?.n ?? 0;
  assert.equal(found.receive + left, n);
  // 3,750 are asked: five standard deviations of a tenth are 2.5 %.
  assert.ok(Math.abs(left / n - 0.1) < 0.025, String(left));
  assert.deepEqual(await look(), found);
});

test("a small audience is counted one by one, and who lacks a field as well", async () => {
  const here = await scene(s, { people: 30 });
  await d.pool.query("update contacts set name = null where id = any($1::uuid[])", [here.contacts.slice(0, 7)]);
  await d.pool.query(
    "update bases set ended_at = app_now(), ended_by = id, ended_reason = 'withdrawn' where contact = any($1::uuid[])",
    [here.contacts.slice(0, 2)],
  );
  assert.deepEqual(await audience(s, { who: here.who, lists: [here.list], real: true }), {
    ...{ receive: 28, about: false },
    refused: [{ reason: "withdrawn", n: 2 }],
  });
  const fields = [{ name: "contact.name", hasDefault: true, line: 1 }];
  const asked = { organization: here.organization, lists: [here.list], real: true, at: await appNow(s.db), fields };
  assert.deepEqual(await countMissing(s.db, asked), [5]);
});
