import { fork } from "node:child_process";
import { appendFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import { dirname, join } from "node:path";
import { isReached, lineOf } from "./parts/figures.mjs";
import { installPackages, packagesDue } from "./parts/packages.mjs";
import { PROJECT } from "./parts/settings.mjs";

/**
 * `npm run bench [-- name…] [--write]`: measures, each benchmark in a process of its own over a private PostgreSQL with fsync on. One line a
 * figure, then machine and load; with --write also at the end of docs/benchmarks.md.
 */
/** @typedef {import("../bench/figure.ts").Figure} Figure */

const args = process.argv.slice(2);
const names = args.filter((arg) => !arg.startsWith("--"));
const files = readdirSync(join(PROJECT, "bench")).filter((file) => file.endsWith(".bench.ts"));
const chosen = files.filter((file) => names.length === 0 || names.includes(file.replace(".bench.ts", "")));
const unknown =
  names.find((name) => !files.includes(`${name}.bench.ts`)) ??
  args.find((arg) => arg.startsWith("--") && arg !== "--write");
if (unknown) {
  console.error(`There is no benchmark "${unknown}": ${files.map((file) => file.replace(".bench.ts", "")).join(", ")}`);
  process.exit(2);
}

if (packagesDue(PROJECT, { dev: true })) await installPackages(PROJECT);
const { startPostgres } = await import("./embedded/postgres.mjs");
const home = join(PROJECT, ".assenso");
const cluster = await startPostgres({
  home,
  use: "test",
  name: `run-${process.pid}-bench`,
  fsync: true,
  connections: 200,
});
const env = { ...process.env, ASSENSO_TEST_POSTGRES_18: cluster.url, ASSENSO_TEST_POSTGRES_DURABLE: cluster.url };
const loadBefore = loadavg()[0] ?? 0;
/** @type {Figure[]} */
const figures = [];
let broken = 0;
for (const file of chosen) {
  const measured = await measure(file);
  if (measured === undefined) broken++;
  for (const figure of measured ?? []) console.log(lineOf(figure));
  figures.push(...(measured ?? []));
}
await cluster.stop();
rmSync(dirname(cluster.data), { recursive: true, force: true });

const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 1e9)} GB, Node ${process.versions.node}, PostgreSQL 18, load ${loadBefore.toFixed(2)} before and ${(loadavg()[0] ?? 0).toFixed(2)} after`;
console.log(machine);
if (args.includes("--write")) write(machine);
process.exitCode = broken > 0 || figures.some((figure) => !isReached(figure)) ? 1 : 0;

/** @returns {Promise<Figure[] | undefined>} nothing when it broke */
function measure(/** @type {string} */ file) {
  return new Promise((resolve) => {
    const child = fork(join(PROJECT, "scripts/parts/bench-run.mjs"), [`bench/${file}`], {
      cwd: PROJECT,
      env,
      execArgv: ["--import", "tsx"],
    });
    /** @type {Figure[] | undefined} */
    let found;
    child.on("message", (message) => (found = /** @type {Figure[]} */ (message)));
    child.once("exit", () => resolve(found));
  });
}

function write(/** @type {string} */ machine) {
  const page = join(PROJECT, "docs/benchmarks.md");
  if (!existsSync(page))
    writeFileSync(
      page,
      "# Measured\n\nBy `npm run bench -- --write`; newest last. name · ours · reference · ratio · goal · ok or short\n",
    );
  const lines = figures.map((figure) => `- ${lineOf(figure)}`);
  appendFileSync(page, `\n## ${new Date().toISOString().slice(0, 10)}\n\n${machine}\n\n${lines.join("\n")}\n`);
}
