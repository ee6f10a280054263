import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { event, ring, subjectKey, youngRing } from "./keys.fixture.ts";
import { UnknownKey } from "./keys.ts";
import { DoesNotOpen, open, openWith, seal, sealWith } from "./sealed.ts";

const place = { table: "ledgers", row: event, column: "seed" };
const personal = { table: "consent_events", row: event, column: "sealed" };
const zeros = (n: number) => Buffer.alloc(n);
const hello = Buffer.from("hello");

test("sealed values have the bytes that another program gives them", () => {
  const ofRing = "010100000000000000000000000003cfa099af104864a87e75ab4c9b230b36f095ba54";
  const ofPerson = "01000000000000000000000000006beeae9c3f929df8097b8bfbc1401180c3bc86ea01";
  assert.equal(seal(ring(), place, hello, zeros).toString("hex"), ofRing);
  assert.equal(sealWith(subjectKey, personal, hello, zeros).toString("hex"), ofPerson);
  assert.equal(open(ring(), place, Buffer.from(ofRing, "hex")).toString(), "hello");
  assert.equal(openWith(subjectKey, personal, Buffer.from(ofPerson, "hex")).toString(), "hello");
});

test("whatever is sealed opens again, and each time its bytes differ", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (plain) => {
      const [one, two] = [seal(ring(), place, plain, randomBytes), seal(ring(), place, plain, randomBytes)];
      assert.ok(!one.equals(two));
      assert.deepEqual([...open(ring(), place, one)], [...plain]);
    }),
  );
});

test("a value of the old key opens after rotation; new ones name the new key", () => {
  const old = seal(ring("k1"), place, hello, randomBytes);
  assert.equal(open(ring("k2"), place, old).toString(), "hello");
  assert.equal(seal(ring("k2"), place, hello, randomBytes)[1], 2);
});

test("a value of a key that this process lacks says which, so that the ring is read again", () => {
  const young = seal(ring("k2"), place, hello, randomBytes);
  assert.throws(
    () => open(youngRing(), place, young),
    (error) => error instanceof UnknownKey && error.kid === 2,
  );
});

test("a value does not open in another row, column or table", () => {
  const sealed = seal(ring(), place, hello, randomBytes);
  for (const other of [{ row: "x" }, { column: "key" }, { table: "subjects" }]) {
    assert.throws(() => open(ring(), { ...place, ...other }, sealed), DoesNotOpen);
  }
});

test("a value with any one bit changed, cut or lengthened does not open", () => {
  const sealed = sealWith(subjectKey, personal, hello, randomBytes);
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    assert.throws(() => openWith(subjectKey, personal, changed), DoesNotOpen);
  }
  for (let n = 0; n < sealed.length; n++)
    assert.throws(() => openWith(subjectKey, personal, sealed.subarray(0, n)), DoesNotOpen);
  assert.throws(() => openWith(subjectKey, personal, Buffer.concat([sealed, zeros(1)])), DoesNotOpen);
});

test("a person's value opens under no other person's key, nor under the ring", () => {
  const sealed = sealWith(subjectKey, personal, hello, randomBytes);
  assert.throws(() => openWith(randomBytes(32), personal, sealed), DoesNotOpen);
  assert.throws(() => open(ring(), personal, sealed), DoesNotOpen);
  assert.throws(() => openWith(subjectKey, place, seal(ring(), place, hello, randomBytes)), DoesNotOpen);
  assert.throws(() => open(ring(), personal, zeros(0)), DoesNotOpen);
});

test("a value of another version is not opened, even where its tag would be right", () => {
  const head = Buffer.from([2, 1]);
  const cipher = createCipheriv("aes-256-gcm", ring().sub(1, "at-rest"), zeros(12));
  cipher.setAAD(Buffer.concat([head, Buffer.from(`ledgers|${event}|seed`)]));
  const sealed = Buffer.concat([head, zeros(12), cipher.update(hello), cipher.final(), cipher.getAuthTag()]);
  assert.throws(() => open(ring(), place, sealed), DoesNotOpen);
});

test("two places never spell one text", () => {
  assert.throws(() => seal(ring(), { table: "a|b", row: "c", column: "d" }, hello, zeros), /bar/);
});
