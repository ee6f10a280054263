import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { createKeyRing, readKeyRing } from "../crypto/keys.ts";
import { ageOf, makeFormToken, readFormToken } from "./form-token.ts";
import { networkOf } from "./sign-up.ts";

const keys = readKeyRing(createKeyRing(randomBytes, "0190a0a0-0000-7000-8000-000000000001"));
const at = new Date("2026-11-24T09:00:00Z");

test("B59 a form's answer is believed between two seconds and a day after it was shown", () => {
  const token = readFormToken(keys, "f1", makeFormToken(keys, { form: "f1", version: 3, at }));
  assert.deepEqual(token, { version: 3, shownAt: at });
  assert.ok(token);
  const after = (seconds: number) => ageOf(token, new Date(at.getTime() + seconds * 1000));
  assert.deepEqual(
    [after(-5), after(1.9), after(2), after(86_400), after(86_401)],
    ["young", "young", "good", "good", "old"],
  );
});

test("B63 a form's token is no other form's, and each changed character makes it nobody's", () => {
  const token = makeFormToken(keys, { form: "f1", version: 3, at });
  assert.equal(readFormToken(keys, "f2", token), undefined);
  for (let i = 0; i < token.length; i++) {
    const other = token.slice(0, i) + (token[i] === "x" ? "y" : "x") + token.slice(i + 1);
    const read = readFormToken(keys, "f1", other);
    // The last character of base64url carries spare bits: another spelling of the same bytes is the same token.
    if (read) assert.deepEqual([i, read], [token.length - 1, { version: 3, shownAt: at }]);
  }
});

test("B57 B86 a limit sees one visitor in an IPv4 address and in an IPv6 /64", () => {
  assert.equal(networkOf("203.0.113.9"), "203.0.113.9");
  assert.equal(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  assert.equal(networkOf("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
  assert.equal(networkOf("2001:db8::7"), "2001:db8:0:0::/64");
  assert.equal(networkOf("::1"), "0:0:0:0::/64");
});
