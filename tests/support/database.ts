import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { readMigrationFiles } from "drizzle-orm/migrator";
import pg from "pg";
import { type Database, type Db, openDatabase } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { startPostgres } from "../../scripts/embedded/postgres.mjs";

export type Version = 15 | 18;

/** What a test file asks of its context: the `t` of a test, or `{ after }` of node:test for a whole file. */
type Context = { after(work: () => Promise<void>): void };

export type TestDatabase = {
  /** Address with the owner's rights. The program's role is taken by `openDatabase(url, { role: "assenso_app" })`, as web and worker do. */
  url: string;
  ownerUrl: string;
  version: Version;
  /** As web and worker see it: role assenso_app. */
  db: Db;
  pool: pg.Pool;
  /** As the owner: for what the program may not do (the clock, tampering). */
  owner: Database;
  /** Moves the database's clock by so many milliseconds, from where it is. */
  moveClock(ms: number): Promise<void>;
  /** To be closed before this database goes: hooks of a test run in the order in which they were given, these in the reverse one. */
  after(work: () => unknown): void;
};

/**
 * A migrated database of its own, cloned from a template (0.05 s), dropped when the context ends. A connection that is still open then
 * fails the test: whatever opens one is closed through `after` of the answer.
 *
 * @param o version: which PostgreSQL (default: the one that the run is for); durable: fsync on, for tests that kill processes
 */
export async function freshDatabase(
  t: Context,
  o: { version?: Version; durable?: boolean } = {},
): Promise<TestDatabase> {
  const version = o.version ?? (process.env.ASSENSO_TEST_VERSION === "15" ? 15 : 18);
  const cluster = await clusterUrl(version, o.durable ?? false);
  const name = `t_${process.pid}_${randomBytes(5).toString("hex")}`;
  await withClient(cluster, async (client) => clone(client, await template(client, cluster), name));
  const url = at(cluster, name);
  const [own, owner] = [
    openDatabase(url, { role: "assenso_app", name: "test", max: 20 }),
    openDatabase(url, { name: "test owner", max: 3 }),
  ];
  const closers: (() => unknown)[] = [own.close, owner.close];
  t.after(async () => {
    for (const close of closers.reverse()) await close();
    await withClient(cluster, async (client) => {
      const left = await leftOpen(client, name);
      await client.query(`drop database if exists "${name}" with (force)`);
      assert.deepEqual(left, [], "connections to the test's database are still open");
    });
  });
  return {
    ...{ url, ownerUrl: url, version, db: own.db, pool: own.pool, owner },
    moveClock: async (ms) => void (await owner.pool.query("update clock set offset_ms = offset_ms + $1", [ms])),
    after: (work) => void closers.push(work),
  };
}

/** The cluster that the run started; when a file is run by hand, one that stays in the background for the next. */
async function clusterUrl(version: Version, durable: boolean): Promise<string> {
  const given = process.env[`ASSENSO_TEST_POSTGRES_${durable ? "DURABLE" : version}`];
  if (given) return given;
  const name = durable ? "hand-durable" : `hand-${version}`;
  const { url } = await startPostgres({
    home: join(import.meta.dirname, "../../.assenso"),
    use: "test",
    name,
    version: durable ? 18 : version,
    fsync: durable,
    connections: 400,
  });
  return url;
}

const MIGRATIONS = join(import.meta.dirname, "../../db/migrations");

/** Name of the migrated template; made when it is missing, under a lock, and renamed when it is whole. Nobody connects to it after. */
async function template(client: pg.Client, cluster: string): Promise<string> {
  const hashes = readMigrationFiles({ migrationsFolder: MIGRATIONS }).map((one) => one.hash);
  const name = `template_${createHash("sha256").update(hashes.join()).digest("hex").slice(0, 16)}`;
  const has = async () => (await client.query("select from pg_database where datname = $1", [name])).rowCount === 1;
  if (await has()) return name;
  await client.query("select pg_advisory_lock(4, 0)");
  if (!(await has())) {
    await sweep(client);
    await client.query("create database template_draft");
    await migrate(at(cluster, "template_draft"));
    await client.query(`alter database template_draft rename to "${name}"`);
  }
  await client.query("select pg_advisory_unlock(4, 0)");
  return name;
}

/** Databases of runs that were killed, and templates of other migrations. */
async function sweep(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where (datname like 'template\\_%' or datname like 't\\_%')
     and not exists (select from pg_stat_activity a where a.datname = pg_database.datname)`,
  );
  for (const { name } of rows.filter(({ name }) => !name.startsWith("t_") || !alive(Number(name.split("_")[1])))) {
    await client.query(`drop database if exists "${name}" with (force)`);
  }
}

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function clone(client: pg.Client, from: string, name: string): Promise<void> {
  await client.query(`create database "${name}" template "${from}" strategy wal_log`);
}

/** Who is still connected after a second of patience: PostgreSQL notices an end a moment later than we. */
async function leftOpen(client: pg.Client, name: string): Promise<string[]> {
  for (let i = 0; ; i++) {
    const { rows } = await client.query<{ who: string }>(
      "select application_name || ': ' || left(query, 80) as who from pg_stat_activity where datname = $1",
      [name],
    );
    if (rows.length === 0 || i === 40) return rows.map((row) => row.who);
    await wait(25);
  }
}

async function withClient(cluster: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: at(cluster, "postgres") });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function at(cluster: string, database: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  return url.href;
}
