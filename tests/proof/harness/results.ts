import { type Finding, type Form, type Injection, isGood } from "./fault.ts";

export type Result = { id: string; title: string; finding?: Finding; cannot?: string; seconds: number };

/** What the whole full form must have done, and to how many recipients. */
const FULL: Partial<Record<Injection | "recipients", number>> = {
  ...{ kills: 200, postgres: 20, flushes: 20, freezes: 20, smtp: 50, recipients: 100_000 },
};

/** The sums over all faults in words, and how many are as promised. The full form counts as one more: whether it did as much as it says. */
export function sums(
  results: Result[],
  o: { form: Form; ids: string[] },
): { lines: string[]; passed: number; failed: number } {
  const done: Record<string, number> = {};
  const add = (name: string, n: number) => {
    done[name] = (done[name] ?? 0) + n;
  };
  for (const { finding } of results) {
    if (!finding) continue;
    for (const [kind, n] of Object.entries(finding.injected)) add(kind, n);
    for (const name of ["recipients", "lost", "twice", "late", "over", "uncertain", "bound"] as const)
      add(name, finding[name]);
  }
  const words = Object.entries(done).map(([name, n]) => `${name} ${n}`);
  const recovered = Math.max(0, ...results.map(({ finding }) => finding?.recovered ?? 0));
  const lines = [`sums · ${words.join(" · ")} · recovered in ${recovered.toFixed(1)} s at most`];
  let passed = results.filter(({ finding }) => finding && isGood(finding)).length;
  let failed = results.filter(({ finding }) => finding && !isGood(finding)).length;
  const skipped = results.filter(({ cannot }) => cannot);
  if (skipped.length > 0) lines.push(`not run here: ${skipped.map(({ id }) => id).join(", ")}`);
  if (o.form === "full" && o.ids.length === 0) {
    const short = Object.entries(FULL).filter(([name, least]) => (done[name] ?? 0) < least);
    lines.push(
      ...short.map(([name, least]) => `the full form asks for ${least} ${name}, these were ${done[name] ?? 0}`),
    );
    if (short.length > 0) failed++;
    else passed++;
  }
  return { lines, passed, failed };
}
