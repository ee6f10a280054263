import { run } from "node:test";
import { inspect } from "node:util";

/**
 * Runs one test file, started by scripts/test.mjs as `node scripts/parts/test-run.mjs FILE` (node:test hands the flags of this process on to
 * the one of the file). Sends `{ passed, faults, printed }`: how many passed, each fault whole, what the file wrote.
 */
const TIMEOUT = process.env.ASSENSO_TEST_LONG ? 3_000_000 : 400_000;
const [file = ""] = process.argv.slice(2);
/** @type {string[]} */
const faults = [];
let [passed, printed] = [0, ""];

/** @typedef {{ name: string, nesting: number, file?: string, skip?: unknown, todo?: unknown, details: { type?: string, error?: Error } }} Result */
const stream = run({ files: [file], concurrency: 1, timeout: TIMEOUT });
stream.on("test:pass", (/** @type {Result} */ result) => {
  if (result.skip !== undefined || result.todo !== undefined) faults.push(`${result.name}\n    was not run`);
  else if (result.details.type !== "suite" && result.name !== file) passed++;
});
stream.on("test:fail", (/** @type {Result} */ result) => {
  const { error } = result.details;
  // A suite fails with its tests, and a file with its: they are shown. One that fails by itself (a hook, an import) is shown too.
  const byItsTests = /** @type {{ failureType?: string }} */ (error).failureType === "subtestsFailed";
  if (!byItsTests) faults.push(`${result.name === file ? "the file itself" : result.name}\n${whole(error)}`);
});
for (const event of /** @type {const} */ (["test:stdout", "test:stderr"]))
  stream.on(event, ({ message }) => (printed += message));
for await (const _ of stream);
if (passed === 0 && faults.length === 0) faults.push("the file itself\n    has no test in it");
process.send?.({ passed, faults, printed: printed.slice(-20_000) }, () => process.exit());

/** An error with its cause and what it compares. node:test wraps what was thrown. */
function whole(/** @type {unknown} */ error) {
  const { cause } = /** @type {{ cause?: unknown }} */ (error ?? {});
  const words = typeof cause === "object" && cause !== null ? inspect(cause, { depth: 6 }) : String(cause ?? error);
  return words.replace(/^/gm, "    ");
}
