import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanText, isClean, utf8 } from "./clean.ts";
import { cutText, headerText, withoutBidi } from "./header.ts";

test("B18 B19: NUL and lone surrogates become U+FFFD, and nothing else is touched", () => {
  assert.equal(cleanText("a\0b"), "a\u{fffd}b");
  assert.equal(cleanText("a\ud800b\udc00"), "a\u{fffd}b\u{fffd}");
  assert.equal(cleanText("👨‍👩‍👧 \u202e è\r\n"), "👨‍👩‍👧 \u202e è\r\n");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.ok(isClean(cleanText(text)));
      assert.equal(isClean(text), cleanText(text) === text);
    }),
  );
});

test("B18 B19: what a form or an API takes in holds neither", () => {
  assert.ok(isClean("Màrio 👨‍👩‍👧"));
  for (const text of ["\0", "a\0", "\ud83d", "\ude00a"]) assert.ok(!isClean(text));
});

test("B19: bytes are UTF-8 or nothing: no overlong form, no encoded surrogate, no cut letter", () => {
  assert.equal(utf8(Buffer.from("è👍\u{feff}")), "è👍\u{feff}");
  assert.equal(utf8(Buffer.from("\u{feff}a")), "\u{feff}a");
  for (const hex of ["c0af", "e080af", "f08080af", "eda080", "edb080", "ff", "fe", "c3", "80", "f4908080", "c328"]) {
    assert.equal(utf8(Buffer.from(hex, "hex")), undefined, hex);
  }
});

test("B17: a header takes any name but no line end and no control character", () => {
  assert.equal(headerText("  Caffè «Il Sole» 👨‍👩‍👧 "), "Caffè «Il Sole» 👨‍👩‍👧");
  for (const c of [
    "\r\n",
    "\n",
    "\r",
    "\0",
    "\u2028",
    "\u2029",
    "\u0085",
    "\t",
    "\u000b",
    "\u000c",
    "\u007f",
    "\u001b",
  ]) {
    assert.equal(headerText(`Hi${c}Bcc: evil@z.test`), undefined, JSON.stringify(c));
  }
  assert.equal(headerText("a\ud800b"), undefined);
});

test("B17: direction controls leave a sender's or a file's name", () => {
  assert.equal(withoutBidi("pdf\u202eexe\u2066.\u2069\u200f\u061c"), "pdfexe.");
  assert.equal(withoutBidi("👨‍👩‍👧 é"), "👨‍👩‍👧 é");
});

test("B17: a text is cut between characters as people count them", () => {
  const family = "👨‍👩‍👧‍👦";
  assert.equal(family.length, 11);
  assert.equal(cutText(`${family}ab`, 2), `${family}a`);
  assert.equal(cutText("ab", 2), "ab");
  assert.equal(cutText("abc", 0), "");
  const mark = `e${"\u0301".repeat(10_000)}`;
  assert.equal(cutText(`${mark}x`, 1), mark);
});
