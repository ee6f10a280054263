import assert from "node:assert/strict";
import { test } from "node:test";
import { BadJson, parseStrict } from "./strict-json.ts";

test("JSON is read as it is", () => {
  for (const value of [{}, [], { a: { a: 1 }, b: [{ a: 1 }, { a: 2 }] }, { 'k"\\': ':"a":', t: "{" }, "text", 1, null])
    assert.deepEqual(parseStrict(JSON.stringify(value, null, 1)), value);
});

for (const text of [
  '{"role":"marketing","role":"owner"}',
  '{"a":{"b":1,"b" : 2}}',
  '[{"a":1,"\\u0061":2}]',
  '{"":1,"":2}',
  "",
  "{",
  "{'a':1}",
  "[".repeat(21) + "]".repeat(21),
  `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
]) {
  test(`${text.slice(0, 40)} is refused (B82, B85)`, () => assert.throws(() => parseStrict(text), BadJson));
}
