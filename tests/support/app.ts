import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadKeyRing } from "../../lib/crypto/keys.ts";
import { ensureBuilt } from "../../scripts/parts/build.mjs";
import { freshDatabase, type TestDatabase } from "./database.ts";

const DIST = join(import.meta.dirname, "../../dist");

type Context = { after(work: () => Promise<void>): void };

export type App = {
  /** Address of the web process, without a slash at its end. */
  url: string;
  d: TestDatabase;
  home: string;
  /** The one-time set-up link, as `npm start` prints it. */
  setUpLink: string;
  keys: ReturnType<typeof loadKeyRing>;
  /** What web and worker wrote to their outputs so far. */
  output(): string;
  stopWorker(signal?: NodeJS.Signals): Promise<void>;
  startWorker(): Promise<void>;
};

/**
 * The built application over a database of its own: `assenso prepare`, web and worker, as `npm start` runs them. Goes with the test.
 * @param o settings: more settings from outside
 */
export async function startApp(
  t: Context,
  o: { settings?: Record<string, string>; durable?: boolean } = {},
): Promise<App> {
  await ensureBuilt(join(DIST, ".."));
  const home = mkdtempSync(join(tmpdir(), "assenso-"));
  const d = await freshDatabase(t, { durable: o.durable ?? false });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const env: NodeJS.ProcessEnv = {
    ...{ PATH: process.env.PATH ?? "", HOME: home, NODE_ENV: "production" as const, NEXT_TELEMETRY_DISABLED: "1" },
    ...{
      PORT: String(port),
      APP_URL: url,
      PUBLIC_URL: url,
      DATABASE_URL: d.url,
      ASSENSO_HOME: home,
      LOG_LEVEL: "info",
    },
    ...o.settings,
  };
  let output = "";
  const run = (file: string, args: string[] = []): ChildProcess => {
    const child = fork(join(DIST, file), args, {
      env,
      silent: true,
      execArgv: ["--enable-source-maps"],
      cwd: join(DIST, ".."),
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    return child;
  };
  const stop = async (child: ChildProcess | undefined, signal: NodeJS.Signals = "SIGTERM") => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill(signal);
    await gone;
  };
  const setUpLink = await prepared(run("assenso.mjs", ["prepare", "--json"]));
  const web = run("web.mjs");
  let worker: ChildProcess | undefined;
  d.after(async () => {
    await Promise.all([stop(web), stop(worker)]);
    rmSync(home, { recursive: true, force: true });
  });
  const startWorker = async () => {
    worker = run("worker.mjs");
    await ready(worker, () => output);
  };
  await Promise.all([ready(web, () => output), startWorker()]);
  return {
    ...{ url, d, home, setUpLink, startWorker, output: () => output },
    keys: loadKeyRing({ file: join(home, "keys.json"), json: undefined }),
    stopWorker: (signal) => stop(worker, signal),
  };
}

/** `assenso prepare --json`: schema, keys, folders, link. */
async function prepared(child: ChildProcess): Promise<string> {
  let said = "";
  child.stdout?.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`assenso prepare ended with ${code}: ${said}`);
  return String((JSON.parse(said.slice(said.indexOf("{"))) as { setup?: string }).setup ?? "");
}

async function ready(child: ChildProcess, output: () => string): Promise<void> {
  const [message] = await Promise.race([once(child, "message"), once(child, "exit")]);
  if (!(message as { ready?: boolean } | null)?.ready) throw new Error(`a process did not start: ${output()}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
