import assert from "node:assert/strict";
import { test } from "node:test";
import { abuseKey, suppressionKey, suppressionKeys } from "./address-keys.ts";
import { campaign, organization, ring } from "./keys.fixture.ts";

const address = "mario@xn--bcher-kva.test";

test("suppression keys have the bytes that another program gives them, one for each key of the ring", () => {
  assert.deepEqual(
    suppressionKeys(ring(), organization, address).map(({ kid, key }) => [kid, key.toString("hex")]),
    [
      [1, "ec5e552ead0f5c14cb3304f4221232b5"],
      [2, "d6eccea5dee6ee05169463465cbd6407"],
    ],
  );
});

test("one address has different suppression keys in two organizations: nobody learns from one about the other", () => {
  assert.notDeepEqual(suppressionKey(ring(), 1, organization, address), suppressionKey(ring(), 1, campaign, address));
});

test("the abuse key counts all the spellings that reach one mailbox, under the write key", () => {
  const known = "fc6051e567fb252fea1f6764105be4a827096a192f159e2a6042405b80cf4bd7";
  const spellings = [
    "mariorossi@gmail.com",
    "mario.rossi@gmail.com",
    "m.a.rio.rossi+list@gmail.com",
    "mario.rossi+a+b@googlemail.com",
  ];
  for (const spelling of spellings) assert.equal(abuseKey(ring(), spelling).toString("hex"), known, spelling);
  assert.notEqual(abuseKey(ring("k2"), "mariorossi@gmail.com").toString("hex"), known);
});
