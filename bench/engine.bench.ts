import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { STARTED } from "../scripts/parts/children.mjs";
import { program } from "../scripts/parts/programs.mjs";
import { freshDatabase, type TestDatabase } from "../tests/support/database.ts";
import { built, builtFile, start } from "../tests/support/process.ts";
import { scene, sinkServer } from "../tests/support/sending.ts";
import { type TestServices, testServices } from "../tests/support/services.ts";
import { cpuOf } from "./cpu.ts";
import type { Measured, Task } from "./engine-process.ts";
import type { Figure } from "./figure.ts";
import { launchReal } from "./real-campaign.ts";
import { signWith } from "./sign-with.ts";

const PEOPLE = 8000;
/** Until then V8 compiles: of a real campaign that is nothing, of eight thousand messages a fifth. */
const WARM = 6000;
/** As many as a server of one's own takes easily: a hand-off then carries a dozen rows and more. */
const CONNECTIONS = 20;

type World = { d: TestDatabase; s: TestServices; child: ChildProcess; port: number; sink: number };
type Run = Measured & { people: number; postgres: number; sink: number };

/**
 * The engine with a real campaign (eight sections, six fields, personal links, gate, quota, states) against a sink in a process of its own that fsyncs, beside a
 * plain loop of `nodemailer.sendMail` with the same Liquid render and the same sink in the same run and process; and beside Postfix's `smtp-source`, which pushes ready bytes
 * of the same size. CPU is counted per process: engine, PostgreSQL, sink.
 */
export default async function engineBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const d = await freshDatabase(t, { durable: true });
    const s = await testServices(d);
    const sink = start(t, await built("sink-process"), { ledger: join(s.journalFolder, "ledger.jsonl") });
    const { port } = (await sink.printed("ready")) as { port: number };
    const world = { url: d.url, keys: s.keyRingJson, folder: s.journalFolder, port };
    const file = await builtFile(join(import.meta.dirname, "engine-process.ts"));
    // As the worker is started.
    const child = spawn(
      process.execPath,
      [
        ...(process.env.BENCH_PROFILE ? ["--cpu-prof", "--cpu-prof-dir", process.env.BENCH_PROFILE] : []),
        ...(STARTED.worker?.flags ?? []),
        file,
        JSON.stringify(world),
      ],
      {
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      },
    );
    t.after(async () => void child.kill());
    return await measure({ d, s, child, port, sink: sink.pid });
  } finally {
    for (const close of closers) await close();
  }
}

async function measure(w: World): Promise<Figure[]> {
  await viaEngine(w, WARM, false);
  const engine = await viaEngine(w, PEOPLE, false);
  const { campaign } = engine;
  for (const pool of [0, CONNECTIONS]) await run(w, { what: "loop", campaign, people: WARM, pool });
  const plain = await run(w, { what: "loop", campaign, people: PEOPLE / 2, pool: 0 });
  const pooled = await run(w, { what: "loop", campaign, people: PEOPLE, pool: CONNECTIONS });
  const source = smtpSource(w, engine.bytes);
  const signed = await viaEngine(w, PEOPLE, true);
  return [...figures({ engine, plain, pooled }), ...atSpeed(engine, source, signed)];
}

async function viaEngine(w: World, people: number, dkim: boolean): Promise<Run & { campaign: string }> {
  const here = await scene(w.s, { people });
  const server = await sinkServer(w.s, { organization: here.organization, port: w.port, connections: CONNECTIONS });
  if (dkim) await signWith(w.s, { who: here.who, server });
  const campaign = await launchReal(w.s, { scene: here });
  return { campaign, ...(await run(w, { what: "engine", campaign, people })) };
}

