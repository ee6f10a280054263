import assert from "node:assert/strict";
import { test } from "node:test";
import { dkimName, dkimValue, fingerprint, isSameKey, readKeyRecord, splitText } from "./dkim-record.ts";

const key = { algorithm: "rsa", public: "MIIBIjANBgkq+/8=" } as const;

test("a key's record: its name, its value, and pieces of 255 octets", () => {
  assert.equal(dkimName({ domain: "esempio.it", selector: "s1" }), "s1._domainkey.esempio.it");
  assert.equal(dkimValue(key), "v=DKIM1; k=rsa; p=MIIBIjANBgkq+/8=");
  const long = `v=DKIM1; k=rsa; p=${"A".repeat(392)}`;
  assert.deepEqual(
    splitText(long).map((one) => one.length),
    [255, 155],
  );
  assert.equal(splitText(long).join(""), long);
  assert.match(fingerprint(key.public), /^([0-9A-F]{2}:){7}[0-9A-F]{2}$/);
});

test("the same key is known in every spelling that a verifier takes, and in no other (AU-02)", () => {
  const same = [
    dkimValue(key),
    "v=DKIM1;k=rsa;p=MIIBIjAN Bgkq+/8=;",
    " v = DKIM1 ; p=MIIBIjANBgkq+/8= ",
    "p=MIIBIjANBgkq+/8=",
    "v=DKIM1; k=rsa; h=sha256; t=s; p=MIIBIjANBgkq+/8=",
  ];
  for (const text of same) assert.ok(isSameKey([text], key), text);
  const other = [
    "v=DKIM1; k=ed25519; p=MIIBIjANBgkq+/8=",
    "v=DKIM1; k=rsa; p=MIIBIjANBgkq+/9=",
    "v=DKIM1; k=rsa; p=",
    "v=DKIM2; k=rsa; p=MIIBIjANBgkq+/8=",
    "k=rsa; v=DKIM1; p=MIIBIjANBgkq+/8=",
    "“v=DKIM1; k=rsa; p=MIIBIjANBgkq+/8=”",
    '"v=DKIM1; k=rsa; p=MIIBIjANBgkq+/8="',
    "v=DKIM1 k=rsa p=MIIBIjANBgkq+/8=",
    "v=DKIM1; p=MIIBIjANBgkq+/8=; p=MIIBIjANBgkq+/8=",
  ];
  for (const text of other) assert.ok(!isSameKey([text], key), text);
  assert.ok(!isSameKey([dkimValue(key), dkimValue(key)], key), "two records");
});

test("a record says what is wrong with it", () => {
  const fault = (text: string) => readKeyRecord(text).fault;
  assert.equal(fault("v=DKIM1; p="), "revoked");
  assert.equal(fault("v=DKIM1; k=rsa"), "syntax");
  assert.equal(fault("v=DKIM1; p=abc$"), "syntax");
  assert.equal(fault("v=dkim1; p=abcd"), "version");
  assert.equal(readKeyRecord("v=DKIM1; t=s:y; p=abcd").testing, true);
});
