import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hmac } from "./hash.ts";
import { campaign, contact, list, organization, ring, ringText, youngRing } from "./keys.fixture.ts";
import { readKeyRing } from "./keys.ts";
import { type LinkPurpose, makeLink, readLink } from "./links.ts";
import { leavePayload, myDataPayload, readLeave, readMyData, readView, viewPayload } from "./payloads.ts";

const key = Buffer.from("ec5e552ead0f5c14cb3304f4221232b5", "hex");
const leave = leavePayload({ organization, list, contact, key });
const once = Buffer.from(Array.from({ length: 16 }, (_, i) => i));
const LENGTHS: Record<LinkPurpose, number> = { u: 64, c: 16, m: 36, v: 32, s: 16, i: 16, r: 16 };
const purposes = Object.keys(LENGTHS) as LinkPurpose[];

const known: [LinkPurpose, Buffer, string][] = [
  [
    "u",
    leave,
    "v1.k1.AZqgAAAAcACAAAAAAAAAqgGaoAAAAHAAgAAAAAAAALsBmqAAAABwAIAAAAAAAADM7F5VLq0PXBTLMwT0IhIytQ.Hgp7jodiDz9a2aJLbD0WiA",
  ],
  ["c", once, "v1.k1.AAECAwQFBgcICQoLDA0ODw.WaCwTfmJZOq9VPOo3-VIrw"],
  [
    "m",
    myDataPayload({ organization, contact, issuedAt: new Date("2026-11-30T08:00:59Z") }),
    "v1.k1.AZqgAAAAcACAAAAAAAAAqgGaoAAAAHAAgAAAAAAAAMwByMDA.b3S2pofW_I1TBUIn13nWdQ",
  ],
  ["v", viewPayload({ campaign, contact }), "v1.k1.AZqgAAAAcACAAAAAAAAA3QGaoAAAAHAAgAAAAAAAAMw.GjEtcf1JWH9uXKSGGOF71w"],
];
for (const [purpose, payload, token] of known) {
  test(`a link ${purpose} has the bytes that another program gives it, and reads back`, () => {
    assert.equal(makeLink(ring(), purpose, payload), token);
    assert.deepEqual(readLink(ring(), purpose, token), { kid: 1, payload });
  });
}

test("a link outlives the rotation of keys", () => {
  const old = makeLink(ring("k1"), "u", leave);
  assert.deepEqual(readLink(ring("k2"), "u", old), { kid: 1, payload: leave });
  assert.equal(readLink(ring("k1"), "u", makeLink(ring("k2"), "u", leave))?.kid, 2);
});

test("payloads say what they were given: everything as list, whole minutes as time of issue", () => {
  assert.deepEqual(readLeave(leave), { organization, list, contact, key });
  assert.deepEqual(readLeave(leavePayload({ organization, list: null, contact, key })), {
    organization,
    list: null,
    contact,
    key,
  });
  const issuedAt = new Date("2026-11-30T08:00:59Z");
  const minute = new Date("2026-11-30T08:00:00Z");
  assert.deepEqual(readMyData(myDataPayload({ organization, contact, issuedAt })), {
    organization,
    contact,
    issuedAt: minute,
  });
  assert.deepEqual(readView(viewPayload({ campaign, contact })), { campaign, contact });
  assert.throws(() => leavePayload({ organization, list, contact, key: key.subarray(1) }), /16 bytes/);
});

test("every token is under 120 characters, whatever its key", () => {
  const keys = readKeyRing(
    JSON.stringify({
      ...JSON.parse(ringText()),
      write: "k255",
      keys: { k255: Buffer.alloc(32, 9).toString("base64") },
    }),
  );
  for (const purpose of purposes) {
    const token = makeLink(keys, purpose, Buffer.alloc(LENGTHS[purpose], 255));
    assert.ok(token.length < 120);
    assert.equal(readLink(keys, purpose, token)?.kid, 255);
  }
});

test("B62: a token with any one bit flipped is refused", () => {
  for (const [purpose, , token] of known) {
    const bytes = Buffer.from(token);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      assert.equal(readLink(ring(), purpose, flipped.toString("latin1")), undefined, `bit ${bit} of ${purpose}`);
    }
  }
});

test("B62: a token cut anywhere, lengthened, in another case or with a letter changed is refused", () => {
  const token = makeLink(ring(), "u", leave);
  for (let n = 0; n < token.length; n++) assert.equal(readLink(ring(), "u", token.slice(0, n)), undefined);
  for (const tail of ["A", "=", "==", " ", "\n", ".", "%00", "\0"])
    assert.equal(readLink(ring(), "u", token + tail), undefined);
  for (const head of [" ", "\n", "v", "."]) assert.equal(readLink(ring(), "u", head + token), undefined);
  for (const other of [
    token.toUpperCase(),
    token.toLowerCase(),
    token.replace("k1", "K1"),
    token.replace("v1", "v2"),
  ]) {
    assert.equal(readLink(ring(), "u", other), undefined);
  }
});

