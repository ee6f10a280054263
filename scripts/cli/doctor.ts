import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Redis } from "ioredis";
import type pg from "pg";
import { pendingMigrations } from "../../db/migrate.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import { loadKeyRing } from "../../lib/crypto/keys.ts";
import { explainConnection, isPooled, POOLER, withConnection } from "./connection.ts";
import { installationOf } from "./installation.ts";
import type { Answer } from "./main.ts";
import { NO_ROLE } from "./migrate.ts";

/** One look: what was found, and for what is wrong, what to do about it. `todo` on something that is ok is advice. */
export type Finding = { name: string; ok: boolean; found: string; todo?: string };

/** `assenso doctor`: looks at everything that a start needs, in one pass, and changes nothing. */
export async function doctor(): Promise<Answer> {
  const config = readConfig();
  const findings = [
    node(),
    ...disk(config),
    await port(config),
    ...(await database(config)),
    ...(await redis(config)),
    keyFile(config),
    journal(config),
  ];
  const wrong = findings.filter((one) => !one.ok).length;
  const lines = findings.flatMap(({ name, ok, found, todo }) => [
    `  ${ok ? "ok   " : "WRONG"}  ${name.padEnd(10)} ${found}`,
    ...(todo ? [`         ${" ".repeat(10)} → ${todo}`] : []),
  ]);
  return {
    lines: [...lines, "", wrong === 0 ? "Everything is in order." : `${wrong} to put right.`],
    data: { findings },
    ok: wrong === 0,
  };
}

function node(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const ok = major > 20 || (major === 20 && minor >= 19);
  return { name: "Node", ok, found: process.versions.node, ...(ok ? {} : { todo: "Install Node 20.19 or newer." }) };
}

function disk(config: Config): Finding[] {
  if (!existsSync(config.ASSENSO_HOME)) return [];
  const { bavail, bsize } = statfsSync(config.ASSENSO_HOME);
  const free = Math.floor((bavail * bsize) / 1e6);
  const ok = free >= 100;
  const todo = ok
    ? free < 1000
      ? { todo: "Free some space soon." }
      : {}
    : { todo: `Free some space for ${config.ASSENSO_HOME}.` };
  return [{ name: "disk", ok, found: `${free} MB free for ${config.ASSENSO_HOME}`, ...todo }];
}

/** Taken by Assenso itself is as it should be: its web process answers on /healthz. */
async function port(config: Config): Promise<Finding> {
  const code = await new Promise<string | undefined>((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(config.PORT, () => server.close(() => resolve(undefined)));
  });
  const name = "port";
  if (!code) return { name, ok: true, found: `${config.PORT} is free` };
  const alive = await fetch(`http://127.0.0.1:${config.PORT}/healthz`, { signal: AbortSignal.timeout(3000) }).then(
    async (answer) => (await answer.text()) === "200: alive\n",
    () => false,
  );
  if (alive) return { name, ok: true, found: `Assenso answers on ${config.PORT}` };
  return {
    name,
    ok: false,
    found: `${config.PORT} is taken (${code})`,
    todo: "Stop the other program, or choose another port with PORT.",
  };
}

async function database(config: Config): Promise<Finding[]> {
  const [url, direct] = [config.DATABASE_URL, config.DATABASE_DIRECT_URL];
  try {
    if (await isPooled(direct)) return [{ name: "database", ok: false, found: "a pooler in the way", todo: POOLER }];
    if (url !== direct) await withConnection(url, (client) => client.query("select 1"));
    return await withConnection(direct, async (client) => [
      await version(client),
      ...(await schema(client, config)),
      await clock(client),
    ]);
  } catch (error) {
    const todo =
      explainConnection(error, direct, url === direct ? "DATABASE_URL" : "DATABASE_DIRECT_URL") ??
      (error as Error).message;
    return [{ name: "database", ok: false, found: "cannot be used", todo }];
  }
}

async function version(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ version: string }>("select current_setting('server_version') as version");
  const found = rows[0]?.version ?? "";
  const ok = Number.parseInt(found, 10) >= 15;
  return { name: "database", ok, found: `PostgreSQL ${found}`, ...(ok ? {} : { todo: "Use PostgreSQL 15 or newer." }) };
}

