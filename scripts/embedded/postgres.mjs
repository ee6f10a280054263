import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { Problem, sentenceFor } from "../parts/problem.mjs";
import { requireSpace } from "../parts/run.mjs";
import { clusterAccount } from "./account.mjs";
import { binariesOf } from "./binaries.mjs";
import { locked } from "./lock.mjs";
import { clustersOf, read } from "./place.mjs";

/** @typedef {{ url: string, pid: number, port: number, data: string, version: number, reused: boolean, stop(): Promise<void> }} Cluster */
/** @typedef {{ name: string, uid: number, gid: number }} Account */
/** @typedef {{ folder: string, data: string, bin: string, account: Account | undefined, version: 15 | 18, fsync: boolean, connections: number }} Plan */

/** What a test may lose with the machine: nothing that it needs. */
const CARELESS = ["-c", "fsync=off", "-c", "full_page_writes=off"];

/**
 * Starts a private PostgreSQL on 127.0.0.1 and waits until it answers; makes it when it is not there yet, and takes over one that runs
 * already because its former owner was killed. Its address, with a generated password, also stands in the file `url` of its folder (mode 0600).
 *
 * @param {{ home: string, use?: "pg" | "test", name?: string, version?: 15 | 18, fsync?: boolean, connections?: number }} o
 *   home: data folder; name: of the cluster among those of its use; fsync: true but for tests
 * @returns {Promise<Cluster>}
 * @throws {Problem} full disk, no permission, no binaries: one sentence
 */
export async function startPostgres(o) {
  const { use = "pg", name = "cluster", version = 18, fsync = true, connections = 100 } = o;
  const account = clusterAccount();
  mkdirSync(o.home, { recursive: true, mode: 0o700 });
  const clusters = clustersOf(realpathSync(o.home), use, Boolean(account));
  const bin = binariesOf(version, clusters, Boolean(account));
  const folder = join(clusters, name);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (use === "pg") requireSpace(folder, 100);
  const plan = { folder, data: join(folder, "data"), bin, account, version, fsync, connections };
  try {
    return await locked(join(folder, "lock"), () => startOrTakeOver(plan));
  } catch (error) {
    const sentence = error instanceof Problem ? undefined : sentenceFor(error, folder);
    throw sentence ? new Problem(sentence) : error;
  }
}

async function startOrTakeOver(/** @type {Plan} */ plan) {
  if (!existsSync(join(plan.data, "PG_VERSION"))) initialize(plan);
  const live = livePostmaster(plan.data);
  if (live) return ready(plan, { ...live, reused: true, failed: () => undefined });
  const port = await samePort(Number(read(join(plan.folder, "port"))));
  return launch(plan, port, Date.now() + 10_000);
}

/** Into a draft folder and renamed, so that a start that was killed in between leaves nothing half made. */
function initialize(/** @type {Plan} */ { folder, data, bin, account, fsync, version }) {
  const draft = join(folder, "data.draft");
  const password = randomBytes(24).toString("base64url");
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(join(folder, "password"), password, { mode: 0o600 });
  // The cluster's user cannot read ours; its own copy lasts as long as initdb.
  const file = join(folder, "password.once");
  writeFileSync(file, password, { mode: 0o600 });
  if (account) for (const path of [draft, file]) chownSync(path, account.uid, account.gid);
  // The builtin provider needs no locale of the system and sorts alike everywhere; PostgreSQL 15 has not got it yet.
  const locale = version >= 17 ? ["--locale-provider=builtin", "--locale=C.UTF-8"] : ["--locale=C.UTF-8"];
  const { status, stderr } = spawnSync(
    join(bin, "initdb"),
    [
      "-D",
      draft,
      "-U",
      "assenso",
      "-A",
      "scram-sha-256",
      "--pwfile",
      file,
      "-E",
      "UTF8",
      ...locale,
      ...(fsync ? [] : ["--no-sync"]),
    ],
    { ...as(account, folder), encoding: "utf8" },
  );
  rmSync(file, { force: true });
  if (status !== 0) throw new Error(`initdb: ${stderr}`);
  renameSync(draft, data);
}

/** @returns {{ uid?: number, gid?: number, cwd: string, env: Record<string, string> }} how the cluster's user runs a program */
function as(/** @type {Account | undefined} */ account, /** @type {string} */ cwd) {
  const env = { PATH: process.env.PATH ?? "", LANG: "C.UTF-8", HOME: cwd };
  return account ? { uid: account.uid, gid: account.gid, cwd, env } : { cwd, env };
}

/**
 * @param {Plan} plan
 * @param {number} port
 * @param {number} until epoch ms: after a `kill -9` the old processes need a moment to go, and a start in between is refused
 * @returns {Promise<Cluster>}
 */
async function launch(plan, port, until) {
  const log = join(plan.folder, "log");
  if (existsSync(log) && statSync(log).size > 10_000_000) renameSync(log, `${log}.1`);
  const from = existsSync(log) ? statSync(log).size : 0;
  const fd = openSync(log, "a", 0o600);
  // Its own process group: Ctrl-C in the terminal reaches us alone, and the database is stopped last.
  const child = spawn(join(plan.bin, "postgres"), [...settings(plan), "-p", String(port)], {
    ...as(plan.account, plan.folder),
    stdio: ["ignore", fd, fd],
    detached: true,
  });
  let gone = false;
  child.once("error", () => (gone = true)).once("exit", () => (gone = true));
  child.unref();
  const failed = () => (gone ? readFileSync(log).subarray(from).toString() : undefined);
  try {
    return await ready(plan, { pid: child.pid ?? 0, port, reused: false, failed });
  } catch (error) {
    if (!/already exists|still in use|could not bind|Address already in use/.test(String(error)) || Date.now() > until)
      throw error;
    await wait(300);
    const live = livePostmaster(plan.data);
    if (live) return ready(plan, { ...live, reused: true, failed: () => undefined });
    return launch(plan, /bind|Address/.test(String(error)) ? await samePort(port) : port, until);
  }
}