test("B62: exactly one spelling of the same bytes is valid: no padding, no other alphabet, no spare bits", () => {
  const payload = Buffer.alloc(16, 0xff); // base64 has + and / in it
  const token = makeLink(ring(), "c", payload);
  const [version, kid, body = "", mac = ""] = token.split(".");
  const spell = (...parts: (string | undefined)[]) => parts.join(".");
  const spare = (text: string) => {
    const other = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"].map(
      (c) => text.slice(0, -1) + c,
    );
    return other.filter((x) => x !== text && Buffer.from(x, "base64url").equals(Buffer.from(text, "base64url")));
  };
  assert.ok(body.includes("_") && spare(body).length === 15 && spare(mac).length === 15);
  const wrong = [
    spell(version, kid, `${body}==`, mac),
    spell(version, kid, body, `${mac}==`),
    spell(version, kid, body.replaceAll("_", "/"), mac),
    spell(version, "k01", body, mac),
    spell(version, "1", body, mac),
    spell(version, "k1 ", body, mac),
    ...spare(body).map((x) => spell(version, kid, x, mac)),
    ...spare(mac).map((x) => spell(version, kid, body, x)),
  ];
  for (const other of wrong) assert.equal(readLink(ring(), "c", other), undefined, other);
  assert.ok(readLink(ring(), "c", token));
});

test("B63: a token of one purpose is none of another, also where the payload has the same length", () => {
  for (const made of purposes) {
    const token = makeLink(ring(), made, Buffer.alloc(LENGTHS[made], 3));
    for (const read of purposes)
      assert.equal(readLink(ring(), read, token) !== undefined, read === made, `${made} as ${read}`);
  }
});

test("B63: a token of list A is none of list B: its MAC covers every byte of the payload", () => {
  const token = makeLink(ring(), "u", leave);
  const [version, kid, , mac] = token.split(".");
  for (const other of [
    { list: campaign },
    { list: null },
    { organization: campaign },
    { contact: campaign },
    { key: Buffer.alloc(16) },
  ]) {
    const payload = leavePayload({ organization, list, contact, key, ...other });
    assert.equal(readLink(ring(), "u", [version, kid, payload.toString("base64url"), mac].join(".")), undefined);
  }
});

test("B63: a token of another installation, or of a key that the ring lacks, is refused", () => {
  const elsewhere = readKeyRing(
    JSON.stringify({ ...JSON.parse(ringText()), keys: { k1: Buffer.alloc(32, 1).toString("base64") } }),
  );
  assert.equal(readLink(ring(), "u", makeLink(elsewhere, "u", leave)), undefined);
  assert.equal(readLink(youngRing(), "u", makeLink(ring("k2"), "u", leave)), undefined);
  assert.equal(readLink(ring(), "u", makeLink(ring("k1"), "u", leave).replace("k1", "k2")), undefined);
});

test("B61: no text that was not signed is a token", () => {
  const guess = fc.oneof(
    fc.string({ maxLength: 140 }),
    fc.uint8Array({ minLength: 80, maxLength: 80 }).map(signedByChance),
  );
  fc.assert(
    fc.property(
      guess,
      fc.constantFrom(...purposes),
      (token, purpose) => readLink(ring(), purpose, token) === undefined,
    ),
    { numRuns: 2000 },
  );
});

function signedByChance(bytes: Uint8Array): string {
  const b64u = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString("base64url");
  return `v1.k1.${b64u(0, 64)}.${b64u(64, 80)}`;
}

test("a payload of another length is no link, even under a right MAC; nor is a text too long to be one read", () => {
  for (const n of [0, 15, 17, 64]) {
    const payload = Buffer.alloc(n, 4);
    const mac = hmac(ring().sub(1, "links"), "v1.c.", payload).subarray(0, 16);
    assert.equal(
      readLink(ring(), "c", `v1.k1.${payload.toString("base64url")}.${mac.toString("base64url")}`),
      undefined,
    );
  }
  const long = { length: 1e6, toString: () => assert.fail("it was read") } as unknown as string;
  assert.equal(readLink(ring(), "c", long), undefined);
});

test("a payload of another length is not signed", () => {
  assert.throws(() => makeLink(ring(), "c", Buffer.alloc(15)), /16 bytes/);
});
