import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";

export type TestRedis = { url: string; flush(): Promise<void>; kill(): Promise<void>; start(): Promise<void> };

/**
 * A Redis of the test's own on a free port, never the one of the machine; stopped when the test ends.
 * `redis-server` must be on the PATH (npm test installs it where it may).
 */
export async function testRedis(t: { after(work: () => Promise<void>): void }): Promise<TestRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "assenso-redis-"));
  let server: ChildProcess | undefined;
  const start = async () => {
    const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder];
    server = spawn("redis-server", args, { stdio: "ignore" });
    await answers(port);
  };
  const kill = async () => {
    if (!server || server.exitCode !== null) return;
    const gone = once(server, "exit");
    server.kill("SIGKILL");
    await gone;
  };
  await start();
  t.after(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    kill,
    start,
    flush: () => withRedis(port, async (redis) => void (await redis.flushall())),
  };
}

async function answers(port: number): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await withRedis(port, async (redis) => void (await redis.ping()));
    } catch (error) {
      if (i === 100) throw error;
      await wait(50);
    }
  }
}

async function withRedis(port: number, work: (redis: Redis) => Promise<void>): Promise<void> {
  const redis = new Redis(port, "127.0.0.1", { retryStrategy: () => null, maxRetriesPerRequest: 0, lazyConnect: true });
  redis.on("error", () => undefined);
  try {
    await redis.connect();
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
