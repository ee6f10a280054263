import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { ensureBuilt } from "./parts/build.mjs";
import { Child } from "./parts/children.mjs";
import { command } from "./parts/command.mjs";
import { installPackages, packagesDue } from "./parts/packages.mjs";
import { Problem, sentenceFor } from "./parts/problem.mjs";
import { removeRun, requireFreePort, requireSole, requireSpace, writeRun } from "./parts/run.mjs";
import { dataFolder, PROJECT, setting, webPort } from "./parts/settings.mjs";
import { step } from "./parts/steps.mjs";

/** @typedef {import("./embedded/postgres.mjs").Cluster} Cluster */
/** @typedef {{ applied: number, total: number, address: string, setup?: string, mail: string }} Prepared */

const stopAsked = new AbortController();
/** What is to be stopped, the last first. @type {((ms: number) => Promise<unknown>)[]} */
const stops = [];
let running = false;
let askedAt = 0n;

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]))
  process.on(signal, () => void stop(signal));

if (process.env.npm_lifecycle_event) stopWithParent();

try {
  await start();
} catch (error) {
  const stopped = stopAsked.signal.aborted;
  const sentence = error instanceof Problem ? error.message : sentenceFor(error, PROJECT);
  if (!stopped) console.error(`\n${sentence ?? /** @type {Error} */ (error).stack}`);
  await stopAll(5000);
  process.exit(stopped ? 130 : 1);
}

async function start() {
  requireNode();
  const [home, port] = [dataFolder(), webPort()];
  mkdirSync(join(home, "logs"), { recursive: true, mode: 0o700 });
  requireSpace(home, 100);
  const killed = await requireSole(home);
  await requireFreePort(port, killed ? 5000 : 0);
  writeRun(home, { pid: process.pid, address: `http://localhost:${port}`, children: [] });
  stops.push(async () => removeRun(home));
  console.log("Assenso");
  await nextStep("packages", packages);
  await nextStep("build", pages);
  const database = await nextStep("database", () => openDatabase(home));
  const env = environment(home, database);
  const prepared = await nextStep("schema", () => prepare(env));
  const children = await runAll(home, env, prepared.address);
  if (database) await watchDatabase(home, database, env, children);
  running = true;
  sayWhere(home, prepared);
}

/** A step, after which the start goes on unless it was asked to stop. @type {typeof step} */
async function nextStep(name, work) {
  const result = await step(name, work);
  if (stopAsked.signal.aborted) throw new Problem("Stopped.");
  return result;
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    throw new Problem(`Assenso needs Node 20.19 or newer; this is ${process.versions.node}.`);
}

/** @returns {Promise<[undefined, string]>} */
async function packages() {
  if (!packagesDue(PROJECT, { dev: false })) return [undefined, "up to date"];
  requireSpace(PROJECT, 1500);
  await installPackages(PROJECT, stopAsked.signal);
  return [undefined, "installed"];
}

/** @returns {Promise<[undefined, string]>} */
async function pages() {
  const built = await ensureBuilt(PROJECT, { before: () => requireSpace(PROJECT, 300), signal: stopAsked.signal });
  return [undefined, built ? "built" : "up to date"];
}

/** @returns {Promise<[Cluster | undefined, string]>} nothing when DATABASE_URL names one */
async function openDatabase(/** @type {string} */ home) {
  if (setting("DATABASE_URL")) return [undefined, "given by DATABASE_URL"];
  const { startPostgres } = await import("./embedded/postgres.mjs");
  const cluster = await startPostgres({ home });
  stops.push(() => cluster.stop());
  return [cluster, cluster.reused ? "PostgreSQL, taken over as it ran" : "PostgreSQL"];
}

