import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { onTheWire } from "./wire.ts";

const wire = (text: string) =>
  Buffer.concat(onTheWire(Buffer.from(text, "latin1")).pieces)
    .toString("latin1")
    .replace(/\.\r\n$/, "");

test("line ends become CRLF, dots at the beginning are doubled, nothing hides the end [B97, B98]", () => {
  assert.equal(wire("a\r\nb\r\n"), "a\r\nb\r\n");
  assert.equal(wire("a"), "a\r\n");
  assert.equal(wire("a\n.\nb"), "a\r\n..\r\nb\r\n");
  assert.equal(wire("a\r.\rb"), "a\r\n..\r\nb\r\n");
  assert.equal(wire(".\r\n.a\r\n..\r\n"), "..\r\n..a\r\n...\r\n");
  assert.equal(wire("a\r\r\nb\n\r"), "a\r\n\r\nb\r\n\r\n");
});

test("whatever comes in, what goes out has no bare CR or LF, no line that begins with one dot, and reads back the same", () => {
  const piece = fc.constantFrom("a", ".", "\r", "\n", "\r\n", "..", "é", "\0", "x\r\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      const out = wire(text);
      assert.ok(out.endsWith("\r\n"));
      assert.ok(!/\r(?!\n)|(?<!\r)\n/.test(out));
      assert.ok(!/(^|\n)\.(?!\.)/.test(out));
      const plain = (x: string) => x.replace(/\r\n|\r|\n/g, "\n").replace(/\n$/, "");
      assert.equal(plain(out.replace(/(^|\n)\.\./g, "$1.")), plain(text));
    }),
    { numRuns: 2000 },
  );
});
