// `npm run proof` behind its options (scripts/proof.mjs), which come as JSON in argv.
import { join } from "node:path";
import { buildWorker, ensureBuilt } from "../../../scripts/parts/build.mjs";
import { PROJECT } from "../../../scripts/parts/settings.mjs";
import { MUTANTS } from "../mutants.ts";
import { type Fault, type Form, isGood, lineOf } from "./fault.ts";
import { Hands } from "./hands.ts";
import { runOn, staleChanges } from "./mutate.ts";
import { type Result, sums } from "./results.ts";
import { allFaults } from "./run.ts";
import { writeDown } from "./write.ts";

/** So many faults run side by side. */
const AT_ONCE = 3;

type Options = { ids: string[]; form: Form; seed: number; mutants: boolean; write: boolean };
const o = JSON.parse(process.argv[2] ?? "{}") as Options;

const known = await allFaults();
const stranger = o.ids.find((id) => !known.some((fault) => fault.id === id));
if (stranger) {
  console.error(`There is no fault ${stranger}: ${known.map((fault) => fault.id).join(", ")}`);
  process.exit(2);
}
const from = performance.now();
let stopped = false;
let hands: Hands | undefined;
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    stopped = true;
    hands?.drop();
  });

if (o.mutants) await mutants();
const chosen = known.filter((fault) =>
  o.ids.length > 0 ? o.ids.includes(fault.id) : o.form !== "quick" || fault.quick,
);
console.log(`seed ${o.seed} · ${o.form} · ${chosen.length} of ${known.length} faults`);

hands = await Hands.open(Math.min(AT_ONCE, chosen.length), await built(chosen.some((fault) => fault.web)));
const results: Result[] = [];
try {
  const running = chosen.map((fault) => run(fault));
  for (const one of await Promise.all(running)) if (one) results.push(one);
} finally {
  await hands.close();
}
const sum = sums(results, o);
for (const line of sum.lines) console.log(line);
if (o.write) {
  const minutes = Math.round((performance.now() - from) / 60_000);
  const told = results.map(({ id, title, finding, cannot }) =>
    finding ? `${lineOf(id, finding)} · ${title.replace(/ \[.*/, "")}` : `${id} · not run here: ${cannot}`,
  );
  writeDown("Faults", `${o.form} form in ${minutes} minutes, seed ${o.seed}`, [...told, ...sum.lines]);
}
process.exitCode = sum.failed > 0 || sum.passed === 0 || stopped ? 1 : 0;
console.log(`\n${sum.passed} passed, ${sum.failed} failed`);
process.exit();

/** Each mutant must be found by its fault, which finds nothing in the engine as it is. */
async function mutants(): Promise<never> {
  const chosen = MUTANTS.filter(({ caughtBy }) => o.ids.length === 0 || o.ids.includes(caughtBy));
  const stale = staleChanges(MUTANTS);
  for (const words of stale) console.log(`does not apply any more · ${words}`);
  await ensureBuilt(PROJECT);
  let [passed, failed] = [0, stale.length];
  const told: string[] = [];
  const tell = (line: string) => {
    console.log(line);
    told.push(line);
  };
  for (const fault of new Set(chosen.map(({ caughtBy }) => caughtBy))) {
    if (stopped) break;
    const { red, line } = await runOn({ changes: [], fault, seed: o.seed });
    tell(`unchanged · ${line}`);
    if (red) failed++;
    else passed++;
  }
  for (const { name, caughtBy, changes } of stale.length > 0 ? [] : chosen) {
    if (stopped) break;
    const { red, line } = await runOn({ changes, fault: caughtBy, seed: o.seed });
    tell(`${red ? "found" : "NOT FOUND"} · ${name} · ${line}`);
    if (red) passed++;
    else failed++;
  }
  if (o.write) writeDown("Mutants", `seed ${o.seed}`, told);
  console.log(`\n${passed} passed, ${failed} failed`);
  process.exit(failed > 0 || passed === 0 || stopped ? 1 : 0);
}

/** The folder of the built processes: that of `npm start` where pages are needed, else the worker alone. */
async function built(pages: boolean): Promise<string> {
  if (pages) {
    await ensureBuilt(PROJECT);
    return join(PROJECT, "dist");
  }
  const dist = join(PROJECT, "node_modules/.cache/assenso-proof");
  await buildWorker(PROJECT, dist);
  return dist;
}

/** Runs one and says how it went; nothing when it was stopped before. */
async function run(fault: Fault): Promise<Result | undefined> {
  const { id, title } = fault;
  const cannot = fault.cannot?.();
  if (cannot) {
    console.log(`${id} · not run here: ${cannot}`);
    return { id, title, cannot, seconds: 0 };
  }
  const answer = await hands?.run(fault, o).catch((error: Error) => {
    if (!stopped) throw error;
  });
  if (!answer) return;
  const { finding, seconds } = answer;
  console.log(`${lineOf(id, finding)} · ${seconds.toFixed(0)} s`);
  if (!isGood(finding)) for (const word of finding.wrong) console.log(`    ${word.replace(/\n/g, "\n    ")}`);
  return { id, title, finding, seconds };
}
