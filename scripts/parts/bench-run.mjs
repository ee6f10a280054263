import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** Runs one benchmark, started by scripts/bench.mjs as `node --import tsx scripts/parts/bench-run.mjs FILE`, and sends its figures. */
const { default: bench } = await import(pathToFileURL(resolve(process.argv[2] ?? "")).href);
process.send?.(await bench(), () => process.exit());
