import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * The kinds of tests, in the order in which they begin: what fails at once, then the files that take minutes, so that none of these is left
 * alone at the end, then the many short ones.
 */
export const KINDS = /** @type {const} */ (["arch", "unit", "proof", "e2e", "smtp", "http", "rfc", "db"]);
/** @typedef {typeof KINDS[number]} Kind */
/** @typedef {{ file: string, kind: Kind, version: 15 | 18 }} Due */

/**
 * Database tests that PostgreSQL 15 sees in the long form and in `npm run test:db` only: those that repeat, wait or stop processes, and those of what the database
 * has little part in (who may, what a server answers, DNS, passwords), whose statements the others run as well.
 */
const LONG_ON_15 = new Set(
  [
    "approval audience-many brakes commands consent-races dkim dns domain-check domain-nightly",
    "engine-answers engine-faults engine-stops forecast-days jobs limits-lanes organizations-try-out quota routes",
    "sandbox sending servers services staff-notices tenancy users-passwords users-people users-sign-in",
  ].flatMap((line) => line.split(" ").map((name) => `tests/db/${name}.test.ts`)),
);

/** Whether a database test runs on a version. `whole`: every repetition. */
export function runsOn(/** @type {string} */ file, /** @type {15 | 18} */ version, /** @type {boolean} */ whole) {
  return version === 18 || whole || !LONG_ON_15.has(file);
}

/**
 * How many files share a process, one after the other: eight database files took 23 s of CPU apart and 12 together, most of it the reading of packages and code that
 * runs for the first time. Those that begin processes, browsers or servers of their own have one to themselves.
 */
const TOGETHER = /** @type {Partial<Record<Kind, number>>} */ ({ unit: 20, rfc: 5, db: 12 });

/**
 * Files that run in one process; in the long form each has its own.
 *
 * @param {Due[]} due
 * @param {boolean} long
 * @returns {Due[][]}
 */
export function inGroups(due, long) {
  /** @type {Due[][]} */
  const groups = [];
  for (const one of due) {
    const last = groups.at(-1);
    const most = long ? 1 : (TOGETHER[one.kind] ?? 1);
    if (last && last.length < most && last[0]?.kind === one.kind && last[0].version === one.version) last.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** The test files of a kind, as paths from the project folder. Unit tests stand beside the code, the others in tests/<kind>. */
export function testFiles(/** @type {string} */ project, /** @type {Kind} */ kind) {
  if (kind === "arch") return ["tests/architecture.test.ts"];
  const folders = kind === "unit" ? ["app", "bench", "db", "lib", "scripts", "workers"] : [`tests/${kind}`];
  return folders.flatMap((folder) => walk(project, folder)).filter((path) => /\.test\.tsx?$/.test(path));
}

/** @returns {string[]} */
function walk(/** @type {string} */ project, /** @type {string} */ folder) {
  return readdirSync(join(project, folder))
    .sort()
    .flatMap((name) => {
      const path = `${folder}/${name}`;
      return statSync(join(project, path)).isDirectory() ? walk(project, path) : [path];
    });
}
