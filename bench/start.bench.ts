import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../scripts/embedded/postgres.mjs";
import { ensureBuilt } from "../scripts/parts/build.mjs";
import { PROJECT } from "../scripts/parts/settings.mjs";
import type { Figure } from "./figure.ts";

/** Seconds from `npm start` to the printed address, once all is built: the first time with a cluster to make, and every later time. */
export default async function startBench(): Promise<Figure[]> {
  await ensureBuilt(PROJECT);
  const home = mkdtempSync(join(tmpdir(), "assenso-start-"));
  try {
    const first = await begin(home, "SIGTERM");
    const second = await begin(home, "SIGKILL");
    const killed = await begin(home, "SIGTERM");
    const figure = (name: string, ours: number): Figure => ({
      ...{ name: `${name} to the printed address, seconds`, ours, better: "less", goal: { value: 10 } },
      reference: { name: "first start", value: first },
    });
    return [figure("second start", second), figure("start after kill -9", killed)];
  } finally {
    const elsewhere = where(home);
    for (const folder of [home, ...(elsewhere ? [elsewhere] : [])]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts it, waits for the address, ends it as told. */
async function begin(home: string, end: "SIGTERM" | "SIGKILL"): Promise<number> {
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: `${await freePort()}`, ASSENSO_HOME: home };
  for (const name of ["DATABASE_URL", "DATABASE_DIRECT_URL", "REDIS_URL", "npm_lifecycle_event"]) delete env[name];
  const from = performance.now();
  const child = spawn(process.execPath, [join(PROJECT, "scripts/start.mjs")], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  let said = "";
  const seconds = await new Promise<number>((resolve, reject) => {
    child.stdout.on("data", (bytes) => {
      said += bytes;
      if (said.includes("Stop with Ctrl-C")) resolve((performance.now() - from) / 1000);
    });
    child.once("exit", () => reject(new Error(`it ended before it had started: ${said}`)));
  });
  const children = (JSON.parse(readFileSync(join(home, "run.json"), "utf8")) as { children: number[] }).children;
  for (const pid of end === "SIGKILL" ? children : []) process.kill(pid, end);
  child.kill(end);
  await ended;
  return seconds;
}

function where(home: string): string | undefined {
  try {
    return readFileSync(join(home, "pg/where"), "utf8").trim();
  } catch {
    return undefined;
  }
}
