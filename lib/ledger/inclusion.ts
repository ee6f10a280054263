import { nodeHash, rangeRoot, split } from "./tree.ts";

/** The audit path of a leaf, from the leaf upward (RFC 6962 §2.1.1). Throws RangeError when the tree has no such leaf. */
export function inclusionProof(leaves: readonly Buffer[], index: number): Buffer[] {
  if (!(Number.isSafeInteger(index) && index >= 0 && index < leaves.length))
    throw new RangeError(`the tree has no leaf ${index}`);
  return path(leaves, index, 0, leaves.length);
}

function path(leaves: readonly Buffer[], index: number, from: number, to: number): Buffer[] {
  if (to - from === 1) return [];
  const middle = from + split(to - from);
  return index < middle
    ? [...path(leaves, index, from, middle), rangeRoot(leaves, middle, to)]
    : [...path(leaves, index, middle, to), rangeRoot(leaves, from, middle)];
}

/** The root that a leaf hash and its path lead to in a tree of `size` leaves, or undefined when the path has not the length it must have. */
export function rootByInclusion(o: {
  leaf: Buffer;
  index: number;
  size: number;
  proof: readonly Buffer[];
}): Buffer | undefined {
  if (!Number.isSafeInteger(o.index) || o.index < 0 || o.index >= o.size) return undefined;
  const climb = (index: number, size: number, rest: readonly Buffer[]): Buffer | undefined => {
    if (size === 1) return rest.length === 0 ? o.leaf : undefined;
    const sibling = rest.at(-1);
    if (!sibling) return undefined;
    const [middle, below] = [split(size), rest.slice(0, -1)];
    if (index < middle) {
      const left = climb(index, middle, below);
      return left && nodeHash(left, sibling);
    }
    const right = climb(index - middle, size - middle, below);
    return right && nodeHash(sibling, right);
  };
  return climb(o.index, o.size, o.proof);
}
