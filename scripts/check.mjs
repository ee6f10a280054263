import { readFileSync } from "node:fs";
import { join } from "node:path";
import { command } from "./parts/command.mjs";
import { installPackages, packagesDue } from "./parts/packages.mjs";
import { PROJECT } from "./parts/settings.mjs";

/** `npm run check`: what can be said about the sources without running the program. The last line is `N passed, N failed`. */
if (packagesDue(PROJECT, { dev: true })) await installPackages(PROJECT);

/** Runs a tool of node_modules: its words are the findings when it does not end with 0. */
const tool =
  (/** @type {string} */ file, /** @type {string[]} */ ...args) =>
  async () => {
    const { code, said } = await command(process.execPath, [join(PROJECT, "node_modules", file), ...args], {
      cwd: PROJECT,
    });
    return code === 0 ? [] : said.trim().split("\n");
  };

/** @type {[string, () => Promise<string[]>][]} */
const CHECKS = [
  ["style (Biome)", tool("@biomejs/biome/bin/biome", "ci", "--colors=off", ".")],
  ["types (tsc)", tool("typescript/bin/tsc", "--noEmit", "--pretty", "false")],
  ["schema and migrations", async () => (await import("./parts/drift.mjs")).schemaDrift(PROJECT)],
  ["messages", async () => (await import("./parts/messages.mjs")).messageFaults(PROJECT)],
  ["architecture", architecture],
  ["lock file", lockFile],
];

const sums = { passed: 0, failed: 0 };
for (const [name, check] of CHECKS) {
  const from = process.hrtime.bigint();
  const findings = await check();
  const seconds = (Number(process.hrtime.bigint() - from) / 1e9).toFixed(1);
  console.log(`  ${findings.length === 0 ? "ok    " : "FAILED"} ${seconds.padStart(6)} s  ${name}`);
  for (const finding of findings) console.log(`      ${finding}`);
  sums[findings.length === 0 ? "passed" : "failed"]++;
}
process.exitCode = sums.failed > 0 ? 1 : 0;
console.log(`\n${sums.passed} passed, ${sums.failed} failed`);

async function architecture() {
  const args = ["--import", "tsx", "--test", "--test-reporter=spec", "tests/architecture.test.ts"];
  const { code, said } = await command(process.execPath, args, { cwd: PROJECT });
  return code === 0
    ? []
    : (said.split("✖ failing tests")[0] ?? "")
        .trim()
        .split("\n")
        .filter((line) => /✖|^\s+\+ /.test(line));
}

async function lockFile() {
  const { lockFaults } = await import("./parts/lock.mjs");
  const faults = lockFaults(JSON.parse(readFileSync(join(PROJECT, "package-lock.json"), "utf8")));
  return faults.length > 0 ? [...faults, "put it right with: node scripts/lock.mjs"] : [];
}