async function run(w: World, task: Task): Promise<Run> {
  const postmaster = Number((await w.s.db.execute<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid);
  const parent = parentOf(postmaster);
  const before = [cpuOf(parent), cpuOf(w.sink)];
  w.child.send(task);
  const measured = (await once(w.child, "message"))[0] as Measured;
  const micros = (after: number, i: number) => (after - (before[i] ?? 0)) * 1e6;
  return { ...measured, people: task.people, postgres: micros(cpuOf(parent), 0), sink: micros(cpuOf(w.sink), 1) };
}

function parentOf(pid: number): number {
  return Number(
    spawnSync("ps", ["-o", "ppid=", "-p", String(pid)])
      .stdout?.toString()
      .trim() ?? 0,
  );
}

/** Messages a second that `smtp-source` pushes into the same sink with ready bytes of that size; undefined where Postfix cannot be installed. */
function smtpSource(w: World, bytes: number): number | undefined {
  let file: string;
  try {
    file = program("smtp-source");
  } catch (error) {
    console.error((error as Error).message);
    return undefined;
  }
  const message = join(w.s.journalFolder, "message.eml");
  const line = `${"x".repeat(76)}\n`;
  writeFileSync(message, `From: a@example.it\nTo: b@example.it\nSubject: x\n\n${line.repeat(Math.round(bytes / 78))}`);
  const begun = performance.now();
  const args = ["-s", String(CONNECTIONS), "-m", String(PEOPLE), "-d", "-N", "-F", message];
  const ended = spawnSync(file, [...args, "-f", "a@example.it", "-t", "b@example.it", `127.0.0.1:${w.port}`]);
  if (ended.status !== 0) throw new Error(`smtp-source: ${ended.stderr}`);
  return (PEOPLE * 1000) / (performance.now() - begun);
}

/** Signatures a second of one core, by `openssl speed`. */
function opensslSigns(): number | undefined {
  const said = spawnSync("openssl", ["speed", "-seconds", "3", "-mr", "rsa2048"]).stdout?.toString() ?? "";
  const perSecond = /^\+F2:\d+:2048:([\d.]+):/m.exec(said)?.[1];
  if (!perSecond) return undefined;
  // -mr prints seconds a signature in older versions, signatures a second in newer ones.
  return Number(perSecond) < 1 ? 1 / Number(perSecond) : Number(perSecond);
}

const micros = (r: Run, of: "micros" | "postgres" | "sink" = "micros") => Math.round(r[of] / r.people);
const rate = (r: Run) => Math.round(r.people / r.seconds);

function figures(o: { engine: Run; plain: Run; pooled: Run }): Figure[] {
  const cpu = `engine, CPU µs per message of ${Math.round(o.engine.bytes / 1000)} KB`;
  const loop = "plain loop of nodemailer.sendMail";
  const less = { better: "less" as const };
  return [
    {
      name: cpu,
      ours: micros(o.engine),
      ...less,
      goal: { times: 5 },
      reference: { name: loop, value: micros(o.plain) },
    },
    {
      ...{ name: cpu, ours: micros(o.engine), ...less, goal: { times: 1 } },
      reference: { name: `sendMail on a pool of ${CONNECTIONS}`, value: micros(o.pooled) },
    },
    {
      ...{ name: "PostgreSQL beside it, CPU µs per message", ours: micros(o.engine, "postgres"), ...less },
      ...{ goal: { value: 2000 }, reference: { name: "sink, engine's run", value: micros(o.engine, "sink") } },
    },
    {
      ...{
        name: `engine, messages per second, ${CONNECTIONS} connections`,
        ours: rate(o.engine),
        better: "more" as const,
      },
      ...{ goal: { times: 1 }, reference: { name: loop, value: rate(o.plain) } },
    },
  ];
}

function atSpeed(engine: Run, source: number | undefined, signed: Run): Figure[] {
  const more = { better: "more" as const };
  const openssl = opensslSigns();
  const found: Figure[] = [];
  if (source) {
    found.push({
      ...{
        name: "engine, messages per second into a sink that fsyncs",
        ours: rate(engine),
        ...more,
        goal: { times: 0.5 },
      },
      reference: { name: "smtp-source with ready bytes of that size", value: Math.round(source) },
    });
  }
  if (openssl) {
    found.push({
      ...{ name: "engine with DKIM rsa-2048, messages per second", ours: rate(signed), ...more, goal: { times: 0.6 } },
      reference: { name: "openssl speed rsa2048, signatures on one core", value: Math.round(openssl) },
    });
  }
  return found;
}
