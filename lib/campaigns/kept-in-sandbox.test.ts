import assert from "node:assert/strict";
import { test } from "node:test";
import { keptInSandbox } from "./kept-in-sandbox.ts";

const ID = "01a23199-7022-7219-9e99-cabb604d65f6";

test("the sandbox's reply tells which message it kept, and no other reply does", () => {
  assert.equal(keptInSandbox(`kept as ${ID}`), ID);
  assert.equal(keptInSandbox(`250 2.0.0 kept as ${ID}`), ID);
  for (const reply of ["250 2.0.0 Ok: queued as 4cQ1", "kept as 4cQ1", `550 not kept as ${ID}`, `kept as ${ID} or so`])
    assert.equal(keptInSandbox(reply), undefined, reply);
});
