import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inspect } from "node:util";
import { installation, key1, key2, ring, ringText } from "./keys.fixture.ts";
import { createKeyRing, type KeyLabel, loadKeyRing, readKeyRing, UnknownKey } from "./keys.ts";

test("each use has its own sub-key, as another program derives it", () => {
  const expected: Record<KeyLabel, string> = {
    "at-rest": "93a877ce05f7cabc4821cc7bc5d2a25b6fb84ff3eb396869aecfa60b8e1fb989",
    links: "f2e7f66c06c9caea040b031fdd6e14f7073a779107c167c10e5955b6bf11580e",
    suppression: "2c43e5a8f90265ad7bd09843507e396488689dfb379c8759e2418836bf05fde1",
    journal: "38b92facf4ce2c9e8555822f3b963209fa574612260804e9cb9cdeb7470e5909",
    session: "9a9dcb9d6f948e93886d463a969f8ca881f755cbb89cfe00b2f1c1ca55d5c36c",
  };
  for (const [label, hex] of Object.entries(expected))
    assert.equal(
      ring()
        .sub(1, label as KeyLabel)
        .toString("hex"),
      hex,
    );
});

test("old keys stay for reading, a key that the ring lacks is named", () => {
  const keys = ring("k2");
  assert.equal(keys.write, 2);
  assert.deepEqual(keys.kids(), [1, 2]);
  assert.throws(
    () => keys.sub(3, "links"),
    (error) => error instanceof UnknownKey && error.kid === 3,
  );
});

test("a new ring has one key and reads back", () => {
  const keys = readKeyRing(createKeyRing(randomBytes, installation));
  assert.deepEqual([keys.installation, keys.write, keys.kids()], [installation, 1, [1]]);
});

test("keys are listed in the order of their numbers, k10 after k9", () => {
  const of = (n: number) => Buffer.alloc(32, n).toString("base64");
  assert.deepEqual(
    readKeyRing(JSON.stringify({ installation, write: "k9", keys: { k10: of(10), k9: of(9) } })).kids(),
    [9, 10],
  );
});

const good = { installation, write: "k1", keys: { k1: key1.toString("base64") } };
const wrong: [string, unknown, RegExp][] = [
  ["no JSON", "{", /not JSON/],
  ["a list", [], /not a JSON object/],
  ["no installation", { ...good, installation: undefined }, /uuid/],
  ["an installation in capitals", { ...good, installation: installation.toUpperCase() }, /uuid/],
  ["a write key that is not there", { ...good, write: "k2" }, /write names no key/],
  ["no write key", { ...good, write: undefined }, /write names no key/],
  ["no keys", { ...good, keys: {} }, /write names no key/],
  ["k0", { ...good, keys: { k0: good.keys.k1 } }, /k1 to k255/],
  ["k256", { ...good, keys: { k256: good.keys.k1 } }, /k1 to k255/],
  ["k01", { ...good, keys: { k01: good.keys.k1 } }, /k1 to k255/],
  ["a short key", { ...good, keys: { k1: Buffer.alloc(31).toString("base64") } }, /32 bytes/],
  ["a key in base64url", { ...good, keys: { k1: Buffer.alloc(32, 255).toString("base64url") } }, /32 bytes/],
  ["a number for a key", { ...good, keys: { k1: 7 } }, /32 bytes/],
  ["one key under two names", { ...good, keys: { k1: good.keys.k1, k2: good.keys.k1 } }, /twice/],
  ["a field of another program", { ...good, secret: "x" }, /does not belong/],
];
for (const [name, content, message] of wrong) {
  test(`a ring with ${name} is refused, and no key stands in the sentence`, () => {
    const json = typeof content === "string" ? content : JSON.stringify(content);
    assert.throws(
      () => readKeyRing(json),
      (error: Error) => message.test(error.message) && !error.message.includes(good.keys.k1),
    );
  });
}

test("the JSON of the environment wins over the file; a fault names the file", () => {
  const folder = mkdtempSync(join(tmpdir(), "keys-"));
  const file = join(folder, "keys.json");
  try {
    assert.throws(() => loadKeyRing({ file }), /ENOENT/);
    writeFileSync(file, ringText("k2"));
    assert.equal(loadKeyRing({ file }).write, 2);
    assert.equal(loadKeyRing({ file, json: ringText("k1") }).write, 1);
    writeFileSync(file, "no");
    assert.throws(() => loadKeyRing({ file }), new RegExp(`${file}: the key ring is not JSON`));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a ring that reaches a log or JSON shows no key", () => {
  const keys = ring();
  keys.sub(1, "links");
  const shown = `${JSON.stringify(keys)}${inspect(keys, { depth: 9 })}`;
  for (const secret of [key1, key2, keys.sub(1, "links")]) {
    for (const spelling of ["hex", "base64"] as const) assert.ok(!shown.includes(secret.toString(spelling)));
  }
});
