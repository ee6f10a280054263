import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { freePort } from "../../scripts/embedded/postgres.mjs";
import { program } from "../../scripts/parts/programs.mjs";

export type TestRedis = {
  url: string;
  /** Forgets everything, as a Redis that was emptied. */
  flush(): Promise<void>;
  /** `kill -9`: nobody listens on the port until `start`. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what it had on disk. */
  start(): Promise<void>;
};

/** A Redis of its own on a free port, never the system's, gone when the context ends. */
export async function freshRedis(t: { after(work: () => Promise<void>): void }): Promise<TestRedis> {
  const [bin, port] = [program("redis"), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), "redis-"));
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  const start = async () => {
    const settings = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes"];
    child = spawn(bin, [...settings, "--maxmemory-policy", "noeviction"], { stdio: "ignore" });
    for (let i = 0; !(await withRedis(url, (redis) => redis.ping()).catch(() => false)); i++) {
      if (i === 200) throw new Error("redis-server does not answer");
      await wait(25);
    }
  };
  const kill = async () => {
    const running = child;
    child = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = once(running, "exit");
    running.kill("SIGKILL");
    await gone;
  };
  await start();
  t.after(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { url, start, kill, flush: async () => void (await withRedis(url, (redis) => redis.flushall())) };
}

async function withRedis<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 0, retryStrategy: () => null });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}
