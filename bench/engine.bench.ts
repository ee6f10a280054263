import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { freshDatabase } from "../tests/support/database.ts";
import { built, builtFile, start } from "../tests/support/process.ts";
import { launchedStarter, scene, sinkServer } from "../tests/support/sending.ts";
import { type TestServices, testServices } from "../tests/support/services.ts";
import type { Measured, Task } from "./engine-process.ts";
import type { Figure } from "./figure.ts";

const PEOPLE = 8000;
const WARM = 2000;
const CONNECTIONS = 10;

/**
 * The engine against a sink in a process of its own, beside a plain loop of `nodemailer.sendMail` with the same template, in the same run and process;
 * and beside the same loop over a pool of as many connections, which saves it the connecting. CPU is that of this process alone: PostgreSQL and the
 * sink are others.
 */
export default async function engineBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  try {
    const d = await freshDatabase(t, { durable: true });
    const s = await testServices(d);
    const sink = start(t, await built("sink-process"), {});
    const { port } = (await sink.printed("ready")) as { port: number };
    const world = { url: d.url, keys: s.keyRingJson, folder: s.journalFolder, port };
    const file = await builtFile(join(import.meta.dirname, "engine-process.ts"));
    // Young garbage is most of what a message leaves: the worker is started with the same setting.
    const child = spawn(process.execPath, ["--max-semi-space-size=32", file, JSON.stringify(world)], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    t.after(async () => void child.kill());
    return figures(await measure(child, s, port));
  } finally {
    for (const close of closers) await close();
  }
}

async function measure(child: ChildProcess, s: TestServices, port: number) {
  const ask = async (task: Task): Promise<Measured> => {
    child.send(task);
    return (await once(child, "message"))[0] as Measured;
  };
  const viaEngine = async (people: number) => {
    const here = await scene(s, { people });
    await sinkServer(s, { organization: here.organization, port, connections: CONNECTIONS });
    const campaign = await launchedStarter(s, { scene: here });
    return { campaign, ...(await ask({ what: "engine", campaign, people })) };
  };
  await viaEngine(WARM);
  const { campaign, ...engine } = await viaEngine(PEOPLE);
  for (const pool of [0, CONNECTIONS]) await ask({ what: "loop", campaign, people: WARM, pool });
  const plain = await ask({ what: "loop", campaign, people: PEOPLE / 2, pool: 0 });
  const pooled = await ask({ what: "loop", campaign, people: PEOPLE, pool: CONNECTIONS });
  return { engine, plain, pooled };
}

function figures(o: { engine: Measured; plain: Measured; pooled: Measured }): Figure[] {
  const micros = (m: Measured, people = PEOPLE) => Math.round(m.micros / people);
  const rate = (m: Measured, people = PEOPLE) => Math.round(people / m.seconds);
  const cpu = `engine, CPU µs per message of ${Math.round(o.engine.bytes / 1000)} KB`;
  const loop = "plain loop of nodemailer.sendMail";
  return [
    {
      ...{ name: cpu, ours: micros(o.engine), better: "less" as const, goal: { times: 3 } },
      reference: { name: loop, value: micros(o.plain, PEOPLE / 2) },
    },
    {
      ...{ name: cpu, ours: micros(o.engine), better: "less" as const, goal: { times: 1 } },
      reference: { name: `sendMail on a pool of ${CONNECTIONS}`, value: micros(o.pooled) },
    },
    {
      ...{
        name: `engine, messages per second, ${CONNECTIONS} connections`,
        ours: rate(o.engine),
        better: "more" as const,
      },
      reference: { name: loop, value: rate(o.plain, PEOPLE / 2) },
      goal: { times: 1 },
    },
  ];
}
