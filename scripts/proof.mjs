import { fork } from "node:child_process";
import { randomInt } from "node:crypto";
import { join } from "node:path";
import { installPackages, packagesDue } from "./parts/packages.mjs";
import { PROJECT } from "./parts/settings.mjs";

/**
 * `npm run proof`: real workers, real PostgreSQL, Redis and receiving servers, and everything that can go wrong with them; what arrived is compared with
 * what the database says. Options: --quick, --full, --soak, --mutants, --seed n, --write, and ids of faults. The last line is `N passed, N failed`.
 */
const args = process.argv.slice(2);
const at = args.indexOf("--seed");
const seed = at < 0 ? randomInt(1, 1_000_000) : Number(args.splice(at, 2)[1]);
const unknown = args.find((arg) => !/^(F\d\d|--quick|--full|--soak|--mutants|--write)$/.test(arg));
if (unknown || !Number.isInteger(seed)) {
  console.error(
    `"${unknown ?? "--seed"}" is not known here: --quick, --full, --soak, --mutants, --seed n, --write, or faults like F05.`,
  );
  process.exit(2);
}
const has = (/** @type {string} */ name) => args.includes(`--${name}`);
const form = has("full") ? "full" : has("soak") ? "soak" : has("quick") ? "quick" : "plain";
const ids = args.filter((arg) => arg.startsWith("F"));

if (packagesDue(PROJECT, { dev: true })) await installPackages(PROJECT);
const given = { ids, form, seed, mutants: has("mutants"), write: has("write") };
const child = fork(join(PROJECT, "tests/proof/harness/main.ts"), [JSON.stringify(given)], {
  cwd: PROJECT,
  execArgv: ["--import", "tsx"],
});
// The child ends its processes by itself; a second Ctrl-C is up to the terminal.
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) process.on(signal, () => child.kill(signal));
child.once("exit", (code) => process.exit(code ?? 1));
