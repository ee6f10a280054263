import assert from "node:assert/strict";
import { test } from "node:test";
import { isCovered } from "./certificate.ts";

test("a certificate is for its names, a star stands for one label and no more", () => {
  assert.ok(isCovered("mail.hosting.example", ["a.example", "MAIL.hosting.example"]));
  assert.ok(isCovered("mail.hosting.example", ["*.hosting.example"]));
  for (const names of [["hosting.example"], ["*.example"], ["*.mail.hosting.example"], ["*"], []])
    assert.ok(!isCovered("mail.hosting.example", names), names.join());
});
