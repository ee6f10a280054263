import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { locked } from "../embedded/lock.mjs";
import { sourceArchive } from "./archive.mjs";
import { WITH_PACKAGES } from "./bundle.mjs";
import { command } from "./command.mjs";
import { Problem, sentenceFor } from "./problem.mjs";

/** What the build is made of. Tests are none of it. */
const SOURCES = [
  ...[
    "app",
    "lib",
    "db",
    "workers",
    "messages",
    "public",
    "scripts/cli",
    "scripts/parts/build.mjs",
    "scripts/parts/archive.mjs",
    "scripts/parts/bundle.mjs",
  ],
  ...["proxy.ts", "next.config.ts", "postcss.config.mjs", "tsconfig.json", "package.json", "package-lock.json"],
];

/** What runs beside Next, each in one file of dist/: web process, worker, command line. */
const ENTRIES = { web: "app/_server/main.ts", worker: "workers/main.ts", assenso: "scripts/cli/main.ts" };

/** The hash of everything that the build is made of, as hex. */
export function sourcesHash(/** @type {string} */ project) {
  const hash = createHash("sha256").update(process.versions.node.split(".")[0] ?? "");
  for (const path of SOURCES) add(hash, project, path);
  return hash.digest("hex");
}

function add(
  /** @type {import("node:crypto").Hash} */ hash,
  /** @type {string} */ project,
  /** @type {string} */ path,
) {
  const full = join(project, path);
  if (!existsSync(full) || /\.test\.tsx?$/.test(path)) return;
  if (statSync(full).isDirectory()) {
    for (const name of readdirSync(full).sort()) add(hash, project, `${path}/${name}`);
  } else {
    const bytes = readFileSync(full);
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
}

/**
 * Builds when it is due; whoever asks at the same time waits and finds it done.
 *
 * @param {string} project
 * @param {{ before?: () => void, signal?: AbortSignal }} [o] before: called when there is something to build
 * @returns {Promise<boolean>} whether it was built now
 */
export async function ensureBuilt(project, { before, signal } = {}) {
  mkdirSync(join(project, "dist"), { recursive: true });
  return locked(join(project, "dist/lock"), async () => {
    const hash = sourcesHash(project);
    if (!buildDue(project, hash)) return false;
    before?.();
    await build(project, hash, signal);
    return true;
  });
}

/** Whether dist/ and .next/ are missing, half made, or made of something else. */
export function buildDue(/** @type {string} */ project, /** @type {string} */ hash) {
  try {
    return JSON.parse(readFileSync(join(project, "dist/build.json"), "utf8")).hash !== hash;
  } catch {
    return true;
  }
}

/**
 * Builds pages with Next, and web process, worker and command line with esbuild.
 *
 * @param {string} project
 * @param {string} hash written last: a build that was interrupted is done again
 * @param {AbortSignal} [signal]
 */
async function build(project, hash, signal) {
  const dist = join(project, "dist");
  rmSync(join(dist, "build.json"), { force: true });
  await Promise.all([buildPages(project, signal), buildProcesses(project, dist)]);
  cpSync(join(project, "db/migrations"), join(dist, "migrations"), { recursive: true });
  writeFileSync(join(dist, "source.tar.gz"), sourceArchive(project, "assenso"));
  writeFileSync(join(dist, "build.json"), JSON.stringify({ hash }));
}

async function buildPages(/** @type {string} */ project, /** @type {AbortSignal | undefined} */ signal) {
  const { code, said } = await command(process.execPath, ["node_modules/next/dist/bin/next", "build"], {
    cwd: project,
    env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    ...(signal ? { signal } : {}),
  });
  if (code === 0) return;
  const killed =
    code === -1 && !signal?.aborted
      ? "The build was ended by the system, most likely for want of memory (it needs about 1 GB)."
      : undefined;
  throw new Problem(
    sentenceFor(said, project) ??
      killed ??
      `The pages could not be built:\n${said.trim().split("\n").slice(-40).join("\n")}`,
  );
}

/** The command line alone, for who calls it before the first start. */
export async function buildCommandLine(/** @type {string} */ project) {
  const dist = join(project, "dist");
  mkdirSync(dist, { recursive: true });
  await buildProcesses(project, dist, { assenso: ENTRIES.assenso });
  cpSync(join(project, "db/migrations"), join(dist, "migrations"), { recursive: true });
}

/** The worker alone, for who needs no pages. */
export function buildWorker(/** @type {string} */ project, /** @type {string} */ dist) {
  return buildProcesses(project, dist, { worker: ENTRIES.worker });
}

/**
 * Worker and command line hold their packages; the web process shares its own with the pages, which Next loads from their folders.
 *
 * @param {string} project @param {string} dist @param {Record<string, string>} entries
 */
async function buildProcesses(project, dist, entries = ENTRIES) {
  const esbuild = await import("esbuild");
  const common = {
    platform: /** @type {const} */ ("node"),
    format: /** @type {const} */ ("esm"),
    target: "node20.19",
    bundle: true,
    sourcemap: true,
    // A trace needs names and lines; the texts themselves each process would keep in memory.
    sourcesContent: false,
    absWorkingDir: project,
    outdir: dist,
    outExtension: { ".js": ".mjs" },
    // `server-only` throws outside Next.
    alias: { "server-only": "./scripts/parts/nothing.mjs" },
    logLevel: /** @type {const} */ ("silent"),
  };
  const { web, ...others } = entries;
  if (web) await esbuild.build({ ...common, entryPoints: { web }, packages: "external" });
  if (Object.keys(others).length > 0) await esbuild.build({ ...common, entryPoints: others, ...WITH_PACKAGES });
}
