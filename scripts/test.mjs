import { readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { ensureBuilt } from "./parts/build.mjs";
import { installPackages, packagesDue } from "./parts/packages.mjs";
import { Problem } from "./parts/problem.mjs";
import { program } from "./parts/programs.mjs";
import { PROJECT } from "./parts/settings.mjs";
import { step } from "./parts/steps.mjs";
import { inGroups, KINDS, runsOn, testFiles } from "./parts/test-files.mjs";
import { runGroup } from "./parts/test-process.mjs";

/**
 * `npm test`: sets up what the tests need and runs them, all, the kinds or the files that are named; with `--long` every repetition.
 * The last line is `N passed, N failed`.
 */
/** @typedef {import("./embedded/postgres.mjs").Cluster} Cluster */

const sums = { passed: 0, failed: 0 };
/** @type {Record<string, { passed: number, failed: number, seconds: number }>} */
const byKind = {};
const VERSIONS = /** @type {const} */ ([18, 15]);
/** So many files at once: a third fills the time in which two of them wait for a mail or a page. */
const PARALLEL = Math.min(Math.max(availableParallelism(), 3), 6);
const LONG = process.argv.includes("--long");
/** What a file may take, in milliseconds. */
const TIMEOUT = LONG ? 3_000_000 : 400_000;
/** The tests as JavaScript. Beside the packages: there they are found. */
const BUILT = join(PROJECT, "node_modules/.cache", `assenso-tests-${process.pid}`);
/** @type {Cluster[]} */
const clusters = [];
const stopAsked = new AbortController();

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => stopAsked.abort());

const args = process.argv.slice(2);
const known = (/** @type {string} */ arg) =>
  KINDS.some((kind) => arg === kind || testFiles(PROJECT, kind).includes(arg));
const unknown = args.find((arg) => arg !== "--long" && !known(arg));
if (unknown) {
  console.error(
    `There is no kind of tests "${unknown}": ${KINDS.join(", ")}, a file like tests/db/engine.test.ts, or --long.`,
  );
  process.exit(2);
}
const isNamed = (/** @type {string} */ file, /** @type {typeof KINDS[number]} */ kind) =>
  args.includes(kind) || args.includes(file);
const named = KINDS.filter((kind) => testFiles(PROJECT, kind).some((file) => isNamed(file, kind)));
const kinds = named.length > 0 ? named : [...KINDS];

try {
  await setUp();
  if (!stopAsked.signal.aborted) await runAll();
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
  rmSync(BUILT, { recursive: true, force: true });
  for (const cluster of clusters) {
    await cluster.stop();
    rmSync(dirname(cluster.data), { recursive: true, force: true });
  }
  const [first] = clusters;
  if (first) await (await import("./embedded/postgres.mjs")).stopIdle(dirname(dirname(first.data)), /^hand-/);
}

/** All files of the kinds, database tests on both versions where they run there: PARALLEL processes at a time, whatever their kinds. */
async function runAll() {
  const versions = process.env.ASSENSO_TEST_POSTGRES_15 ? VERSIONS : [VERSIONS[0]];
  const due = kinds.flatMap((kind) =>
    (kind === "db" ? versions : [VERSIONS[0]]).flatMap((version) =>
      testFiles(PROJECT, kind)
        .filter((file) => named.length === 0 || isNamed(file, kind))
        .filter((file) => runsOn(file, version, LONG || named.includes("db")))
        .map((file) => ({ file, kind, version })),
    ),
  );
  const groups = inGroups(due, LONG);
  // Packages are there only now.
  const { buildTests } = await import("./parts/test-build.mjs");
  await buildTests(PROJECT, [...new Set(due.map(({ file }) => file))], BUILT);
  const work = async () => {
    for (let one = groups.shift(); one && !stopAsked.signal.aborted; one = groups.shift())
      await runGroup(one, { built: BUILT, timeout: TIMEOUT, long: LONG, signal: stopAsked.signal, heard: tellFile });
  };
  console.log();
  await Promise.all(Array.from({ length: PARALLEL }, work));
  console.log();
  for (const [kind, { passed, failed, seconds }] of Object.entries(byKind))
    console.log(`  ${kind.padEnd(5)} ${seconds.toFixed(0).padStart(5)} s  ${passed} passed, ${failed} failed`);
}

/** Says how a file went: its seconds, and each failing test whole. @type {import("./parts/test-process.mjs").Heard} */
function tellFile({ file, kind, version }, { passed, faults, seconds, printed }) {
  const failed = faults.length;
  const lines = [
    `  ${failed === 0 ? "ok    " : "FAILED"} ${seconds.toFixed(1).padStart(6)} s  ${file}${kind === "db" ? ` on ${version}` : ""}  (${passed}${failed ? `, ${failed} failed` : ""})`,
  ];
  for (const fault of faults) lines.push("", `  ✖ ${fault}`, "");
  if (failed > 0 && printed.trim())
    lines.push("  what it printed:", printed.trim().split("\n").slice(-80).join("\n").replace(/^/gm, "    "), "");
  console.log(lines.join("\n"));
  byKind[kind] ??= { passed: 0, failed: 0, seconds: 0 };
  for (const sum of [sums, byKind[kind]]) {
    sum.passed += passed;
    sum.failed += failed;
  }
  byKind[kind].seconds += seconds;
}
