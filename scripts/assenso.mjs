#!/usr/bin/env node
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { buildCommandLine, buildDue, sourcesHash } from "./parts/build.mjs";
import { packagesDue } from "./parts/packages.mjs";
import { Problem } from "./parts/problem.mjs";
import { dataFolder, PROJECT, setting } from "./parts/settings.mjs";

/** The command line. It needs what npm start needs before anything runs: packages, its own build, and the database, started for as long as it takes. */
try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  const sentence = error instanceof Problem ? error.message : String(/** @type {Error} */ (error).stack);
  console.error(process.argv.includes("--json") ? JSON.stringify({ error: sentence }) : sentence);
  process.exitCode = 1;
}

/** @returns {Promise<number>} exit code */
async function run(/** @type {string[]} */ args) {
  if (packagesDue(PROJECT, { dev: false }))
    throw new Problem("The packages are not installed: run npm start once, or npm ci.");
  if (!existsSync(join(PROJECT, "dist/assenso.mjs")) || buildDue(PROJECT, sourcesHash(PROJECT)))
    await buildCommandLine(PROJECT);
  const home = dataFolder();
  const env = { ...process.env, ASSENSO_HOME: home, ASSENSO_HOME_FILE: undefined, NODE_ENV: "production" };
  if (setting("DATABASE_URL") || args.length === 0 || args[0] === "help" || args.includes("--help"))
    return main(args, env);
  const { startPostgres } = await import("./embedded/postgres.mjs");
  const cluster = await startPostgres({ home });
  try {
    return await main(args, { ...env, DATABASE_URL: cluster.url, DATABASE_URL_FILE: undefined });
  } finally {
    if (!cluster.reused) await cluster.stop();
  }
}

/** @returns {Promise<number>} exit code */
function main(/** @type {string[]} */ args, /** @type {Record<string, string | undefined>} */ env) {
  return new Promise((resolve, reject) => {
    const file = join(PROJECT, "dist/assenso.mjs");
    const child = spawn(process.execPath, ["--enable-source-maps", file, ...args], { env, stdio: "inherit" });
    child.once("error", reject).once("exit", (code) => resolve(code ?? 1));
  });
}
