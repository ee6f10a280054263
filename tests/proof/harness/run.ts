import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { builtFile } from "../../support/process.ts";
import { cluster, startCluster } from "./cluster.ts";
import type { Fault, Finding, Form, Run } from "./fault.ts";
import { paths } from "./paths.ts";
import { seeded } from "./random.ts";

const HERE = join(import.meta.dirname, "..");
const PROJECT = join(HERE, "../..");

/** All faults of tests/proof/f*.ts, in the order of their numbers. */
export async function allFaults(): Promise<Fault[]> {
  const files = readdirSync(HERE).filter((name) => /^f\d\d.*\.ts$/.test(name));
  const found = await Promise.all(files.map((name) => import(join(HERE, name)) as Promise<{ faults: Fault[] }>));
  return found.flatMap(({ faults }) => faults).sort((a, b) => a.id.localeCompare(b.id));
}

/** Starts what all faults share. `dist`: where worker.mjs, web.mjs and assenso.mjs lie. */
export async function openProof(dist: string): Promise<{ close(): Promise<void> }> {
  Object.assign(paths, {
    ...{ worker: join(dist, "worker.mjs"), web: join(dist, "web.mjs"), cli: join(dist, "assenso.mjs") },
    sink: await builtFile(join(import.meta.dirname, "sink-process.ts")),
  });
  mkdirSync(join(PROJECT, ".assenso"), { recursive: true });
  await startCluster(`run-${process.pid}-proof`);
  process.env.ASSENSO_TEST_POSTGRES_DURABLE = cluster().url;
  return { close: () => cluster().close() };
}

const SIZES = { quick: 0, plain: 1, full: 2, soak: 2 } as const;

/** Runs one fault. What it throws is a finding too: it did not get through. */
export async function runFault(fault: Fault, o: { form: Form; seed: number }): Promise<Finding> {
  const run: Run = {
    form: o.form,
    random: seeded(o.seed, fault.id),
    size: (...sizes) => sizes[SIZES[o.form]] ?? 0,
  };
  try {
    return await fault.run(run);
  } catch (error) {
    const nothing = { recipients: 0, lost: 0, twice: 0, late: 0, over: 0, uncertain: 0, bound: 0, recovered: 0 };
    return { ...nothing, injected: {}, wrong: [(error as Error).stack ?? String(error)] };
  }
}
