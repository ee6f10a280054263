import { inspect } from "node:util";

/**
 * What a test file reports to scripts/test.mjs, which starts it as `node --test-reporter=scripts/parts/test-reporter.mjs FILE`: a process of node:test
 * around each file would cost a seventh of a second of CPU, 350 times. Sends `{ passed, faults }`: how many passed, each fault whole.
 *
 * @param {AsyncIterable<{ type: string, data: Result }>} events
 * @typedef {{ name: string, skip?: unknown, todo?: unknown, details: { type?: string, error?: Error } }} Result
 */
export default async function* report(events) {
  /** @type {string[]} */
  const faults = [];
  let passed = 0;
  for await (const { type, data } of events) {
    if (type === "test:pass") {
      if (data.skip !== undefined || data.todo !== undefined) faults.push(`${data.name}\n    was not run`);
      else if (data.details.type !== "suite") passed++;
    } else if (type === "test:fail" && !byItsTests(data)) faults.push(`${data.name}\n${whole(data.details.error)}`);
  }
  if (passed === 0 && faults.length === 0) faults.push("the file itself\n    has no test in it");
  process.send?.({ passed, faults });
  yield "";
}

/** A suite fails with its tests: they are shown. One that fails by itself (a hook, an import) is shown too. */
function byItsTests(/** @type {Result} */ { details }) {
  return /** @type {{ failureType?: string } | undefined} */ (details.error)?.failureType === "subtestsFailed";
}

/** An error with its cause and what it compares. node:test wraps what was thrown. */
function whole(/** @type {unknown} */ error) {
  const { cause } = /** @type {{ cause?: unknown }} */ (error ?? {});
  const words = typeof cause === "object" && cause !== null ? inspect(cause, { depth: 6 }) : String(cause ?? error);
  return words.replace(/^/gm, "    ");
}
