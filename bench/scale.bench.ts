import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { buildWorker } from "../scripts/parts/build.mjs";
import { STARTED } from "../scripts/parts/children.mjs";
import { PROJECT } from "../scripts/parts/settings.mjs";
import { freshDatabase, type TestDatabase } from "../tests/support/database.ts";
import { built, start, startWorker, type Worker } from "../tests/support/process.ts";
import { type Scene, scene, sinkServer } from "../tests/support/sending.ts";
import { type TestServices, testServices } from "../tests/support/services.ts";
import { workerEnv } from "../tests/support/worker-env.ts";
import { cpuOf } from "./cpu.ts";
import type { Figure } from "./figure.ts";
import { crowd } from "./fill.ts";
import { launchReal } from "./real-campaign.ts";

/** BENCH_PEOPLE, BENCH_MESSAGES: smaller for a quick look; the figures that are written down are of a million and of 150,000. */
const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 1_000_000);
const MESSAGES = Number(process.env.BENCH_MESSAGES ?? 150_000);
/** Until caches, pools and compiled code are there. */
const WARM = MESSAGES / 5;
const SAMPLE_MS = 250;
const SLOW_MS = 50;
const DIST = join(PROJECT, "node_modules/.cache/assenso-bench");
/** Connections of one worker in the comparison: few, so that the sink's waiting is what takes the time and not this machine's cores. */
const [EACH, RUN] = [5, 2000];

type World = { t: { after(work: () => Promise<void>): void }; d: TestDatabase; s: TestServices; file: string };

/**
 * The program's worker at a campaign of a million people: how soon after the launch the first message leaves, how much memory it takes at most and whether that grows with what it
 * has sent; and two workers beside one, against a sink that waits 50 ms with each answer.
 */
export default async function scaleBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const d = await freshDatabase(t, { durable: true });
    const s = await testServices(d);
    // The worker itself, built and started as `npm start` does it.
    await buildWorker(PROJECT, DIST);
    const w = { t, d, s, file: join(DIST, "worker.mjs") };
    const [one, two] = [await slowSink(w, 1), await slowSink(w, 2)];
    return [...(await million(w)), ratio(one, two)];
  } finally {
    for (const close of closers) await close();
  }
}

async function sinkPort(w: World, o: { slow?: number }): Promise<number> {
  const sink = start(w.t, await built("sink-process"), o);
  return ((await sink.printed("ready")) as { port: number }).port;
}

async function million(w: World): Promise<Figure[]> {
  const { s, d } = w;
  const here = await crowd(s, d, { people: PEOPLE, keys: MESSAGES + 20_000 });
  const port = await sinkPort(w, {});
  await sinkServer(s, { organization: here.organization, port, connections: 10 });
  const worker = startWorker(
    w.t,
    w.file,
    { ...STARTED.worker?.env, ...workerEnv(d, s, { allow: `127.0.0.1:${port}` }) },
    STARTED.worker?.flags,
  );
  await worker.ready;
  await wait(2000);
  const begun = performance.now();
  const campaign = await launchReal(s, { scene: here });
  const pressed = (performance.now() - begun) / 1000;
  while ((await accepted(s, campaign)) === 0) await wait(20);
  const first = (performance.now() - begun) / 1000;
  const samples = await watchMemory(w, { campaign, worker, begun });
  await worker.kill("SIGTERM");
  return memoryFigures({ pressed, first, ...samples });
}

type Sample = { n: number; mb: number };
type Watched = { samples: Sample[]; whole: number; rate: number };

/** Looks at the worker until so many messages are accepted and every row of the snapshot is written. */
async function watchMemory({ s }: World, o: { campaign: string; worker: Worker; begun: number }): Promise<Watched> {
  const samples: Sample[] = [];
  let whole = 0;
  for (let n = 0; n < MESSAGES || whole === 0; await wait(SAMPLE_MS)) {
    if (o.worker.gone()) throw new Error(`the worker ended: ${o.worker.said().slice(-1000)}`);
    n = await accepted(s, o.campaign);
    samples.push({ n, mb: memory(o.worker.pid, "VmRSS") });
    if (whole === 0 && (await isWhole(s, o.campaign))) whole = (performance.now() - o.begun) / 1000;
  }
  samples.push({ n: samples.at(-1)?.n ?? 0, mb: memory(o.worker.pid, "VmHWM") });
  return { samples, whole, rate: (samples.at(-1)?.n ?? 0) / ((performance.now() - o.begun) / 1000) };
}

