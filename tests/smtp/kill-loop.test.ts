import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { freshDatabase } from "../support/database.ts";
import { until } from "../support/engine.ts";
import { built, builtWorker, start, startWorker } from "../support/process.ts";
import { launchedStarter, scene, sinkServer, states } from "../support/sending.ts";
import { type TestServices, testServices } from "../support/services.ts";
import { readLedger } from "../support/sink.ts";
import { workerEnv } from "../support/worker-env.ts";

/** In the short form fewer kills, each of them as in the long one. */
const [KILLS, PEOPLE] = process.env.ASSENSO_TEST_LONG ? [20, 2000] : [6, 600];
const CONNECTIONS = 4;
/** Milliseconds before 250: a campaign that lasts as long as its kills. */
const SLOW = 12;

test(`kill -9 of the worker ${KILLS} times in a campaign of ${PEOPLE}: nobody twice, nobody lost [AT-06, F01, F02]`, async (t) => {
  const d = await freshDatabase({ after }, { durable: true });
  const s = await testServices(d);
  const [sinkFile, workerFile] = await Promise.all([built("sink-process"), builtWorker()]);
  const folder = mkdtempSync(join(tmpdir(), "ledger-"));
  d.after(() => rmSync(folder, { recursive: true }));
  const ledger = join(folder, "ledger.jsonl");
  const here = { after: (work: () => Promise<void>) => d.after(work) };
  const sink = start(here, sinkFile, { ledger, slow: SLOW });
  const { port } = (await sink.printed("ready")) as { port: number };
  const people = await scene(s, { people: PEOPLE });
  await sinkServer(s, { organization: people.organization, port, connections: CONNECTIONS });
  const campaign = await launchedStarter(s, { scene: people, starter: "letter" });
  const env = workerEnv(d, s, { allow: `127.0.0.1:${port}` });

  const perKill: number[] = [];
  let unknown = 0;
  for (let i = 0; i < KILLS; i++) {
    const worker = startWorker(here, workerFile, env);
    const before = length(ledger);
    await worker.ready;
    await until(() => length(ledger) > before, 20_000, "the worker does not send");
    // Irregular moments, the same in every run.
    await wait(60 + ((i * 97) % 190));
    await worker.kill();
    await identity(s, campaign);
    const now = await states(s, campaign);
    const total = (now.uncertain ?? 0) + (now.sending ?? 0);
    perKill.push(total - unknown);
    unknown = total;
  }
  const last = startWorker(here, workerFile, env);
  await until(async () => (await stateOf(s, campaign)) === "ended", 60_000, "the campaign did not end");
  await identity(s, campaign);
  assert.equal((await last.kill("SIGTERM")).code, 0);

  const found = await compare(s, campaign, ledger);
  assert.equal(found.twice, 0, "somebody got two copies");
  assert.deepEqual(found.lost, [], "accepted, and never arrived");
  assert.deepEqual(found.unheard, [], "arrived, and nobody knows");
  assert.equal(found.accepted + found.uncertain, PEOPLE, "not everybody is accounted for");
  assert.equal(found.uncertain, unknown, "the last worker, stopped in order, left nothing unknown");
  assert.ok(Math.max(...perKill) <= CONNECTIONS, `uncertain of each kill: ${perKill}`);
  t.diagnostic(
    `${KILLS} kills · lost 0 · twice 0 · uncertain ${found.uncertain} (bound ${KILLS * CONNECTIONS}) · had arrived ${found.hadArrived}`,
  );
});

function length(ledger: string): number {
  try {
    return readLedger(ledger).length;
  } catch {
    return 0;
  }
}

/** The rows are the snapshot, one a person, at every look (R1). */
async function identity(s: TestServices, campaign: string): Promise<void> {
  const { rows } = await s.db.execute<{ size: number; n: string; people: string }>(sql`
    select c.size, (select count(*) from deliveries d where d.campaign = c.id) as n,
           (select count(distinct contact) from deliveries d where d.campaign = c.id) as people
      from campaigns c where c.id = ${campaign}::uuid`);
  assert.equal(Number(rows[0]?.n), rows[0]?.size);
  assert.equal(rows[0]?.n, rows[0]?.people);
}

/** What the rows say beside what the sink keeps. */
async function compare(s: TestServices, campaign: string, ledger: string) {
  const copies = new Map<string, number>();
  for (const { to } of readLedger(ledger)) copies.set(to, (copies.get(to) ?? 0) + 1);
  const { rows } = await s.db.execute<{ address: string; state: string }>(
    sql`select c.address, d.state from deliveries d join contacts c on c.id = d.contact where d.campaign = ${campaign}::uuid`,
  );
  const of = (state: string) => rows.filter((row) => row.state === state).map((row) => row.address);
  const [accepted, uncertain] = [of("accepted"), of("uncertain")];
  const known = new Set([...accepted, ...uncertain]);
  return {
    accepted: accepted.length,
    uncertain: uncertain.length,
    twice: [...copies.values()].filter((n) => n > 1).length,
    lost: accepted.filter((address) => !copies.has(address)),
    unheard: [...copies.keys()].filter((address) => !known.has(address)),
    hadArrived: uncertain.filter((address) => copies.has(address)).length,
  };
}

async function stateOf(s: TestServices, campaign: string): Promise<string | undefined> {
  const { rows } = await s.db.execute<{ state: string }>(sql`select state from campaigns where id = ${campaign}::uuid`);
  return rows[0]?.state;
}
