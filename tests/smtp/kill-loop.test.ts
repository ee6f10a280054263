import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { freshDatabase } from "../support/database.ts";
import { until } from "../support/engine.ts";
import { built, type Child, start } from "../support/process.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { readLedger } from "../support/sink.ts";

const PEOPLE = 2000;
const KILLS = 20;
const CONNECTIONS = 4;
/** Milliseconds before 250: a campaign that lasts as long as its kills. */
const SLOW = 12;

test(`kill -9 of the worker ${KILLS} times in a campaign of ${PEOPLE}: nobody twice, nobody lost [AT-06, F01, F02]`, async (t) => {
  const d = await freshDatabase({ after }, { durable: true });
  const s = await testServices(d);
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  d.after(() => rmSync(folder, { recursive: true }));
  const ledger = join(folder, "ledger.jsonl");
  const [sinkFile, workerFile] = await Promise.all([built("sink-process"), built("kill-worker")]);
  const sink = start({ after: (work) => d.after(work) }, sinkFile, { ledger, slow: SLOW });
  const { port } = (await sink.printed("ready")) as { port: number };
  const here = await scene(s, { people: PEOPLE });
  const server = await sinkServer(s, { organization: here.organization, port, connections: CONNECTIONS });
  const campaign = await launched(s, { scene: here, server });
  const begin = () => start({ after: (work) => d.after(work) }, workerFile, world(s, d.url, port));

  const perKill: number[] = [];
  let uncertain = 0;
  for (let i = 0; i < KILLS; i++) {
    const worker = begin();
    await sends(worker, ledger);
    // Irregular moments, the same in every run.
    await wait(60 + ((i * 97) % 190));
    await worker.kill();
    await identity(s, campaign);
    uncertain = await judged(s, campaign, perKill, uncertain);
  }
  const last = begin();
  await until(async () => (await state(s, campaign)) === "ended", 60_000, "the campaign did not end");
  await identity(s, campaign);
  await last.kill("SIGTERM");
  await judged(s, campaign, perKill, uncertain);

  const kept = readLedger(ledger);
  const copies = new Map<string, number>();
  for (const { to } of kept) copies.set(to, (copies.get(to) ?? 0) + 1);
  const final = await states(s, campaign);
  const { rows } = await s.db.execute<{ address: string; state: string }>(
    sql`select c.address, d.state from deliveries d join contacts c on c.id = d.contact where d.campaign = ${campaign}::uuid`,
  );
  const accepted = rows.filter((row) => row.state === "accepted").map((row) => row.address);
  const unknown = new Set(rows.filter((row) => row.state === "uncertain").map((row) => row.address));
  assert.equal(kept.length, copies.size, "somebody got two copies");
  assert.deepEqual(
    accepted.filter((address) => !copies.has(address)),
    [],
    "accepted, and never arrived",
  );
  assert.equal((final.accepted ?? 0) + (final.uncertain ?? 0), PEOPLE, "not everybody is accounted for");
  assert.deepEqual(
    [...copies.keys()].filter((address) => !accepted.includes(address) && !unknown.has(address)),
    [],
    "arrived, and nobody knows",
  );
  assert.ok(Math.max(0, ...perKill) <= CONNECTIONS, `uncertain of one kill: ${perKill}`);
  t.diagnostic(
    `${KILLS} kills · lost 0 · twice 0 · uncertain ${final.uncertain ?? 0} (bound ${KILLS * CONNECTIONS}) · had arrived ${[...unknown].filter((a) => copies.has(a)).length}`,
  );
});

const world = (s: Awaited<ReturnType<typeof testServices>>, url: string, port: number) => ({
  url,
  keys: s.keyRingJson,
  folder: s.journalFolder,
  allow: `127.0.0.1:${port}`,
});

/** Waits until the worker hands over: the ledger grows. */
async function sends(worker: Child, ledger: string): Promise<void> {
  const before = length(ledger);
  await until(
    () => length(ledger) > before,
    15_000,
    `the worker does not send: ${JSON.stringify(worker.lines.slice(-3))}`,
  );
}

function length(ledger: string): number {
  try {
    return readLedger(ledger).length;
  } catch {
    return 0;
  }
}

/** The three figures add up to the snapshot, at every look (R1). */
async function identity(s: Awaited<ReturnType<typeof testServices>>, campaign: string): Promise<void> {
  const { rows } = await s.db.execute<{ size: number; n: string; people: string }>(sql`
    select c.size, (select count(*) from deliveries d where d.campaign = c.id) as n, (select count(distinct contact) from deliveries d where d.campaign = c.id) as people
      from campaigns c where c.id = ${campaign}::uuid`);
  assert.equal(Number(rows[0]?.n), rows[0]?.size);
  assert.equal(rows[0]?.n, rows[0]?.people);
}

/** What the kill made uncertain; waits for nobody: the next worker judges. */
async function judged(
  s: Awaited<ReturnType<typeof testServices>>,
  campaign: string,
  perKill: number[],
  before: number,
): Promise<number> {
  const now = await states(s, campaign);
  const open = now.sending ?? 0;
  const total = (now.uncertain ?? 0) + open;
  perKill.push(total - before);
  return total;
}

async function state(s: Awaited<ReturnType<typeof testServices>>, campaign: string): Promise<string | undefined> {
  const { rows } = await s.db.execute<{ state: string }>(sql`select state from campaigns where id = ${campaign}::uuid`);
  return rows[0]?.state;
}
