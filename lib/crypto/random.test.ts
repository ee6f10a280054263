import assert from "node:assert/strict";
import { test } from "node:test";
import { inStock } from "./random.ts";

test("random bytes in stock: each is given once, in pieces that nobody else holds", () => {
  let next = 0;
  const drawn: number[] = [];
  const draw = (n: number) => {
    drawn.push(n);
    return Buffer.from(Array.from({ length: n }, () => next++ % 251));
  };
  const take = inStock(draw);
  const pieces = Array.from({ length: 1000 }, (_, i) => take((i % 40) + 1));
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    assert.equal(piece.length, (i % 40) + 1);
    // What is left of a stock that is too little for the next piece is passed over, never given again.
    if ((at % 4096) + piece.length > 4096) at = Math.ceil(at / 4096) * 4096;
    assert.deepEqual(
      [...piece],
      Array.from({ length: piece.length }, (_, k) => (at + k) % 251),
    );
    at += piece.length;
  }
  assert.equal(take(65).length, 65);
  assert.equal(drawn.at(-1), 65);
});
