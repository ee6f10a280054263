import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { test } from "node:test";
import { constantTimeEqual } from "./equal.ts";
import { hashToken, newToken } from "./tokens.ts";

test("DO-04: a token is 128 random bits, and what is stored is their SHA-256", () => {
  const token = newToken(randomBytes);
  assert.equal(token.length, 16);
  assert.deepEqual(hashToken(token), createHash("sha256").update(token).digest());
  assert.ok(!newToken(randomBytes).equals(token));
});

test("bytes are compared whole; another length is another value, not an error", () => {
  assert.ok(constantTimeEqual(Buffer.from("ab"), Buffer.from("ab")));
  assert.ok(!constantTimeEqual(Buffer.from("ab"), Buffer.from("ac")));
  assert.ok(!constantTimeEqual(Buffer.from("ab"), Buffer.from("abc")));
});
