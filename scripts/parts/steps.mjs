/**
 * Runs one step and reports it on one line: its name at once, its seconds and what came of it when it is done.
 *
 * @template T
 * @param {string} name
 * @param {() => Promise<[T, string?]> | [T, string?]} work gives its result, and a few words
 * @returns {Promise<T>}
 */
export async function step(name, work) {
  const from = process.hrtime.bigint();
  process.stdout.write(`  ${name.padEnd(10)}`);
  try {
    const [result, words = ""] = await work();
    process.stdout.write(`${seconds(from).padStart(8)}  ${words}\n`);
    return result;
  } catch (error) {
    process.stdout.write(`${seconds(from).padStart(8)}  stopped\n`);
    throw error;
  }
}

function seconds(/** @type {bigint} */ from) {
  return `${(Number(process.hrtime.bigint() - from) / 1e9).toFixed(1)} s`;
}
