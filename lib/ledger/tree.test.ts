import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { consistencyProof, isConsistent } from "./consistency.ts";
import { inclusionProof, rootByInclusion } from "./inclusion.ts";
import { leafHash, treeRoot } from "./tree.ts";

const hex = (b: Buffer) => b.toString("hex");
/** The eight leaves of the certificate-transparency test, and the roots over the first n of them. */
const DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS = [
  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];
const known = DATA.map((data) => leafHash(Buffer.from(data, "hex")));
const leaves = (n: number) => Array.from({ length: n }, (_, i) => leafHash(`leaf ${i}`));

test("the roots of the certificate-transparency test come out", () => {
  for (const [n, root] of ROOTS.entries()) assert.equal(hex(treeRoot(known.slice(0, n))), root, `${n} leaves`);
});

test("its paths and its consistency proofs too", () => {
  const path = [
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  ];
  const top = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";
  assert.deepEqual(inclusionProof(known, 0).map(hex), [...path, top]);
  assert.deepEqual(consistencyProof(known, 1).map(hex), [...path, top]);
  assert.deepEqual(inclusionProof(known.slice(0, 1), 0), []);
});

test("every leaf of every tree up to 40 is proved by its path, and by no other", () => {
  for (let size = 1; size <= 40; size++) {
    const all = leaves(size);
    const root = treeRoot(all);
    for (const [index, leaf] of all.entries()) {
      const proof = inclusionProof(all, index);
      assert.deepEqual(rootByInclusion({ leaf, index, size, proof }), root);
      const others = [
        { leaf: leafHash("another"), index, size, proof },
        { leaf, index: (index + 1) % size, size, proof: size === 1 ? [leaf] : proof },
        { leaf, index, size, proof: [...proof, leaf] },
        { leaf, index, size, proof: [leaf, ...proof] },
        { leaf, index: index + size, size, proof },
        { leaf, index, size, proof: size === 1 ? [leaf] : proof.slice(1) },
        { leaf, index, size, proof: size === 1 ? [leaf] : proof.map((hash, i) => (i === 0 ? leafHash("x") : hash)) },
      ];
      for (const other of others) assert.notDeepEqual(rootByInclusion(other), root, `${index} of ${size}`);
    }
  }
});

test("every earlier tree is proved to be the beginning of the later one, and nothing else is", () => {
  for (let newSize = 0; newSize <= 24; newSize++) {
    const all = leaves(newSize);
    for (let oldSize = 0; oldSize <= newSize; oldSize++) {
      const claim = {
        ...{ oldSize, newSize, oldRoot: treeRoot(all.slice(0, oldSize)), newRoot: treeRoot(all) },
        proof: consistencyProof(all, oldSize),
      };
      assert.ok(isConsistent(claim), `${oldSize} in ${newSize}`);
      assert.ok(!isConsistent({ ...claim, proof: [...claim.proof, leafHash("x")] }));
      assert.ok(!isConsistent({ ...claim, proof: [leafHash("x"), ...claim.proof] }));
      if (claim.proof.length > 0) assert.ok(!isConsistent({ ...claim, proof: claim.proof.slice(1) }));
      if (oldSize > 0) assert.ok(!isConsistent({ ...claim, oldRoot: leafHash("x") }));
      if (oldSize > 0) assert.ok(!isConsistent({ ...claim, newRoot: leafHash("x") }));
      if (oldSize === 0 || oldSize === newSize) assert.equal(claim.proof.length, 0);
    }
  }
  const rewritten = [leafHash("rewritten"), ...leaves(24).slice(1)];
  for (let old = 1; old < 24; old++) {
    const claim = { oldSize: old, newSize: 24, oldRoot: treeRoot(leaves(old)), newRoot: treeRoot(rewritten) };
    assert.ok(!isConsistent({ ...claim, proof: consistencyProof(rewritten, old) }));
  }
});

test("a proof with any one bit changed proves nothing", () => {
  const all = leaves(21);
  fc.assert(
    fc.property(fc.nat(20), fc.integer({ min: 1, max: 20 }), fc.nat(9), fc.nat(255), (index, old, at, bit) => {
      const flip = (proof: Buffer[]) =>
        proof.map((hash, i) => {
          if (i !== at % proof.length) return hash;
          const copy = Buffer.from(hash);
          copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
          return copy;
        });
      const leaf = all[index] ?? Buffer.alloc(0);
      assert.notDeepEqual(
        rootByInclusion({ leaf, index, size: 21, proof: flip(inclusionProof(all, index)) }),
        treeRoot(all),
      );
      const claim = { oldSize: old, newSize: 21, oldRoot: treeRoot(all.slice(0, old)), newRoot: treeRoot(all) };
      assert.ok(!isConsistent({ ...claim, proof: flip(consistencyProof(all, old)) }));
    }),
  );
});

test("a leaf that the tree lacks has no path, a tree that never was has no proof", () => {
  for (const index of [-1, 8, 0.5, Number.NaN]) assert.throws(() => inclusionProof(known, index), RangeError);
  for (const size of [-1, 9, 0.5]) assert.throws(() => consistencyProof(known, size), RangeError);
  const leaf = leafHash("");
  for (const index of [-1, 8, 0.5]) assert.equal(rootByInclusion({ leaf, index, size: 8, proof: [] }), undefined);
  const roots = { oldRoot: leaf, newRoot: leaf, proof: [] };
  assert.ok(!isConsistent({ oldSize: 2, newSize: 1, ...roots }));
  assert.ok(!isConsistent({ oldSize: -1, newSize: 1, ...roots }));
});
