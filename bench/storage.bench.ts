import { sql } from "drizzle-orm";
import { closeEnded } from "../lib/delivery/close-ended.ts";
import { fillSnapshot } from "../lib/delivery/snapshot.ts";
import type { Services } from "../lib/services.ts";
import { freshDatabase } from "../tests/support/database.ts";
import { launched, scene, sinkServer } from "../tests/support/sending.ts";
import { testServices } from "../tests/support/services.ts";
import type { Figure } from "./figure.ts";

const PEOPLE = 1_000_000;
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
    const here = await scene(s, { people: PEOPLE });
    const server = await sinkServer(s, { organization: here.organization, port: 1 });
    const campaign = await launched(s, { scene: here, server });
    while (await fillSnapshot(s, { campaign }));
    await sendAll(s, { campaign, server, organization: here.organization });
    const running = await size(s, "pg_indexes_size('deliveries') + pg_table_size('deliveries')");
    await s.db.execute(sql`update campaigns set state = 'ended', ended_at = app_now() where id = ${campaign}::uuid`);
    await closeEnded(s, { directUrl: d.url, least: 1 });
    const most = (name: string, ours: number, value: number): Figure => ({
      ...{ name: `${name}, bytes a row`, ours: Math.round(ours), better: "less", goal: { value } },
    });
    return [
      most("deliveries, heap", await size(s, "pg_table_size('deliveries')"), 170),
      most("deliveries with indexes, while the campaign runs", running, 450),
      most(
        "deliveries with indexes, closed",
        await size(s, "pg_table_size('deliveries') + pg_indexes_size('deliveries')"),
        300,
      ),
      most(
        "delivery_values with index (as long as the message may be rebuilt)",
        await size(s, "pg_total_relation_size('delivery_values')"),
        1200,
      ),
      most("server_log with indexes (30 days)", await size(s, "pg_total_relation_size('server_log')"), 400),
    ];
  } finally {
    for (const close of closers) await close();
  }
}

async function size(s: Services, of: string): Promise<number> {
  const { rows } = await s.db.execute<{ n: string }>(`select (${of})::numeric / ${PEOPLE} as n`);
  return Number(rows[0]?.n ?? 0);
}

/** pending → claimed → sending → accepted, a block at a time, with a reply, a hash, sealed values and a log line as the engine writes them. */
async function sendAll(s: Services, o: { campaign: string; server: string; organization: string }): Promise<void> {
  for (let from = 0; from < PEOPLE; from += BLOCK) {
    const block = sql`campaign = ${o.campaign}::uuid and position >= ${from} and position < ${from + BLOCK}`;
    await s.db.execute(sql`update deliveries set state = 'claimed', epoch = 1 where ${block}`);
    await s.db.execute(sql`
      update deliveries set state = 'sending', attempt = gen_random_uuid(), tries = 1, decided_at = app_now() where ${block}`);
    await s.db.execute(sql`
      insert into delivery_values (campaign, position, subject, sealed, sha256)
      select campaign, position, contact, decode(repeat(md5(contact::text), 45), 'hex'), sha256(contact::text::bytea) from deliveries where ${block}`);
    await s.db.execute(sql`
      update deliveries set state = 'accepted', reply = 'Ok: queued as 4F1A2B3C4D', attempt = null, epoch = null, sent_at = app_now() where ${block}`);
    if (from % VACUUM === 0) await s.db.execute(sql`vacuum deliveries`);
    await s.db.execute(sql`
      insert into server_log (server, at, organization, campaign, position, domain, outcome, reply)
      select ${o.server}::uuid, app_now(), ${o.organization}::uuid, campaign, position, 'esempio.it', 'accepted', '250 2.0.0 Ok: queued as 4F1A2B3C4D' from deliveries where ${block}`);
  }
}
