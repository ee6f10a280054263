import assert from "node:assert/strict";
import { test } from "node:test";
import { hints } from "./server-hints.ts";

test("the form says what port, encryption and sign-in mean together", () => {
  assert.deepEqual(hints({ port: 587, encryption: "starttls", auth: "password" }), []);
  assert.deepEqual(hints({ port: 465, encryption: "tls", auth: "password" }), []);
  assert.deepEqual(hints({ port: 465, encryption: "starttls", auth: "password" }), ["port465"]);
  assert.deepEqual(hints({ port: 587, encryption: "tls", auth: "password" }), ["tlsElsewhere"]);
  assert.deepEqual(hints({ port: 25, encryption: "none", auth: "password" }), ["clearPassword", "port25"]);
  assert.deepEqual(hints({ port: 8081, encryption: "none", auth: "none" }), [
    "nothingEncrypted",
    "port8081",
    "byAddress",
  ]);
});
