import { nodeHash, rangeRoot, split } from "./tree.ts";

/** Shows that the tree of the first `oldSize` leaves is the beginning of this one (RFC 6962 §2.1.2). No hashes for size 0 and for equal sizes. */
export function consistencyProof(leaves: readonly Buffer[], oldSize: number): Buffer[] {
  if (!(Number.isSafeInteger(oldSize) && oldSize >= 0 && oldSize <= leaves.length))
    throw new RangeError(`the tree never had ${oldSize} leaves`);
  return oldSize === 0 || oldSize === leaves.length ? [] : subproof(leaves, oldSize, 0, leaves.length, true);
}

/** @param whole whether the old tree's root is known to the verifier as it stands, so that it need not be told */
function subproof(leaves: readonly Buffer[], old: number, from: number, to: number, whole: boolean): Buffer[] {
  if (from + old === to) return whole ? [] : [rangeRoot(leaves, from, to)];
  const k = split(to - from);
  return old <= k
    ? [...subproof(leaves, old, from, from + k, whole), rangeRoot(leaves, from + k, to)]
    : [...subproof(leaves, old - k, from + k, to, false), rangeRoot(leaves, from, from + k)];
}

type Claim = { oldSize: number; oldRoot: Buffer; newSize: number; newRoot: Buffer; proof: readonly Buffer[] };

/** Whether the proof shows that nothing of the older tree was changed or taken away in the newer one. */
export function isConsistent(o: Claim): boolean {
  if (!Number.isSafeInteger(o.oldSize) || !Number.isSafeInteger(o.newSize) || o.oldSize < 0 || o.oldSize > o.newSize)
    return false;
  if (o.oldSize === o.newSize) return o.proof.length === 0 && o.oldRoot.equals(o.newRoot);
  if (o.oldSize === 0) return o.proof.length === 0;
  const roots = rebuild(o.oldSize, o.newSize, true, o.proof, o.oldRoot);
  return roots?.older.equals(o.oldRoot) === true && roots.newer.equals(o.newRoot);
}

/** Both roots that the proof leads to: `older` over the first `old` leaves, `newer` over all `size`. */
function rebuild(
  old: number,
  size: number,
  whole: boolean,
  proof: readonly Buffer[],
  oldRoot: Buffer,
): { older: Buffer; newer: Buffer } | undefined {
  const last = proof.at(-1);
  if (old === size) {
    if (whole) return proof.length === 0 ? { older: oldRoot, newer: oldRoot } : undefined;
    return last && proof.length === 1 ? { older: last, newer: last } : undefined;
  }
  if (!last) return undefined;
  const [k, rest] = [split(size), proof.slice(0, -1)];
  if (old <= k) {
    const left = rebuild(old, k, whole, rest, oldRoot);
    return left && { older: left.older, newer: nodeHash(left.newer, last) };
  }
  const right = rebuild(old - k, size - k, false, rest, oldRoot);
  return right && { older: nodeHash(last, right.older), newer: nodeHash(last, right.newer) };
}
