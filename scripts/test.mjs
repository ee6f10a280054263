import { fork } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureBuilt } from "./parts/build.mjs";
import { installPackages, packagesDue } from "./parts/packages.mjs";
import { Problem } from "./parts/problem.mjs";
import { program } from "./parts/programs.mjs";
import { PROJECT } from "./parts/settings.mjs";
import { step } from "./parts/steps.mjs";
import { KINDS, testFiles } from "./parts/test-files.mjs";

/**
 * `npm test`: sets up what the tests need and runs them, all or the kinds that are named; with `--long` every repetition.
 * The last line is `N passed, N failed`.
 */
/** @typedef {import("./embedded/postgres.mjs").Cluster} Cluster */

const sums = { passed: 0, failed: 0 };
/** @type {Cluster[]} */
const clusters = [];
const stopAsked = new AbortController();

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => stopAsked.abort());

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg !== "--long" && !KINDS.includes(/** @type {never} */ (arg)));
if (unknown) {
  console.error(`There is no kind of tests "${unknown}": ${KINDS.join(", ")}, or --long.`);
  process.exit(2);
}
const named = KINDS.filter((kind) => args.includes(kind));
const kinds = named.length > 0 ? named : [...KINDS];

try {
  await setUp();
  for (const kind of kinds) if (!stopAsked.signal.aborted) await runKind(kind);
} catch (error) {
  sums.failed++;
  console.error(error instanceof Problem ? error.message : /** @type {Error} */ (error).stack);
} finally {
  await tearDown();
}
if (stopAsked.signal.aborted) sums.failed++;
process.exitCode = sums.failed > 0 || sums.passed === 0 ? 1 : 0;
console.log(`\n${sums.passed} passed, ${sums.failed} failed`);

async function setUp() {
  await step("packages", packages);
  if (kinds.some((kind) => kind !== "arch" && kind !== "unit")) await step("databases", databases);
  if (kinds.some((kind) => kind === "db" || kind === "proof"))
    await step("redis", () => [tell(() => program("redis"))]);
  if (kinds.includes("e2e")) await step("chromium", () => [tell(() => program("chromium"))]);
  if (kinds.some((kind) => kind === "http" || kind === "e2e" || kind === "proof")) await step("build", pages);
}

/** @returns {Promise<[undefined, string]>} */
async function packages() {
  if (!packagesDue(PROJECT, { dev: true })) return [undefined, "up to date"];
  await installPackages(PROJECT, stopAsked.signal);
  return [undefined, "installed"];
}

/** @returns {Promise<[undefined, string]>} */
async function pages() {
  return [undefined, (await ensureBuilt(PROJECT, { signal: stopAsked.signal })) ? "built" : "up to date"];
}

/** What is missing is said now; the tests that need it fail one by one. */
function tell(/** @type {() => unknown} */ look) {
  try {
    look();
  } catch (error) {
    console.error(`\n${/** @type {Error} */ (error).message}`);
  }
}

/**
 * Clusters of this run alone: 18, and 15 for the database tests; one with fsync for tests that kill processes.
 *
 * @returns {Promise<[undefined, string]>}
 */
async function databases() {
  const { startPostgres, stopPostgres } = await import("./embedded/postgres.mjs");
  const start = async (/** @type {15 | 18} */ version, /** @type {boolean} */ fsync) => {
    const name = `run-${process.pid}-${version}${fsync ? "-durable" : ""}`;
    const cluster = await startPostgres({
      home: join(PROJECT, ".assenso"),
      use: "test",
      name,
      version,
      fsync,
      connections: 400,
    });
    clusters.push(cluster);
    process.env[`ASSENSO_TEST_POSTGRES_${fsync ? "DURABLE" : version}`] = cluster.url;
    return cluster;
  };
  const { data } = await start(18, false);
  await start(18, true);
  const words = ["PostgreSQL 18"];
  if (kinds.includes("db")) {
    await start(15, false).then(
      () => words.push("15"),
      (error) => {
        sums.failed++;
        console.error(`\n${error.message}`);
      },
    );
  }
  await removeKilled(dirname(dirname(data)), stopPostgres);
  return [undefined, words.join(" and ")];
}

/** Clusters of runs that were killed. */
async function removeKilled(/** @type {string} */ folder, /** @type {(data: string) => Promise<void>} */ stopPostgres) {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^run-(\d+)-/.exec(name)?.[1]);
    if (!pid || pid === process.pid || alive(pid)) continue;
    await stopPostgres(join(folder, name, "data"));
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function alive(/** @type {number} */ pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function tearDown() {
  for (const cluster of clusters) {
    await cluster.stop();
    rmSync(dirname(cluster.data), { recursive: true, force: true });
  }
  const [first] = clusters;
  if (first) await (await import("./embedded/postgres.mjs")).stopIdle(dirname(dirname(first.data)), /^hand-/);
}

async function runKind(/** @type {import("./parts/test-files.mjs").Kind} */ kind) {
  const files = testFiles(PROJECT, kind);
  if (files.length === 0) return;
  /** @type {(15 | 18)[]} */
  const versions = kind === "db" && process.env.ASSENSO_TEST_POSTGRES_15 ? [18, 15] : [18];
  for (const version of versions) {
    console.log(`\n${kind}${kind === "db" ? ` on PostgreSQL ${version}` : ""}`);
    const { passed, failed } = await runFiles(files, version);
    sums.passed += passed;
    sums.failed += failed;
  }
}

/** @returns {Promise<{ passed: number, failed: number }>} */
function runFiles(/** @type {string[]} */ files, /** @type {15 | 18} */ version) {
  return new Promise((resolve) => {
    const child = fork(join(PROJECT, "scripts/parts/test-run.mjs"), files, {
      cwd: PROJECT,
      execArgv: ["--import", "tsx"],
      env: {
        ...withoutSettings(),
        ASSENSO_TEST_VERSION: String(version),
        ...(args.includes("--long") ? { ASSENSO_TEST_LONG: "1" } : {}),
      },
    });
    let result = { passed: 0, failed: 1 };
    child.on("message", (/** @type {typeof result} */ message) => (result = message));
    child.once("exit", () => resolve(result));
    stopAsked.signal.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  });
}

/** What is set for the program on this machine is none of the tests' business. */
function withoutSettings() {
  const names = [
    "PORT",
    "APP_URL",
    "PUBLIC_URL",
    "DATABASE_URL",
    "DATABASE_DIRECT_URL",
    "REDIS_URL",
    "TRUSTED_PROXIES",
    "LOG_LEVEL",
    "SOURCE_URL",
  ];
  const foreign = new Set(
    [...names, "ASSENSO_HOME", "ASSENSO_KEYS", "ASSENSO_SMTP_ALLOW", "ASSENSO_KIT"].flatMap((name) => [
      name,
      `${name}_FILE`,
    ]),
  );
  return Object.fromEntries(
    Object.entries({ ...process.env, NEXT_TELEMETRY_DISABLED: "1" }).filter(([name]) => !foreign.has(name)),
  );
}
