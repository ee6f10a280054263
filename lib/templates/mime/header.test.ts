import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeText } from "./encoded-word.ts";
import { header } from "./header.ts";
import { mailbox } from "./mailbox.ts";
import { quotedPrintable } from "./quoted-printable.ts";

test("no value with a line end or a control character becomes a header, nor a name that is none (B01, B04)", () => {
  for (const bad of ["\r", "\n", "\0", "\u0085", "\u2028", "\u2029", "\t", "\x7f", "\ud800", "è"])
    assert.throws(() => header("X-A", `a${bad}b`), { name: "HeaderRefused" }, JSON.stringify(bad));
  for (const name of ["", "X: a", "X\r\nBcc", "X A", "é", "1X", "x".repeat(80)])
    assert.throws(() => header(name, "a"), { name: "HeaderRefused" }, JSON.stringify(name));
  assert.throws(() => header("X-A", "x".repeat(1000)), { name: "HeaderRefused" });
  assert.equal(header("X-A", "  a  "), "X-A: a\r\n");
});

test("a header unfolds to its value, in lines that are never blank and fit where they can (HD-02)", () => {
  const words = fc.array(fc.constantFrom("a", " ", "  ", "word", "x".repeat(40)), { maxLength: 60 });
  fc.assert(
    fc.property(
      words.map((all) => all.join("").trim()),
      (value) => {
        const lines = header("Subject", value).split("\r\n");
        assert.equal(lines.pop(), "");
        assert.equal(lines.join(""), `Subject: ${value}`);
        for (const line of lines) assert.ok(line.trim() !== "");
      },
    ),
  );
  assert.ok(
    header("Subject", "word ".repeat(60))
      .split("\r\n")
      .every((line) => line.length <= 76),
  );
});

test("encoded words hold whole characters and fit their lines with any header's name (HD-02)", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom("a", "à", "日", "👩", " ", "=", "?"), minLength: 1, maxLength: 300 }),
      (text) => {
        const value = encodeText(text.trim());
        if (!value.includes("=?utf-8?")) return;
        for (const line of header("Reply-To", value).split("\r\n")) assert.ok(line.length <= 76, line);
        for (const word of value.split(" ")) {
          const [, encoding, body = ""] = /^=\?utf-8\?([qb])\?(.*)\?=$/.exec(word) ?? [];
          const bytes = encoding === "b" ? Buffer.from(body, "base64") : Buffer.from(unquote(body), "latin1");
          assert.ok(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
        }
      },
    ),
  );
});

const unquote = (text: string) =>
  text.replaceAll("_", " ").replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));

test("quoted-printable leaves no white space before a line end, from any column on (B98)", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\t", "\n", ".", "è", "="), maxLength: 400 });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 75 }), (source, column) => {
      const { out } = quotedPrintable(source, column);
      assert.doesNotMatch(out, /[ \t](\r\n|$)/);
      const [first = "", ...others] = out.split("\r\n");
      assert.ok(first.length + column <= 76 && others.every((line) => line.length <= 76));
      const decoded = out
        .replace(/=\r\n/g, "")
        .replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
      assert.equal(Buffer.from(decoded, "latin1").toString("utf8"), source.replaceAll("\n", "\r\n"));
    }),
  );
});

test("a mailbox quotes or encodes its name, drops direction marks, and cuts by what people see (B02, B17)", () => {
  const value = (name: string) => mailbox("From", { name, address: "a@b.example" }).value;
  assert.equal(value("Mario Rossi"), "Mario Rossi <a@b.example>");
  assert.equal(value('Rossi, "M" \\ S.r.l.'), '"Rossi, \\"M\\" \\\\ S.r.l." <a@b.example>');
  assert.equal(value("Città"), "=?utf-8?b?Q2l0dMOg?= <a@b.example>");
  assert.equal(value("a\u202eb\r\nc"), "ab c <a@b.example>");
  assert.equal(value(" \r\n "), "a@b.example");
  const family = "👨‍👩‍👧‍👦";
  const [, word = ""] = /^((?:=\?\S+\?= ?)+)</.exec(value(family.repeat(100))) ?? [];
  const shown = word
    .trim()
    .split(" ")
    .map((one) => Buffer.from(one.slice(10, -2), "base64").toString())
    .join("");
  assert.ok(family.repeat(100).startsWith(shown) && shown.length > 0);
});