/** What web, worker and command line see. */
function environment(/** @type {string} */ home, /** @type {Cluster | undefined} */ database) {
  const embedded = database ? { DATABASE_URL: database.url, DATABASE_URL_FILE: undefined } : {};
  return {
    ...process.env,
    ...embedded,
    ASSENSO_HOME: home,
    ASSENSO_HOME_FILE: undefined,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
}

/** @returns {Promise<[Prepared, string]>} */
async function prepare(/** @type {Record<string, string | undefined>} */ env) {
  const args = ["--enable-source-maps", "dist/assenso.mjs", "prepare", "--json"];
  const { code, said } = await command(process.execPath, args, { cwd: PROJECT, env, signal: stopAsked.signal });
  const answer = said.trim().split("\n").at(-1) ?? "";
  if (code !== 0) throw new Problem(/^\{"error"/.test(answer) ? JSON.parse(answer).error : said.trim());
  /** @type {Prepared} */
  const prepared = JSON.parse(answer);
  return [prepared, prepared.applied > 0 ? `${prepared.applied} of ${prepared.total} changes applied` : "up to date"];
}

async function runAll(
  /** @type {string} */ home,
  /** @type {Record<string, string | undefined>} */ env,
  /** @type {string} */ address,
) {
  /** @type {Child[]} */
  const children = [];
  const changed = () =>
    writeRun(home, { pid: process.pid, address, children: children.flatMap((child) => child.pid ?? []) });
  for (const name of ["web", "worker"])
    children.push(new Child(name, { project: PROJECT, home, env, say: console.error, changed }));
  stops.push((ms) => Promise.all(children.map((child) => child.stop(ms))));
  for (const child of children) await nextStep(child.name, async () => [await child.start()]);
  return children;
}

/**
 * A database that was killed is started again: at the same address, so that web and worker find it; should somebody else have taken its port
 * meanwhile, they are told the new one.
 *
 * @param {string} home
 * @param {Cluster} first
 * @param {Record<string, string | undefined>} env
 * @param {Child[]} children
 */
async function watchDatabase(home, first, env, children) {
  const { alive, startPostgres } = await import("./embedded/postgres.mjs");
  let [cluster, starting] = [first, false];
  const look = async () => {
    if (starting || alive(cluster.pid)) return;
    starting = true;
    const next = await startPostgres({ home }).catch((error) => void console.error(error.message));
    starting = false;
    if (!next) return;
    console.error("PostgreSQL had ended; it was started again.");
    if (next.url !== cluster.url) {
      env.DATABASE_URL = next.url;
      for (const child of children) child.restart();
    }
    cluster = next;
  };
  const timer = setInterval(() => void look(), 1000);
  stops.push(async () => clearInterval(timer));
}

function sayWhere(/** @type {string} */ home, /** @type {Prepared} */ { address, setup, mail }) {
  console.log(`\nAssenso runs at ${address}`);
  if (setup) console.log(`Set it up here, once: ${setup}`);
  console.log(`Mail: ${mail}`);
  console.log(`Data and logs: ${home}. Stop with Ctrl-C.`);
}

/**
 * The first signal stops everything in order. npm hands on the Ctrl-C that we also get ourselves, so another within a second is the same;
 * a later one does not wait any more.
 */
async function stop(/** @type {string} */ because) {
  const now = process.hrtime.bigint();
  if (askedAt === 0n) {
    askedAt = now;
    console.log(`\nStopping (${because})`);
    stopAsked.abort();
    // Before it runs, the step at hand is the last one, and what it started is stopped where start() is awaited.
    if (!running) return;
    await stopAll(10_000);
    process.exit(0);
  } else if (now - askedAt > 1_000_000_000n) {
    await stopAll(0);
    process.exit(1);
  }
}

/** npm that was killed cannot hand on a signal: who loses it as a parent stops as if asked. */
function stopWithParent() {
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && void stop("npm has ended"), 500).unref();
}

async function stopAll(/** @type {number} */ ms) {
  for (const one of stops.splice(0).reverse())
    await one(ms).catch((/** @type {Error} */ error) => console.error(error.message));
}
