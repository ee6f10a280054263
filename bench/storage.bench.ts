import { sql } from "drizzle-orm";
import { closeEnded } from "../lib/delivery/close-ended.ts";
import { fillSnapshot } from "../lib/delivery/snapshot.ts";
import type { Services } from "../lib/services.ts";
import { freshDatabase, type TestDatabase } from "../tests/support/database.ts";
import { launched, sinkServer } from "../tests/support/sending.ts";
import { testServices } from "../tests/support/services.ts";
import type { Figure } from "./figure.ts";
import { crowd, filling } from "./fill.ts";

/** BENCH_PEOPLE: a smaller audience for a quick look; the figures that are written down are of a million. */
const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const BLOCK = 500;
/** At 300 a second autovacuum, which looks once a minute, comes by after so many. */
const VACUUM = 20_000;

/**
 * Bytes of a delivery: heap, and with its indexes while the campaign runs and after its closing step; its values and its log line apart. The rows go through the states
 * in blocks, as the engine moves them, and vacuum comes as often as autovacuum would, so that what it has to sweep is there too.
 */
export default async function storageBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const d = await freshDatabase(t, { durable: true });
    const s = await testServices(d);
    const here = await crowd(s, d, { people: PEOPLE });
    const server = await sinkServer(s, { organization: here.organization, port: 1 });
    const campaign = await launched(s, { scene: here, server });
    while (await fillSnapshot(s, { campaign }));
    const most = await sendAll(s, d, { campaign, server, organization: here.organization });
    await s.db.execute(sql`update campaigns set state = 'ended', ended_at = app_now() where id = ${campaign}::uuid`);
    await closeEnded(s, { directUrl: d.url, least: 1 });
    return [
      bytes("deliveries, heap", await size(s, "pg_table_size('deliveries')"), 170),
      bytes("deliveries with indexes, at most while the campaign runs", most, 450),
      bytes("deliveries with indexes, closed", await size(s, WITH_INDEXES), 300),
      bytes(
        "delivery_values with index (as long as the message may be rebuilt)",
        await size(s, "pg_total_relation_size('delivery_values')"),
        1200,
      ),
      bytes("server_log with indexes (30 days)", await size(s, "pg_total_relation_size('server_log')"), 400),
    ];
  } finally {
    for (const close of closers) await close();
  }
}

const WITH_INDEXES = "pg_table_size('deliveries') + pg_indexes_size('deliveries')";

const bytes = (name: string, ours: number, value: number): Figure => ({
  ...{ name: `${name}, bytes a row`, ours: Math.round(ours), better: "less", goal: { value } },
});

async function size(s: Services, of: string): Promise<number> {
  const { rows } = await s.db.execute<{ n: string }>(`select (${of})::numeric / ${PEOPLE} as n`);
  return Number(rows[0]?.n ?? 0);
}

/**
 * pending → claimed → sending → accepted, a block at a time, with a reply, a hash, sealed values and a log line as the engine writes them.
 * @returns bytes a row with indexes, at the worst moment
 */
async function sendAll(
  s: Services,
  d: TestDatabase,
  o: { campaign: string; server: string; organization: string },
): Promise<number> {
  let most = 0;
  const each = async (run: (text: string, values: unknown[]) => Promise<unknown>, from: number) => {
    const where = "campaign = $1 and position >= $2 and position < $3";
    const block = [o.campaign, from, from + BLOCK];
    await run(`update deliveries set state = 'claimed', epoch = 1 where ${where}`, block);
    await run(
      `update deliveries set state = 'sending', attempt = gen_random_uuid(), tries = 1, decided_at = app_now() where ${where}`,
      block,
    );
    await run(
      `insert into delivery_values (campaign, position, subject, sealed, sha256)
       select campaign, position, contact, decode(repeat(md5(contact::text), 45), 'hex'), sha256(contact::text::bytea) from deliveries where ${where}`,
      block,
    );
    await run(
      `update deliveries set state = 'accepted', reply = 'Ok: queued as 4F1A2B3C4D', attempt = null, epoch = null, sent_at = app_now() where ${where}`,
      block,
    );
    await run(
      `insert into server_log (server, at, organization, campaign, position, domain, outcome, reply)
       select $4, app_now(), $5, campaign, position, 'esempio.it', 'accepted', '250 2.0.0 Ok: queued as 4F1A2B3C4D' from deliveries where ${where}`,
      [...block, o.server, o.organization],
    );
  };
  await filling(
    d,
    async (client) => {
      for (let from = 0; from < PEOPLE; from += BLOCK) {
        await each((text, values) => client.query(text, values), from);
        if ((from + BLOCK) % VACUUM !== 0) continue;
        most = Math.max(most, await size(s, WITH_INDEXES));
        await client.query("vacuum deliveries");
      }
    },
    { triggers: true },
  );
  return Math.max(most, await size(s, WITH_INDEXES));
}
