import { fileURLToPath } from "node:url";
import { readMigrationFiles } from "drizzle-orm/migrator";
import pg from "pg";

/** A schema that this code may not touch. `code` is contract, the message one sentence for the administrator. */
export class SchemaProblem extends Error {
  override readonly name = "SchemaProblem";
  readonly code: "DATABASE_NEWER" | "MIGRATION_CHANGED" | "JOURNAL_ORDER" | "POSTGRES_TOO_OLD" | "MIGRATION_BUSY";

  constructor(code: SchemaProblem["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** `applied`: how many migrations ran now. `total`: how many the schema has. `role`: whether assenso_app exists and may be taken. */
export type Migrated = { applied: number; total: number; role: boolean };

type Migration = { sql: string[]; hash: string; folderMillis: number };
type Applied = { hash: string; at: number };

const FOLDER = fileURLToPath(new URL("./migrations", import.meta.url));

/**
 * Brings a database to this code's schema: all pending migrations in one transaction, under an advisory lock so that several processes may
 * ask at once. drizzle's own migrator compares times alone and passes over what was merged late; here every hash is compared.
 *
 * @param ownerUrl address with the rights of the schema's owner, not through a transaction pooler
 * @throws SchemaProblem when the database is newer than the code, or was made by other migrations than these
 */
export async function migrate(ownerUrl: string, folder = FOLDER): Promise<Migrated> {
  const migrations: Migration[] = readMigrationFiles({ migrationsFolder: folder });
  requireGrowingTimes(migrations);
  const client = new pg.Client({ connectionString: ownerUrl, application_name: "assenso migrate" });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await requireVersion(client);
    await takeLock(client);
    const role = await makeRole(client);
    const done = await appliedIn(client);
    compare(migrations, done);
    const pending = migrations.slice(done.length);
    if (pending.length > 0) await apply(client, pending);
    return { applied: pending.length, total: migrations.length, role };
  } finally {
    await client.end();
  }
}

/**
 * How many of this code's migrations a database lacks; changes nothing.
 *
 * @throws SchemaProblem as `migrate` would
 */
export async function pendingMigrations(client: pg.Client, folder = FOLDER): Promise<number> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('drizzle.__drizzle_migrations') is not null as there",
  );
  const migrations: Migration[] = readMigrationFiles({ migrationsFolder: folder });
  const done = rows[0]?.there ? await readApplied(client) : [];
  compare(migrations, done);
  return migrations.length - done.length;
}

/** The journal's order is the order of time: a migration that was merged late must get a new time. */
function requireGrowingTimes(migrations: Migration[]): void {
  const late = migrations.findIndex((one, i) => i > 0 && one.folderMillis <= (migrations[i - 1]?.folderMillis ?? 0));
  if (late > 0)
    throw new SchemaProblem("JOURNAL_ORDER", `Migration ${late} of the journal is not later than the one before it.`);
}

async function requireVersion(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version_num') as version");
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major < 15)
    throw new SchemaProblem("POSTGRES_TOO_OLD", `Assenso needs PostgreSQL 15 or newer; this one is ${major}.`);
}

async function takeLock(client: pg.Client): Promise<void> {
  await client.query("set lock_timeout = '60s'");
  try {
    await client.query("select pg_advisory_lock(3, 0)");
  } catch (error) {
    if ((error as { code?: string }).code !== "55P03") throw error;
    throw new SchemaProblem(
      "MIGRATION_BUSY",
      "Another process has been migrating this database for a minute: wait for it, then start again.",
    );
  }
  // A statement that waits for a table holds up everybody behind it: better to fail, and be started again.
  await client.query("set lock_timeout = '10s'");
}

/** Web and worker take this role. Where the owner may not make roles, the triggers alone guard what is insert-only. */
async function makeRole(client: pg.Client): Promise<boolean> {
  try {
    const { rowCount } = await client.query("select from pg_roles where rolname = 'assenso_app'");
    if (rowCount === 0) await client.query("create role assenso_app nologin");
    await client.query("grant assenso_app to current_user");
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    // Another database of the same cluster made it a moment ago.
    if (code === "42710" || code === "23505") return makeRole(client);
    if (code !== "42501" && code !== "0LP01") throw error;
    const { rows } = await client.query<{ may: boolean | null }>(
      "select pg_has_role(current_user, (select oid from pg_roles where rolname = 'assenso_app'), 'member') as may",
    );
    return rows[0]?.may ?? false;
  }
}

async function appliedIn(client: pg.Client): Promise<Applied[]> {
  await client.query("create schema if not exists drizzle");
  await client.query(
    "create table if not exists drizzle.__drizzle_migrations (id serial primary key, hash text not null, created_at bigint)",
  );
  return readApplied(client);
}

async function readApplied(client: pg.Client): Promise<Applied[]> {
  const { rows } = await client.query<{ hash: string; created_at: string }>(
    "select hash, created_at from drizzle.__drizzle_migrations order by created_at, id",
  );
  return rows.map((row) => ({ hash: row.hash, at: Number(row.created_at) }));
}

function compare(migrations: Migration[], done: Applied[]): void {
  const newest = migrations.at(-1)?.folderMillis ?? 0;
  for (const [i, { hash, at }] of done.entries()) {
    if (migrations[i]?.hash === hash) continue;
    if (at > newest)
      throw new SchemaProblem(
        "DATABASE_NEWER",
        "The database is newer than this version of Assenso: install the newer version again, or restore a backup of before.",
      );
    throw new SchemaProblem(
      "MIGRATION_CHANGED",
      `Migration ${i} of this database differs from the one in this version of Assenso: the database was made by another one.`,
    );
  }
}

async function apply(client: pg.Client, pending: Migration[]): Promise<void> {
  await client.query("begin");
  try {
    for (const { sql, hash, folderMillis } of pending) {
      for (const statement of sql) await client.query(statement);
      await client.query("insert into drizzle.__drizzle_migrations (hash, created_at) values ($1, $2)", [
        hash,
        folderMillis,
      ]);
    }
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    throw error;
  }
}
