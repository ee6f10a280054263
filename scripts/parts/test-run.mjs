import { resolve } from "node:path";
import { run } from "node:test";
import { inspect } from "node:util";

/**
 * Runs test files, started by scripts/test.mjs as `node --import tsx scripts/parts/test-run.mjs FILE…` (node:test hands the flags of this
 * process on to the one of each file). Says each file with its seconds and each failing test whole; sends `{ passed, failed }` at the end.
 */
const PARALLEL = 2;
const TIMEOUT = process.env.ASSENSO_TEST_LONG ? 3_000_000 : 400_000;
const sums = { passed: 0, failed: 0 };

const waiting = process.argv.slice(2);
await Promise.all(Array.from({ length: PARALLEL }, work));
process.send?.(sums, () => process.exit());

async function work() {
  for (let file = waiting.shift(); file; file = waiting.shift()) await runFile(file);
}

/** @typedef {{ name: string, nesting: number, file?: string, skip?: unknown, todo?: unknown, details: { type?: string, error?: Error } }} Result */

async function runFile(/** @type {string} */ file) {
  const from = process.hrtime.bigint();
  /** @type {string[]} */
  const faults = [];
  let [passed, failed, printed] = [0, 0, ""];
  const stream = run({ files: [resolve(file)], concurrency: 1, timeout: TIMEOUT });
  const itself = (/** @type {Result} */ { name }) => name === file || name === resolve(file);
  stream.on("test:pass", (/** @type {Result} */ result) => {
    if (result.details.type !== "suite" && !itself(result) && result.skip === undefined && result.todo === undefined)
      passed++;
    if (result.skip !== undefined || result.todo !== undefined) faults.push(`${result.name}\n    was not run`);
  });
  stream.on("test:fail", (/** @type {Result} */ result) => {
    const { error } = result.details;
    // A suite fails with its tests, and a file with its: they are shown. One that fails by itself (a hook, an import) is shown too.
    const byItsTests = /** @type {{ failureType?: string }} */ (error).failureType === "subtestsFailed";
    if (!byItsTests) faults.push(`${itself(result) ? "the file itself" : result.name}\n${whole(error)}`);
  });
  for (const event of /** @type {const} */ (["test:stdout", "test:stderr"]))
    stream.on(event, ({ message }) => (printed += message));
  for await (const _ of stream);
  if (passed === 0 && faults.length === 0) faults.push("the file itself\n    has no test in it");
  failed = faults.length;
  sums.passed += passed;
  sums.failed += failed;
  const seconds = (Number(process.hrtime.bigint() - from) / 1e9).toFixed(1);
  const lines = [
    `  ${failed === 0 ? "ok    " : "FAILED"} ${seconds.padStart(6)} s  ${file}  (${passed}${failed ? `, ${failed} failed` : ""})`,
  ];
  for (const fault of faults) lines.push("", `  ✖ ${fault}`, "");
  if (failed > 0 && printed.trim())
    lines.push("  what it printed:", indent(printed.trim().split("\n").slice(-80).join("\n")), "");
  console.log(lines.join("\n"));
}

/** An error with its cause and what it compares. node:test wraps what was thrown. */
function whole(/** @type {unknown} */ error) {
  const { cause } = /** @type {{ cause?: unknown }} */ (error ?? {});
  return indent(typeof cause === "object" && cause !== null ? inspect(cause, { depth: 6 }) : String(cause ?? error));
}

function indent(/** @type {string} */ text) {
  return text.replace(/^/gm, "    ");
}
