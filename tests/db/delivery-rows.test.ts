import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { sql } from "drizzle-orm";
import { migrate } from "../../db/migrate.ts";
import { deliveryState } from "../../db/schema/campaigns.ts";
import { closeEnded } from "../../lib/delivery/close-ended.ts";
import { deliveriesOf } from "../../lib/delivery/rows.ts";
import { freshDatabase } from "../support/database.ts";
import { launched, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);
const here = await scene(s, { people: 0 });
const server = await sinkServer(s, { organization: here.organization, port: 1 });

/** Rows of a campaign: the state and the reason as SQL over `n`, what else they need by the state. */
async function rowsOf(o: { n: number; state: string; reason: string }): Promise<string> {
  const campaign = await launched(s, { scene: here, server });
  await d.pool.query(
    `insert into deliveries (campaign, position, contact, list, basis, state, reason, decided_at, epoch, tries, next_at, sent_at, reply)
     select $1::uuid, n, gen_random_uuid(), $2::uuid, gen_random_uuid(), state::delivery_state, reason, now(), case when state in ('claimed', 'sending') then 1 end, 1,
            case when state = 'deferred' then now() end, case when state = 'accepted' then now() end, case when state = 'accepted' then 'Ok: queued as 4F1A2B3C4D' end
       from (select n, ${o.state} as state, ${o.reason} as reason from generate_series(0, ${o.n - 1}) n) x`,
    [campaign, here.list],
  );
  return campaign;
}

const STATES = `(array['${deliveryState.enumValues.join("','")}'])[1 + n * 7 % 9]`;

test("the people behind a figure: every choice of states and reason, page by page, is what a plain filter finds", async () => {
  const reason = `case when ${STATES} in ('pending', 'claimed', 'sending', 'cancelled') or (${STATES} = 'accepted' and n % 5 > 0) then null else (array['a', 'b', 'c'])[1 + n % 3] end`;
  const campaign = await rowsOf({ n: 400, state: STATES, reason });
  const all = (
    await s.db.execute<{ position: number; state: string; reason: string | null }>(
      sql`select position, state::text as state, reason from deliveries where campaign = ${campaign}::uuid order by position`,
    )
  ).rows;
  const choices: { states?: string[]; reason?: string }[] = [
    {},
    ...deliveryState.enumValues.map((state) => ({ states: [state] })),
    { states: ["pending", "claimed", "sending", "deferred"] },
    { states: ["rejected", "uncertain", "excluded", "cancelled"] },
    { states: ["accepted", "claimed"] },
    { states: ["pending", "rejected"] },
    { states: [...deliveryState.enumValues], reason: "b" },
    { states: ["rejected"], reason: "c" },
    { states: ["accepted"], reason: "a" },
    { states: ["pending"], reason: "a" },
    { states: ["nonsense"] },
  ];
  for (const choice of choices) {
    const found: { position: number; state: string; reason: string | null }[] = [];
    for (let after = -1; ; ) {
      const page = await deliveriesOf(s, { who: here.who, campaign, ...choice, after, limit: 17 });
      found.push(...page.map(({ position, state, reason }) => ({ position, state, reason })));
      if (page.length < 17) break;
      after = page.at(-1)?.position ?? 400;
    }
    const expected = all.filter(
      (row) =>
        (choice.states?.includes(row.state) ?? true) && (choice.reason === undefined || row.reason === choice.reason),
    );
    assert.deepEqual(found, expected, JSON.stringify(choice));
  }
});

test("a row that was accepted takes at most 170 bytes, and 300 with its indexes once its campaign is closed", async () => {
  await d.pool.query("delete from deliveries");
  const n = 20_000;
  const campaign = await rowsOf({ n, state: "'accepted'", reason: "null::text" });
  await s.db.execute(
    sql`update campaigns set state = 'ended', ended_at = app_now(), size = ${n} where id = ${campaign}::uuid`,
  );
  await d.owner.pool.query("vacuum full deliveries");
  assert.ok((await closeEnded(s, { directUrl: d.url })) > 0);
  const { rows } = await d.pool.query(
    "select pg_relation_size('deliveries') as heap, pg_indexes_size('deliveries') as indexes",
  );
  const [heap, indexes] = [Number(rows[0].heap) / n, Number(rows[0].indexes) / n];
  assert.ok(heap > 100 && heap <= 170, `${heap} bytes of heap a row`);
  assert.ok(heap + indexes <= 300, `${heap + indexes} bytes a row with indexes`);
});

test("the table that is written anew keeps every row, its counts and what guards it", async (t) => {
  const old = await freshDatabase(t);
  const folder = mkdtempSync(join(tmpdir(), "migrations-"));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(import.meta.dirname, "../../db/migrations"), folder, { recursive: true });
  const file = join(folder, "meta/_journal.json");
  const journal = JSON.parse(readFileSync(file, "utf8"));
  const at = journal.entries.findIndex((one: { tag: string }) => one.tag.endsWith("packed_deliveries"));
  journal.entries.length = at;
  writeFileSync(file, JSON.stringify(journal));
  const { pool } = old.owner;
  await pool.query("drop schema public cascade; create schema public; drop schema drizzle cascade");
  await migrate(old.ownerUrl, folder);
  await pool.query(`
    insert into organizations (id, slug, legal_name, address, tax_id, privacy_email, created_at) values ('00000000-0000-7000-8000-000000000001', 'o', 'O', 'A', '1', 'p@o.example', now());
    insert into campaigns (id, organization, name, locale, mjml, created_at, created_by, saved_at)
      select ('00000000-0000-7000-8000-00000000000' || n)::uuid, '00000000-0000-7000-8000-000000000001', 'C', 'it', '', now(), gen_random_uuid(), now() from generate_series(1, 2) n;
    insert into deliveries (campaign, position, contact, list, basis, state, reason, decided_at, epoch, attempt, tries, next_at, sent_at, reply)
      select c.id, n, gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), s, 'why', now(), 3, gen_random_uuid(), 2, case when s = 'deferred' then now() end, now(), 'Ok'
        from campaigns c, unnest(enum_range(null::delivery_state)) with ordinality x(s, n)`);
  const content = async () =>
    (
      await pool.query(`
        select campaign, position, contact, list, basis, state, reason, decided_at, epoch, attempt, tries, next_at, sent_at, reply from deliveries order by 1, 2`)
    ).rows;
  const counts = async () =>
    (
      await pool.query(
        "select campaign, state, reason, sum(n) as n from campaign_counts group by 1, 2, 3 order by 1, 2, 3",
      )
    ).rows;
  const [before, counted] = [await content(), await counts()];
  assert.equal(before.length, 18);
  await migrate(old.ownerUrl);
  assert.deepEqual(await content(), before);
  assert.deepEqual(await counts(), counted);
  const { rows } = await pool.query(
    "update deliveries set state = 'accepted', reason = null where state = 'pending' returning 1",
  );
  assert.equal(rows.length, 2);
  assert.notDeepEqual(await counts(), counted, "the counting trigger is there");
  await assert.rejects(
    pool.query("update deliveries set state = 'claimed', epoch = null where position = 1"),
    /held_by_an_owner/,
  );
  await assert.rejects(
    pool.query("insert into deliveries select * from deliveries limit 1"),
    /deliveries_campaign_position_pk/,
  );
  assert.equal(
    (await old.pool.query("update deliveries set reply = null where position = 1")).rowCount,
    2,
    "as assenso_app",
  );
});