function memoryFigures(o: { pressed: number; first: number } & Watched): Figure[] {
  const peak = o.samples.pop()?.mb ?? 0;
  const less = { better: "less" as const };
  const round = (x: number) => Math.round(x * 100) / 100;
  const of = PEOPLE.toLocaleString("en");
  console.log(
    `launch took ${round(o.pressed)} s, the whole snapshot was there after ${round(o.whole)} s; ${Math.round(o.rate)} messages per second`,
  );
  return [
    { name: `launch to first message at ${of} people, seconds`, ours: round(o.first), ...less, goal: { value: 5 } },
    { name: `worker's memory at most at ${of} people, MB`, ours: Math.round(peak), ...less, goal: { value: 200 } },
    {
      ...{ name: `worker's memory, growth in MB per 100,000 of ${MESSAGES.toLocaleString("en")} messages` },
      ...{ ours: round(slope(o.samples.filter(({ n }) => n > WARM)) * 100_000), ...less, goal: { value: 1 } },
    },
  ];
}

/** MB per message: least squares over the lowest of each fortieth, since between two collections memory goes up and down by more than it could grow. */
export function slope(samples: Sample[]): number {
  const [from, to] = [samples[0]?.n ?? 0, samples.at(-1)?.n ?? 0];
  const lowest = new Map<number, Sample>();
  for (const one of samples) {
    const part = Math.floor(((one.n - from) / Math.max(1, to - from)) * 40);
    const known = lowest.get(part);
    if (!known || one.mb < known.mb) lowest.set(part, one);
  }
  const points = [...lowest.values()];
  const mean = (of: (one: Sample) => number) => points.reduce((sum, one) => sum + of(one), 0) / points.length;
  const [x, y] = [mean(({ n }) => n), mean(({ mb }) => mb)];
  return mean(({ n, mb }) => (n - x) * (mb - y)) / mean(({ n }) => (n - x) ** 2);
}

function memory(pid: number, what: "VmRSS" | "VmHWM"): number {
  const kb = new RegExp(`^${what}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kb) / 1024;
}

async function accepted(s: TestServices, campaign: string): Promise<number> {
  const { rows } = await s.db.execute<{ n: string }>(
    sql`select coalesce(sum(n), 0) as n from campaign_counts where campaign = ${campaign}::uuid and state = 'accepted'`,
  );
  return Number(rows[0]?.n ?? 0);
}

async function isWhole(s: TestServices, campaign: string): Promise<boolean> {
  const { rows } = await s.db.execute<{ done: boolean }>(
    sql`select snapshot_done as done from campaigns where id = ${campaign}::uuid`,
  );
  return rows[0]?.done ?? false;
}

type Slow = { workers: number; rate: number; least: number };

/** Messages a second of so many workers, each with its share of the server's connections, between the first and the last tenth. */
async function slowSink(w: World, workers: number): Promise<Slow> {
  const people = RUN * workers;
  const here: Scene = await scene(w.s, { people });
  const port = await sinkPort(w, { slow: SLOW_MS });
  await sinkServer(w.s, { organization: here.organization, port, connections: EACH * workers });
  const env = { allow: `127.0.0.1:${port}` };
  const all = Array.from({ length: workers }, () =>
    startWorker(w.t, w.file, { ...STARTED.worker?.env, ...workerEnv(w.d, w.s, env) }, STARTED.worker?.flags),
  );
  await Promise.all(all.map((one) => one.ready));
  await wait(2000);
  const before = all.map(({ pid }) => cpuOf(pid));
  const campaign = await launchReal(w.s, { scene: here });
  const reached = async (share: number) => {
    while ((await accepted(w.s, campaign)) < people * share) await wait(20);
    return { at: performance.now(), n: await accepted(w.s, campaign) };
  };
  const [from, to] = [await reached(0.1), await reached(0.9)];
  const used = all.map(({ pid }, i) => cpuOf(pid) - (before[i] ?? 0));
  for (const one of all) await one.kill("SIGTERM");
  // Nothing of it is left for the worker that is measured next.
  await w.s.db.execute(
    sql`update campaigns set state = 'cancelled', ended_at = app_now() where id = ${campaign}::uuid`,
  );
  const least = Math.min(...used) / used.reduce((a, b) => a + b, 0);
  return { workers, rate: ((to.n - from.n) * 1000) / (to.at - from.at), least };
}

function ratio(one: Slow, two: Slow): Figure {
  console.log(`the less busy of two workers used ${Math.round(two.least * 100)} % of their CPU`);
  return {
    ...{ name: `two workers of ${EACH} connections each, messages per second into a sink that waits ${SLOW_MS} ms` },
    ...{ ours: Math.round(two.rate), better: "more", goal: { times: 1.9 } },
    reference: { name: "one worker", value: Math.round(one.rate) },
  };
}
