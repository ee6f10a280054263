import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, renameSync, rmdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { alive, freePort, startPostgres, stopPostgres } from "../../../scripts/embedded/postgres.mjs";
import { mountSmall } from "./small-disk.ts";

/** The proof's own PostgreSQL, fsync on, on a port that stays the same over every crash. */
export type ProofCluster = {
  url: string;
  data: string;
  /** As a power cut: no checkpoint, nothing said to anybody. Stays down until `start`. */
  crash(): Promise<void>;
  /** One of its processes is killed: it ends all others and recovers by itself. Resolves when it has. */
  killBackend(application: string): Promise<void>;
  /** Whether it answers. */
  up(): Promise<boolean>;
  /** Waits until it answers: after a crash it recovers for a moment. @throws when it does not for a minute */
  answers(): Promise<void>;
  /** Runs `work` while all of it lies on a disk that has so many megabytes left; what was done in there is gone after it. */
  onSmallDisk<T>(megabytes: number, work: () => Promise<T>): Promise<T>;
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Stops it and leaves nothing. */
  close(): Promise<void>;
};

const DOWN_MS = 60_000;

let shared: ProofCluster | undefined;

/** The one that `startCluster` started for this run. */
export function cluster(): ProofCluster {
  if (!shared) throw new Error("the proof's PostgreSQL is not started");
  return shared;
}

/** Starts the PostgreSQL of this run. */
export async function startCluster(name: string): Promise<void> {
  const options = {
    home: join(import.meta.dirname, "../../../.assenso"),
    use: "test" as const,
    name,
    connections: 300,
  };
  let running = await startPostgres(options);
  // Below the range that the system gives to outgoing connections: nobody takes it while PostgreSQL is down.
  const port = await lowPort();
  await running.stop();
  writeFileSync(join(dirname(running.data), "port"), String(port));
  running = await startPostgres(options);
  const { url, data } = running;
  shared = {
    url,
    data,
    async crash() {
      process.kill(running.pid, "SIGQUIT");
      while (alive(running.pid)) await wait(10);
    },
    async killBackend(application) {
      const client = new pg.Client({ connectionString: url });
      client.on("error", () => undefined);
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where application_name like $1 order by random() limit 1",
        [application],
      );
      if (!rows[0]) {
        await client.end();
        throw new Error(`no connection of ${application}`);
      }
      // It has noticed when it ends this session too; before that it would still answer.
      const noticed = new Promise((resolve) => client.once("end", resolve));
      process.kill(rows[0].pid, "SIGKILL");
      await noticed;
      await this.answers();
    },
    async up() {
      const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
      client.on("error", () => undefined);
      return client.connect().then(
        () => client.end().then(() => true),
        () => false,
      );
    },
    async answers() {
      for (const end = Date.now() + DOWN_MS; !(await this.up()); await wait(50))
        if (Date.now() > end) throw new Error(`PostgreSQL does not answer for ${DOWN_MS / 1000} s`);
    },
    async onSmallDisk(megabytes, work) {
      await stopPostgres(data);
      const aside = `${data}.aside`;
      const { uid, gid } = statSync(data);
      const used = Number(execFileSync("du", ["-sm", data], { encoding: "utf8" }).split("\t")[0]);
      renameSync(data, aside);
      mkdirSync(data, { mode: 0o700 });
      const unmount = mountSmall(data, used + megabytes);
      execFileSync("cp", ["-a", `${aside}/.`, data]);
      chownSync(data, uid, gid);
      chmodSync(data, 0o700);
      try {
        running = await startPostgres(options);
        return await work();
      } finally {
        await stopPostgres(data);
        unmount();
        rmdirSync(data);
        renameSync(aside, data);
        running = await startPostgres(options);
      }
    },
    stop: () => stopPostgres(data),
    start: async () => {
      running = await startPostgres(options);
      if (running.url !== url) throw new Error("PostgreSQL came back on another port");
    },
    close: async () => {
      await stopPostgres(data);
      rmSync(dirname(data), { recursive: true, force: true });
    },
  };
}

async function lowPort(): Promise<number> {
  for (let i = 0; ; i++) {
    const wished = 20_000 + ((process.pid * 31 + i * 7) % 10_000);
    if ((await freePort(wished)) === wished) return wished;
  }
}
