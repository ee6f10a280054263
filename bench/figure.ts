/**
 * One figure of a benchmark. Each `bench/<name>.bench.ts` exports as default `() => Promise<Figure[]>` and measures ours and the reference in
 * the same run on the same machine: a number alone says little.
 */
export type Figure = {
  /** What is measured, with its unit: "engine, CPU µs per message". */
  name: string;
  ours: number;
  /** The same thing done in the plain way. */
  reference?: { name: string; value: number };
  better: "more" | "less";
  /** How many times better than the reference, or which value at worst. */
  goal: { times: number } | { value: number };
};
