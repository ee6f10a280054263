import { fork } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { PROJECT } from "./settings.mjs";

/** @typedef {import("./test-files.mjs").Due} Due */
/** @typedef {{ passed: number, faults: string[], seconds: number, printed: string }} Outcome */
/** @typedef {(one: Due, outcome: Outcome) => void} Heard */

/**
 * Runs files one after the other in a process, and tells of each as it ends. A process that ends before it has told of all of them, or takes too long, is a fault of
 * the file that it was at, and of those after it.
 *
 * @param {Due[]} group of one kind and version
 * @param {{ built: string, timeout: number, long: boolean, signal: AbortSignal, heard: Heard }} o built: where the tests lie as JavaScript; timeout: of a file, in ms
 */
export async function runGroup(group, { built, timeout, long, signal, heard }) {
  // The proof reads its folder for faults: it runs as it is written.
  const asIs = group[0]?.kind === "proof";
  const files = group.map(({ file }) => (asIs ? join(PROJECT, file) : join(built, file.replace(/\.tsx?$/, ".mjs"))));
  const child = fork(join(PROJECT, "scripts/parts/test-group.mjs"), files, {
    cwd: PROJECT,
    silent: true,
    execArgv: [
      ...(asIs ? ["--import", "tsx"] : ["--enable-source-maps"]),
      `--test-reporter=${pathToFileURL(join(PROJECT, "scripts/parts/test-reporter.mjs"))}`,
      "--test-reporter-destination=stdout",
    ],
    env: {
      ...withoutSettings(),
      ASSENSO_TEST_VERSION: String(group[0]?.version),
      ...(long ? { ASSENSO_TEST_LONG: "1" } : {}),
    },
  });
  let [printed, begun] = ["", performance.now()];
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (/** @type {Buffer} */ bytes) => (printed = (printed + bytes).slice(-20_000)));
  const left = [...group];
  let red = false;
  const told = (/** @type {{ passed: number, faults: string[] }} */ { passed, faults }) => {
    const one = left.shift();
    if (!one) throw new Error("a process told of more files than it was given");
    red ||= faults.length > 0;
    heard(one, { passed, faults, seconds: (performance.now() - begun) / 1000, printed });
    [printed, begun] = ["", performance.now()];
    limit.refresh();
  };
  let late = false;
  const limit = setTimeout(() => {
    late = true;
    child.kill("SIGKILL");
  }, timeout);
  child.on("message", told);
  const stop = () => child.kill("SIGTERM");
  signal.addEventListener("abort", stop, { once: true });
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearTimeout(limit);
  signal.removeEventListener("abort", stop);
  const why = late ? `did not end within ${timeout / 60_000} minutes` : `ended with ${code} before it said anything`;
  while (left.length > 0) told({ passed: 0, faults: [`the file itself\n    ${why}`] });
  // What goes wrong when all tests have ended (an error that nobody waited for, something left open) is a fault as well.
  const last = group.at(-1);
  if (code !== 0 && !red && last)
    heard(last, { passed: 0, faults: [`the process of the file\n    ended with ${code}`], seconds: 0, printed });
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
