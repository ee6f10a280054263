// The sink in a process of its own, so that no kill of a worker and no busy test can touch what it kept. Options as JSON in argv; prints its port.
import { startSink } from "./sink.ts";

const o = JSON.parse(process.argv[2] ?? "{}") as { ledger?: string; slow?: number; pipelining?: boolean };
const sink = await startSink(o);
console.log(JSON.stringify({ event: "ready", port: sink.port }));
process.once("SIGTERM", () => process.exit(0));
