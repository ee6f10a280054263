import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { jcs } from "./jcs.ts";

test("RFC 8785 §3.2.2: strings are written with the shortest escapes", () => {
  const value = { string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", literals: [null, true, false] };
  assert.equal(jcs(value), '{"literals":[null,true,false],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
  assert.equal(jcs("\u0000\b\t\n\f\r\u001f\u007f\u2028"), '"\\u0000\\b\\t\\n\\f\\r\\u001f\u007f\u2028"');
});

test("RFC 8785 §3.2.3: fields are sorted by their units, at every depth, lists are not", () => {
  assert.equal(
    jcs({ b: 1, "": 2, B: 3, a: [{ d: 1, c: 2 }], "1": 4, "10": 5, _: 6 }),
    '{"":2,"1":4,"10":5,"B":3,"_":6,"a":[{"c":2,"d":1}],"b":1}',
  );
});

test("numbers are whole and exact", () => {
  assert.equal(
    jcs([0, -0, -1, 9007199254740991, -9007199254740991, 1e15]),
    "[0,0,-1,9007199254740991,-9007199254740991,1000000000000000]",
  );
  for (const n of [0.5, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY, 1e21])
    assert.throws(() => jcs({ n }), /whole/);
});

test("what has no canonical form is refused, never dropped", () => {
  const wrong: [unknown, RegExp][] = [
    [{ a: undefined }, /undefined/],
    [[undefined], /undefined/],
    [new Array(2), /undefined/],
    [{ a: 1n }, /bigint/],
    [() => 1, /function/],
    [{ at: new Date(0) }, /class/],
    [{ key: Buffer.alloc(1) }, /class/],
    [new Map(), /class/],
    ["\ud800", /surrogate/],
    ["a\udc00b", /surrogate/],
    [{ è: 1 }, /ASCII/],
    [{ "a\n": 1 }, /ASCII/],
  ];
  for (const [value, message] of wrong) assert.throws(() => jcs(value), message);
});

test("a name that means something to JavaScript is a name like another", () => {
  assert.equal(jcs(JSON.parse('{"__proto__":{"b":1},"a":2}')), '{"__proto__":{"b":1},"a":2}');
});

const names = fc.string({ unit: fc.constantFrom(..."abzAZ09_.-$ "), maxLength: 6 });
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.string({ unit: "binary" }).map((text) => text.toWellFormed()),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(names, tie("value"), { maxKeys: 5 }),
  ),
})).value;

test("canonical JSON is JSON: it reads back as the same value, and its form is its own form", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = jcs(value);
      assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
      assert.equal(jcs(JSON.parse(text)), text);
    }),
  );
});

test("the order in which fields were set is of no account", () => {
  fc.assert(
    fc.property(fc.dictionary(names, json), (value) => {
      assert.equal(jcs(Object.fromEntries(Object.entries(value).reverse())), jcs(value));
    }),
  );
});
