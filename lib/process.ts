import { randomBytes as draw } from "node:crypto";
import { lookup } from "node:dns/promises";
import { join } from "node:path";
import pg from "pg";
import { type Database, openDatabase } from "../db/client.ts";
import { installation, starts } from "../db/schema/installation.ts";
import { requireThisSchema } from "../db/schema-version.ts";
import { appNow } from "./clock.ts";
import type { Config } from "./config.ts";
import { loadKeyRing } from "./crypto/keys.ts";
import { inStock } from "./crypto/random.ts";
import { uuidSource } from "./crypto/uuid.ts";
import { claimEpoch } from "./delivery/owner.ts";
import { openJournal } from "./journal/journal.ts";
import { markApplied } from "./journal/marks.ts";
import { openLog } from "./log.ts";
import { openDns } from "./servers/dns.ts";
import type { Services } from "./services.ts";

/** The version that a start is recorded under. */
export const VERSION = "0.1.0";
const APP_ROLE = "assenso_app";

export type RunningProcess = { s: Services; database: Database; role?: string; close(): Promise<void> };

/**
 * Opens the world of a process: pool, keys, journal, log; records its start, and claims an epoch before the journal's first line, so that another
 * process tells by PostgreSQL alone whether this writer lives (formats.md §4). A lost epoch is claimed again as soon as PostgreSQL answers.
 * @param now this machine's clock, for ids and journal lines: both must work while the database does not
 * @throws what the database throws, ConfigFaults and key ring errors as they are
 */
export async function openProcess(
  config: Config,
  kind: "web" | "worker" | "cli",
  now: () => Date,
): Promise<RunningProcess> {
  const log = openLog(config.LOG_LEVEL, kind);
  const keys = loadKeyRing({ file: join(config.ASSENSO_HOME, "keys.json"), json: config.ASSENSO_KEYS });
  const randomBytes = inStock(draw);
  const randomId = uuidSource({ now, randomBytes });
  const boot = randomId();
  const role = await appRole(config);
  const database = openDatabase(config.DATABASE_URL, {
    max: kind === "cli" ? 2 : 12,
    name: `assenso ${kind}`,
    onError: (error) => log.warn("database.connection", { code: (error as { code?: string }).code ?? "unknown" }),
    ...(role ? { role } : {}),
  });
  const journal = openJournal({ folder: join(config.ASSENSO_HOME, "journal"), keys, writer: boot, now });
  const resolve = async (host: string) => (await lookup(host, { all: true })).map((found) => found.address);
  const s: Services = { db: database.db, keys, journal, config, log, randomBytes, randomId, resolve, dns: openDns() };
  const epoch = await keepEpoch(s, { boot, kind, ...(role ? { role } : {}) });
  await sayStarted(s, boot);
  const close = async () => {
    await epoch.end();
    await journal.close();
    await database.close();
  };
  return { s, database, close, ...(role ? { role } : {}) };
}

/**
 * Whether web and worker may work as the role without UPDATE and DELETE on what is insert-only. A pooler carries no role: the triggers guard alone.
 * @throws for a database whose schema is another version's
 */
async function appRole(config: Config): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: config.DATABASE_DIRECT_URL });
  client.on("error", () => undefined);
  await client.connect();
  try {
    await requireThisSchema(client);
    if (config.DATABASE_URL !== config.DATABASE_DIRECT_URL) return undefined;
    const { rowCount } = await client.query(
      "select from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'MEMBER')",
      [APP_ROLE],
    );
    return rowCount ? APP_ROLE : undefined;
  } finally {
    await client.end();
  }
}

async function keepEpoch(
  s: Services,
  o: { boot: string; kind: string; role?: string },
): Promise<{ end(): Promise<void> }> {
  const claim = () => claimEpoch({ ...o, directUrl: s.config.DATABASE_DIRECT_URL, log: s.log });
  let owner = await claim();
  let ended = false;
  const again = async (): Promise<void> => {
    await owner.whenLost;
    while (!ended) {
      try {
        owner = await claim();
        return again();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 1000).unref());
      }
    }
  };
  void again();
  return {
    end: () => {
      ended = true;
      return owner.end();
    },
  };
}

/** The row of `starts` first, then the journal's line, then its mark (formats.md §4, `started`). */
async function sayStarted(s: Services, boot: string): Promise<void> {
  const url = s.config.PUBLIC_URL;
  await s.db.insert(starts).values({ boot, at: await appNow(s.db), url, version: VERSION });
  const { rows } = await s.db.execute<{ id: string; timeline: number }>(
    `select system_identifier::text as id, (select timeline_id from pg_control_checkpoint()) as timeline from pg_control_system()`,
  );
  const cluster = `${rows[0]?.id ?? "unknown"}/${rows[0]?.timeline ?? 0}`;
  const n = await s.journal.write({ kind: "started", boot, url, version: VERSION, cluster });
  await markApplied(s.db, { writer: boot, n });
}

/** The row that says whose database this is; made at the first start. */
export async function ensureInstallation(s: Services): Promise<void> {
  await s.db
    .insert(installation)
    .values({ id: s.keys.installation, url: s.config.PUBLIC_URL, createdAt: await appNow(s.db) })
    .onConflictDoNothing();
}
