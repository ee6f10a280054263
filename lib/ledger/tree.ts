import { sha256 } from "../crypto/hash.ts";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** Hash of a leaf (RFC 6962 §2.1): the prefix keeps an inner node from passing for a leaf. */
export function leafHash(data: Uint8Array | string): Buffer {
  return sha256(LEAF, data);
}

/** Hash of an inner node over its two children. */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return sha256(NODE, left, right);
}

/** Root of a tree over these leaf hashes, in their order; `H("")` when there is none. */
export function treeRoot(leaves: readonly Buffer[]): Buffer {
  return leaves.length === 0 ? sha256() : rangeRoot(leaves, 0, leaves.length);
}

/** Where a tree of `size` > 1 leaves is divided: the largest power of two below its size. */
export function split(size: number): number {
  let k = 1;
  while (k * 2 < size) k *= 2;
  return k;
}

/** Root of the leaves `from` (included) to `to` (not), at least one. */
export function rangeRoot(leaves: readonly Buffer[], from: number, to: number): Buffer {
  if (to - from === 1) return leafAt(leaves, from);
  const middle = from + split(to - from);
  return nodeHash(rangeRoot(leaves, from, middle), rangeRoot(leaves, middle, to));
}

function leafAt(leaves: readonly Buffer[], i: number): Buffer {
  const leaf = leaves[i];
  if (!leaf) throw new RangeError(`the tree has no leaf ${i}`);
  return leaf;
}
