// One of the processes that run faults side by side (hands.ts): a PostgreSQL of its own, one fault at a time. argv: the folder of the built processes.
import type { Finding, Form } from "./fault.ts";
import { allFaults, openProof, runFault } from "./run.ts";

export type Errand = { id: string; form: Form; seed: number };
export type Answer = { finding: Finding; seconds: number };

// Ctrl-C reaches every process of the terminal: the first one ends the others when their faults are over.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);
const proof = await openProof(process.argv[2] ?? "");
const faults = await allFaults();
let last: Promise<void> = Promise.resolve();

process.on("message", (errand: Errand) => {
  last = work(errand);
});
process.once("disconnect", async () => {
  await last;
  await proof.close();
  process.exit();
});
process.send?.({ ready: true });

async function work({ id, form, seed }: Errand): Promise<void> {
  const fault = faults.find((one) => one.id === id);
  if (!fault) throw new Error(`no fault ${id}`);
  const from = performance.now();
  const finding = await runFault(fault, { form, seed });
  if (process.connected) process.send?.({ finding, seconds: (performance.now() - from) / 1000 } satisfies Answer);
}
