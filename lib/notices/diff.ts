/** A stretch of text that two versions share, or that only the older (`gone`) or the newer (`new`) one has. */
export type Change = { kind: "same" | "gone" | "new"; text: string };

/** Above this many comparisons the middle of two texts is shown as replaced: a notice rewritten from the ground up has no useful comparison. */
const MOST_CELLS = 4_000_000;

/** What changed between two versions of a text, word by word: the stretches in order, whose `same` and `new` parts are the newer text. */
export function textChanges(older: string, newer: string): Change[] {
  // A word goes with the blanks before it: what is added at the end changes nothing before.
  const [a, b] = [older.split(/(?<=\S)(?=\s)/), newer.split(/(?<=\S)(?=\s)/)];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return joined([
    { kind: "same", text: a.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: end === 0 ? "" : a.slice(-end).join("") },
  ]);
}

/** By longest common subsequence. */
function between(a: string[], b: string[]): Change[] {
  if (a.length * b.length > MOST_CELLS)
    return [
      { kind: "gone", text: a.join("") },
      { kind: "new", text: b.join("") },
    ];
  const width = b.length + 1;
  const common = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const next = a[i] === b[j] ? at(common, (i + 1) * width + j + 1) + 1 : 0;
      common[i * width + j] = next || Math.max(at(common, (i + 1) * width + j), at(common, i * width + j + 1));
    }
  const found: Change[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      found.push({ kind: "same", text: a[i++] ?? "" });
      j++;
    } else if (j >= b.length || (i < a.length && at(common, (i + 1) * width + j) >= at(common, i * width + j + 1)))
      found.push({ kind: "gone", text: a[i++] ?? "" });
    else found.push({ kind: "new", text: b[j++] ?? "" });
  }
  return found;
}

const at = (numbers: Uint16Array, index: number) => numbers[index] ?? 0;

/** Neighbours of a kind in one stretch. */
function joined(changes: Change[]): Change[] {
  const found: Change[] = [];
  for (const change of changes) {
    if (change.text === "") continue;
    const last = found.at(-1);
    if (last?.kind === change.kind) last.text += change.text;
    else found.push({ ...change });
  }
  return found;
}