async function schema(client: pg.Client, config: Config): Promise<Finding[]> {
  const { rows } = await client.query<{ there: boolean; member: boolean | null }>(
    `select to_regclass('public.installation') is not null as there,
      pg_has_role(current_user, (select oid from pg_roles where rolname = 'assenso_app'), 'member') as member`,
  );
  if (!rows[0]?.there) return [{ name: "schema", ok: true, found: "empty; the next start makes it" }];
  const member = rows[0].member ?? false;
  // Without the role the triggers still refuse every change: it works, with one guard less.
  const role: Finding = {
    name: "role",
    ok: true,
    found: member ? "assenso_app" : "no assenso_app",
    ...(member ? {} : { todo: NO_ROLE }),
  };
  return [role, await migrations(client), await owner(client, config)];
}

async function migrations(client: pg.Client): Promise<Finding> {
  const name = "schema";
  try {
    const pending = await pendingMigrations(client);
    return {
      name,
      ok: true,
      found: pending === 0 ? "up to date" : `${pending} changes behind; the next start applies them`,
    };
  } catch (error) {
    return { name, ok: false, found: "not of this version", todo: (error as Error).message };
  }
}

async function owner(client: pg.Client, config: Config): Promise<Finding> {
  const name = "data";
  const [theirs, keys] = [await installationOf(client), ringOf(config)];
  if (theirs && keys && theirs !== keys.installation) {
    const todo = "The keys are another installation's: give this database its own keys.json.";
    return { name, ok: false, found: `of installation ${theirs}`, todo };
  }
  return { name, ok: true, found: theirs ? `of installation ${theirs}` : "belongs to nobody yet" };
}

async function clock(client: pg.Client): Promise<Finding> {
  const { rows } = await client.query<{ now: Date }>("select clock_timestamp() as now");
  const apart = Math.round(((rows[0]?.now.getTime() ?? 0) - Date.now()) / 1000);
  const ok = Math.abs(apart) < 60;
  const todo = "Let both machines take their time from NTP: signatures and links carry it.";
  return {
    name: "clock",
    ok,
    found: `database and this machine are ${Math.abs(apart)} s apart`,
    ...(ok ? {} : { todo }),
  };
}

async function redis(config: Config): Promise<Finding[]> {
  const url = config.REDIS_URL;
  if (!url) return [];
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 5000,
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    const [, policy] = (await client.config("GET", "maxmemory-policy").catch(() => [])) as string[];
    const wrong = policy !== undefined && policy !== "noeviction";
    const todo =
      "Set maxmemory-policy noeviction: Redis must not drop jobs (nothing is lost if it does, but mail is late).";
    return [{ name: "Redis", ok: true, found: "answers", ...(wrong ? { todo } : {}) }];
  } catch (error) {
    const todo = `REDIS_URL: put the address or the password right, or leave REDIS_URL out: queues then live in PostgreSQL.`;
    return [{ name: "Redis", ok: false, found: (error as Error).message, todo }];
  } finally {
    client.disconnect();
  }
}

function ringOf(config: Config) {
  try {
    return loadKeyRing({ file: join(config.ASSENSO_HOME, "keys.json"), json: config.ASSENSO_KEYS });
  } catch {
    return undefined;
  }
}

function keyFile(config: Config): Finding {
  const name = "keys";
  const file = join(config.ASSENSO_HOME, "keys.json");
  if (config.ASSENSO_KEYS === undefined && !existsSync(file))
    return { name, ok: true, found: "none yet; the first start makes them" };
  try {
    const ring = loadKeyRing({ file, json: config.ASSENSO_KEYS });
    const open = config.ASSENSO_KEYS === undefined && (statSync(file).mode & 0o077) !== 0;
    const found = `${ring.kids().length} of installation ${ring.installation}`;
    return open
      ? { name, ok: false, found: `${found}, readable by others`, todo: `chmod 600 ${file}` }
      : { name, ok: true, found };
  } catch (error) {
    return { name, ok: false, found: (error as Error).message, todo: `Bring ${file} back from your backup.` };
  }
}

function journal(config: Config): Finding {
  const [name, folder] = ["journal", join(config.ASSENSO_HOME, "journal")];
  if (!existsSync(folder)) return { name, ok: true, found: "none yet; the first start makes it" };
  try {
    accessSync(folder, constants.W_OK | constants.R_OK | constants.X_OK);
    return { name, ok: true, found: folder };
  } catch {
    return {
      name,
      ok: false,
      found: `${folder} cannot be written`,
      todo: "Give it to the user who runs Assenso: without it nobody can leave.",
    };
  }
}
