import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { isUuid, uuidBytes, uuidSource, uuidText, uuidv7 } from "./uuid.ts";

const VERSION_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a uuid of an instant is the example of RFC 9562, appendix A.6", () => {
  const random = Buffer.concat([Buffer.from("0cc3", "hex"), Buffer.from("18c4dc0c0c07398f", "hex")]);
  assert.equal(
    uuidv7(new Date("2022-02-22T19:22:22.000Z"), () => Buffer.from(random)),
    "017f22e2-79b0-7cc3-98c4-dc0c0c07398f",
  );
});

test("a source's ids rise strictly, in one millisecond, past 4,096 of them, and over a clock that steps back", () => {
  let ms = 1_790_000_000_000;
  const next = uuidSource({ now: () => new Date(ms), randomBytes });
  const ids = [next()];
  for (let i = 0; i < 10_000; i++) ids.push(next());
  ms -= 5_000;
  for (let i = 0; i < 100; i++) ids.push(next());
  ms += 60_000;
  ids.push(next());
  assert.deepEqual(ids, [...ids].sort());
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, VERSION_7);
});

test("ids of two sources in one millisecond differ", () => {
  const now = () => new Date(1_790_000_000_000);
  const [a, b] = [uuidSource({ now, randomBytes }), uuidSource({ now, randomBytes })];
  assert.notEqual(a(), b());
});

test("text and bytes of a uuid turn into one another", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const text = uuidText(bytes);
      assert.ok(isUuid(text));
      assert.deepEqual([...uuidBytes(text)], [...bytes]);
    }),
  );
});

test("a uuid has one spelling", () => {
  const id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f";
  for (const other of [id.toUpperCase(), id.replaceAll("-", ""), `{${id}}`, ` ${id}`, `${id}\n`, id.slice(1), ""]) {
    assert.throws(() => uuidBytes(other), /lower-case/);
  }
  assert.throws(() => uuidText(Buffer.alloc(15)), /16 bytes/);
});