function settings(/** @type {Plan} */ { data, fsync, connections }) {
  const given = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    `max_connections=${connections}`,
    "log_timezone=UTC",
    "timezone=UTC",
  ];
  return ["-D", data, ...given.flatMap((one) => ["-c", one]), ...(fsync ? [] : CARELESS)];
}

/**
 * Waits until the cluster answers, however long its recovery takes, and makes the database where it is missing.
 *
 * @param {Plan} plan
 * @param {{ pid: number, port: number, reused: boolean, failed(): string | undefined }} postmaster
 * @returns {Promise<Cluster>}
 */
async function ready(plan, { pid, port, reused, failed }) {
  const password = read(join(plan.folder, "password"));
  const url = (/** @type {string} */ database) => `postgres://assenso:${password}@127.0.0.1:${port}/${database}`;
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 250)) {
    const client = new pg.Client({ connectionString: url("postgres"), connectionTimeoutMillis: 5000 });
    client.on("error", () => undefined);
    try {
      await client.connect();
      const { rowCount } = await client.query("select from pg_database where datname = 'assenso'");
      if (rowCount === 0) await client.query("create database assenso").catch(already);
      break;
    } catch (error) {
      const { code } = /** @type {{ code?: string }} */ (error);
      const said = failed();
      if (said !== undefined)
        throw new Error(`PostgreSQL did not start: ${said.trim().split("\n").slice(-6).join("\n")}`);
      if (reused && !alive(pid)) throw new Error("PostgreSQL: lock file already exists, its process is gone");
      if (code !== "57P03" && code !== "ECONNREFUSED") throw error;
      await wait(pause);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
  writeFileSync(join(plan.folder, "port"), String(port));
  writeFileSync(join(plan.folder, "url"), url("assenso"), { mode: 0o600 });
  return {
    url: url("assenso"),
    pid,
    port,
    data: plan.data,
    version: plan.version,
    reused,
    stop: () => stopPostgres(plan.data),
  };
}

/** Two starts may ask for the database at once. */
function already(/** @type {{ code?: string }} */ error) {
  if (error.code !== "42P04" && error.code !== "23505") throw error;
}

/**
 * Stops the cluster of a data folder in order: SIGINT rolls back what is open, SIGTERM would wait for clients, SIGKILL leaves it to recover.
 *
 * @param {string} data
 */
export async function stopPostgres(data) {
  const live = livePostmaster(data);
  if (!live) return;
  for (const [signal, ms] of /** @type {const} */ ([
    ["SIGINT", 15_000],
    ["SIGQUIT", 5000],
    ["SIGKILL", 2000],
  ])) {
    if (!signalTo(live.pid, signal)) return;
    for (const until = Date.now() + ms; Date.now() < until; await wait(20)) if (!alive(live.pid)) return;
  }
}

/**
 * Stops clusters that nobody is connected to: those that tests run by hand have left in the background.
 *
 * @param {string} clusters folder of clusters
 * @param {RegExp} names
 */
export async function stopIdle(clusters, names) {
  for (const name of readdirSync(clusters).filter((name) => names.test(name))) {
    const [data, url] = [join(clusters, name, "data"), read(join(clusters, name, "url"))];
    if (!url || !livePostmaster(data)) continue;
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    client.on("error", () => undefined);
    const others = await client
      .connect()
      .then(() =>
        client.query("select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"),
      )
      .catch(() => undefined);
    await client.end().catch(() => undefined);
    if (others?.rowCount === 0) await stopPostgres(data);
  }
}

/**
 * The postmaster that serves this data folder now. A lock file whose process is none of ours (the machine was started again and the
 * number was given to somebody else, or the folder was copied from a running one) would stop a start for ever: it is removed.
 */
function livePostmaster(/** @type {string} */ data) {
  const file = join(data, "postmaster.pid");
  const [pid, folder, , port] = (read(file) ?? "").split("\n");
  if (!pid || !alive(Number(pid))) return undefined;
  if (folder === data && commandOf(Number(pid)).includes(data))
    return port ? { pid: Number(pid), port: Number(port) } : undefined;
  rmSync(file, { force: true });
  return undefined;
}

function commandOf(/** @type {number} */ pid) {
  return (
    read(`/proc/${pid}/cmdline`) ??
    spawnSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).stdout ??
    ""
  );
}

/** Whether the process lives. */
export function alive(/** @type {number} */ pid) {
  // A zombie (its parent has not asked for its end yet) answers signals; it is gone all the same.
  return signalTo(pid, 0) && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`) ?? "");
}

function signalTo(/** @type {number} */ pid, /** @type {NodeJS.Signals | 0} */ signal) {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return /** @type {{ code?: string }} */ (error).code === "EPERM";
  }
}

/** The port of last time: what held it may be what was killed a moment ago, and goes. Another one only when it is still taken after two seconds. */
async function samePort(/** @type {number} */ wished) {
  for (let i = 0; wished && i < 10; i++, await wait(200)) if ((await freePort(wished)) === wished) return wished;
  return freePort(0);
}

/** The wished port when it is free, so that what remembers the address still finds it; else any. */
export function freePort(/** @type {number} */ wished = 0) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", () =>
      wished ? freePort(0).then(resolve, reject) : reject(new Problem("No port is free on 127.0.0.1.")),
    );
    server.listen(wished || 0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });
}
