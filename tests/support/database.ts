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
 * A migrated database of its own: a clone of the template, or one that an earlier test left, emptied. A connection that is
 * still open at the end of the context fails the test: whatever opens one is closed through `after` of the answer.
 *
 * @param o version: which PostgreSQL (default: the one that the run is for); durable: fsync on, for tests that kill processes
 */
export async function freshDatabase(
  t: Context,
  o: { version?: Version; durable?: boolean } = {},
): Promise<TestDatabase> {
  const version = o.version ?? (process.env.ASSENSO_TEST_VERSION === "15" ? 15 : 18);
  const cluster = await clusterUrl(version, o.durable ?? false);
  const name = await fresh(cluster);
  const url = at(cluster, name);
  const [own, owner] = [
    openDatabase(url, { role: "assenso_app", name: "test", max: 20 }),
    openDatabase(url, { name: "test owner", max: 3 }),
  ];
  const closers: (() => unknown)[] = [own.close, owner.close];
  t.after(async () => {
    for (const close of closers.reverse()) await close();
    const left = await withClient(cluster, (client) => leftOpen(client, name));
    await (left.length === 0 && !o.durable ? leave(cluster, name) : drop(cluster, name));
    assert.deepEqual(left, [], "connections to the test's database are still open");
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
  if (given) return at(given, "postgres");
  const name = durable ? "hand-durable" : `hand-${version}`;
  const { url } = await startPostgres({
    home: join(import.meta.dirname, "../../.assenso"),
    use: "test",
    name,
    version: durable ? 18 : version,
    fsync: durable,
    connections: 400,
  });
  return at(url, "postgres");
}

const MIGRATIONS = join(import.meta.dirname, "../../db/migrations");

/** By cluster, what a clone was before a test had it. */
const clones = new Map<string, string>();

/** One that an earlier test emptied, of whichever file; else a clone. */
async function fresh(cluster: string): Promise<string> {
  const name = `t_${process.pid}_${randomBytes(5).toString("hex")}`;
  await withClient(cluster, async (client) => {
    const from = await template(client, cluster);
    const spare = await takeSpare(client, from);
    if (spare) await client.query(`alter database "${spare}" rename to "${name}"`);
    else await client.query(`create database "${name}" template "${from}" strategy wal_log`);
  });
  if (!clones.has(cluster)) clones.set(cluster, (await withClient(at(cluster, name), look)).shape);
  return name;
}

async function takeSpare(client: pg.Client, of: string): Promise<string | undefined> {
  const { rows } = await client.query<{ name: string }>(
    "delete from spares where name = (select name from spares where template = $1 limit 1 for update skip locked) returning name",
    [of],
  );
  return rows[0]?.name;
}

/**
 * Leaves a database to the next test; when more than rows was changed, it goes. Five hundred files made and deleted for each test kept ext4
 * searching for an inode that was not deleted in the last seconds: 0.4 s of CPU a clone, and half of what PostgreSQL cost a run.
 */
async function leave(cluster: string, name: string): Promise<void> {
  if (!(await emptied(cluster, name))) return drop(cluster, name);
  await withClient(cluster, async (client) => {
    await client.query("insert into spares (template, name) values ($1, $2)", [await template(client, cluster), name]);
  });
}

const drop = (cluster: string, name: string): Promise<void> =>
  withClient(cluster, async (client) => void (await client.query(`drop database if exists "${name}" with (force)`)));

/** Everything but rows of ours: the same in each clone of a template, other after any DDL, TRUNCATE or setting, and where the list of migrations was changed. */
const SHAPE = `select md5(string_agg(x, ' ' order by x)) from (
  select 'class ' || oid || ' ' || xmin as x from pg_class where oid >= 16384
  union all select 'trigger ' || oid || ' ' || xmin || tgenabled::text from pg_trigger
  union all select 'routine ' || oid || ' ' || xmin from pg_proc where oid >= 16384
  union all select 'rule ' || oid || ' ' || xmin from pg_constraint where oid >= 16384
  union all select 'migration ' || id || hash || created_at from drizzle.__drizzle_migrations
  union all select 'schema ' || oid || ' ' || xmin from pg_namespace
  union all select 'setting ' || setconfig::text from pg_db_role_setting where setdatabase <> 0
    and setdatabase = (select oid from pg_database where datname = current_database())) s`;
/** Bytes; a clone has 10.5 million. A table that grew stays large when it is emptied. */
const MOST = 14_000_000;
const EMPTY = `do $$ declare one regclass; begin
  set local session_replication_role = replica;
  for one in select oid from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'clock'
    loop execute format('delete from %s', one); end loop;
  update clock set offset_ms = 0;
  perform setval(oid::regclass, 1, false) from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace;
end $$`;

/** Makes a database what a clone of the template is: 10 ms, where a clone takes 200. @returns false when it cannot be made so */
function emptied(cluster: string, name: string): Promise<boolean> {
  return withClient(at(cluster, name), async (client) => {
    const [was, is] = [clones.get(cluster), await look(client)];
    if (was !== is.shape || is.size > MOST) return false;
    await client.query(EMPTY);
    return true;
  });
}

async function look(client: pg.Client): Promise<{ shape: string; size: number }> {
  const { rows } = await client.query<{ shape: string; size: string }>(
    `select (${SHAPE}) as shape, pg_database_size(current_database()) as size`,
  );
  return { shape: rows[0]?.shape ?? "", size: Number(rows[0]?.size) };
}

/** Name of the migrated template; made when it is missing, under a lock, and renamed when it is whole. Nobody connects to it after. */
async function template(client: pg.Client, cluster: string): Promise<string> {
  const hashes = readMigrationFiles({ migrationsFolder: MIGRATIONS }).map((one) => one.hash);
  const name = `template_${createHash("sha256").update(hashes.join()).digest("hex").slice(0, 16)}`;
  const has = async () =>
    (await client.query("select from pg_database where datname = $1 and to_regclass('spares') is not null", [name]))
      .rowCount === 1;
  if (await has()) return name;
  await client.query("select pg_advisory_lock(4, 0)");
  if (!(await has())) {
    await sweep(client);
    await client.query(
      "drop table if exists spares; create table spares (template text not null, name text primary key)",
    );
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

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function at(cluster: string, database: string): string {
  const url = new URL(cluster);
  url.pathname = `/${database}`;
  return url.href;
}
