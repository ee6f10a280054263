/** Numbers that look random and are the same for the same seed: whatever a fault chooses, it chooses again. */
export type Random = {
  /** From 0 to 1. */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  pick<T>(these: readonly T[]): T;
};

/** Mulberry32 over the seed and a word, so that each fault has a row of its own and none depends on those before it. */
export function seeded(seed: number, word: string): Random {
  let a = seed >>> 0;
  for (const letter of word) a = Math.imul(a ^ letter.charCodeAt(0), 0x9e3779b1) >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const between = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(these: readonly T[]): T => {
    const found = these[between(0, these.length - 1)];
    if (found === undefined) throw new Error("nothing to pick from");
    return found;
  };
  return { next, between, pick };
}
