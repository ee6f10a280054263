import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { textChanges } from "./diff.ts";

test("CC-04 the difference of two versions names the words that went and that came", () => {
  assert.deepEqual(textChanges("Il consenso dura 24 mesi.", "Il consenso dura 12 mesi."), [
    { kind: "same", text: "Il consenso dura" },
    { kind: "gone", text: " 24" },
    { kind: "new", text: " 12" },
    { kind: "same", text: " mesi." },
  ]);
  assert.deepEqual(textChanges("a", "a"), [{ kind: "same", text: "a" }]);
  assert.deepEqual(textChanges("", "a"), [{ kind: "new", text: "a" }]);
});

test("both versions can be read back from their difference", () => {
  const words = fc.array(fc.constantFrom("a ", "b ", "c\n", "d"), { maxLength: 40 }).map((all) => all.join(""));
  fc.assert(
    fc.property(words, words, (older, newer) => {
      const changes = textChanges(older, newer);
      const read = (without: string) => changes.flatMap((c) => (c.kind === without ? [] : c.text)).join("");
      assert.equal(read("new"), older);
      assert.equal(read("gone"), newer);
    }),
    { numRuns: 500 },
  );
});

test("two long texts with nothing in common take no time", () => {
  const long = (word: string) => `${word} `.repeat(10_000);
  const started = performance.now();
  assert.ok(textChanges(long("a"), long("b")).length <= 3);
  assert.ok(performance.now() - started < 500);
});
