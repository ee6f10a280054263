import { inspect } from "node:util";

/** Name of the last test of each file (test-group.mjs); counted with no others. */
export const END = "\u0000end of the file";

/**
 * What files report to scripts/test.mjs as they end, each a test of scripts/parts/test-group.mjs: a process of node:test around each of them would cost a seventh of a
 * second of CPU, 350 times. Sends `{ passed, faults }`: how many passed, each fault whole.
 *
 * @param {AsyncIterable<{ type: string, data: Result }>} events
 * @typedef {{ name: string, nesting: number, skip?: unknown, todo?: unknown, details: { type?: string, error?: Error } }} Result
 */
export default async function* report(events) {
  /** @type {string[]} */
  let faults = [];
  let passed = 0;
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const isFile = data.nesting === 0;
    if (type === "test:fail") {
      if (!byItsTests(data)) faults.push(`${isFile ? "the file itself" : data.name}\n${whole(data.details.error)}`);
    } else if (data.skip !== undefined || data.todo !== undefined) faults.push(`${data.name}\n    was not run`);
    else if (!isFile && data.name !== END && data.details.type !== "suite") passed++;
    if (!isFile) continue;
    if (passed === 0 && faults.length === 0) faults.push("the file itself\n    has no test in it");
    process.send?.({ passed, faults });
    [passed, faults] = [0, []];
  }
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
