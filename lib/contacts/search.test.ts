import assert from "node:assert/strict";
import { test } from "node:test";
import { escapeLike, wordsOf } from "./search.ts";

test("B50 what LIKE takes for more than itself is escaped", () => {
  assert.equal(escapeLike("100%_\\'"), "100\\%\\_\\\\'");
});

test("B46 a search has at most five words and as many letters as an address", () => {
  assert.deepEqual(wordsOf("  Anna\tROSSI \0x "), ["anna", "rossi", "x"]);
  assert.deepEqual(wordsOf(""), []);
  assert.equal(wordsOf("a ".repeat(100)).length, 5);
  assert.equal(wordsOf("a".repeat(100_000))[0]?.length, 254);
});
