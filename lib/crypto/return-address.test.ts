import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { base32, fromBase32 } from "./base32.ts";
import { ring, youngRing } from "./keys.fixture.ts";
import { readReturnLocalPart, returnLocalPart } from "./return-address.ts";

test("a return address has the bytes that another program gives it", () => {
  assert.equal(returnLocalPart(ring(), { campaign: 7, position: 123_456 }), "b+aaaaabyaahrea.n4tpogksjndrchk5");
});

test("a return address reads back, whichever key signed it and however its case was folded", () => {
  const part = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(part, part, fc.constantFrom("k1", "k2"), (campaign, position, write) => {
      const local = returnLocalPart(ring(write), { campaign, position });
      assert.ok(local.length === 32);
      assert.deepEqual(readReturnLocalPart(ring(), local), { campaign, position });
      assert.deepEqual(readReturnLocalPart(ring(), local.toUpperCase()), { campaign, position });
    }),
  );
});

test("a return address of another delivery, another key or another spelling is none", () => {
  const local = returnLocalPart(ring(), { campaign: 7, position: 1 });
  const other = returnLocalPart(ring(), { campaign: 7, position: 2 });
  assert.equal(readReturnLocalPart(ring(), `${local.slice(0, 15)}.${other.slice(16)}`), undefined);
  assert.equal(readReturnLocalPart(youngRing(), returnLocalPart(ring("k2"), { campaign: 7, position: 1 })), undefined);
  for (const wrong of [
    "",
    "b+",
    local.slice(1),
    `${local}a`,
    local.slice(0, -1),
    local.replace("+", "-"),
    `x${local}`,
  ]) {
    assert.equal(readReturnLocalPart(ring(), wrong), undefined);
  }
  // The spare bit behind 8 bytes: `b` in the last place spells the same bytes as `a`.
  assert.equal(
    readReturnLocalPart(
      ring(),
      local.replace(/.\./, (last) => `${last === "a." ? "b" : "z"}.`),
    ),
    undefined,
  );
});

test("base32 is that of RFC 4648 §10, lower case without padding", () => {
  const known: [string, string][] = [
    ["", ""],
    ["f", "my"],
    ["fo", "mzxq"],
    ["foo", "mzxw6"],
    ["foob", "mzxw6yq"],
    ["fooba", "mzxw6ytb"],
    ["foobar", "mzxw6ytboi"],
  ];
  for (const [plain, text] of known) {
    assert.equal(base32(Buffer.from(plain)), text);
    assert.equal(fromBase32(text)?.toString(), plain);
  }
});

test("base32 has one spelling for each value", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      assert.deepEqual([...(fromBase32(base32(bytes)) ?? [])], [...bytes]);
    }),
  );
  const texts = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz234567"), maxLength: 12 });
  fc.assert(
    fc.property(texts, (text) => {
      const bytes = fromBase32(text);
      return bytes === undefined || base32(bytes) === text;
    }),
  );
  for (const wrong of ["MY", "my=", "m", "mz1", "0", "mzx"]) assert.equal(fromBase32(wrong), undefined, wrong);
});
