import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { prepareSignatures, relaxedBody, relaxedField } from "./dkim.ts";

// RFC 6376 §3.4.5 and §3.4.4.
test("the example of RFC 6376 §3.4.5, byte by byte (AU-02)", () => {
  assert.equal(relaxedField("A: X"), "a:X");
  assert.equal(relaxedField("B : Y\t\r\n\tZ  "), "b:Y Z");
  assert.equal(relaxedBody(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
});

test("bodies: empty is empty, a last line gets its end, white space is one space (AU-02, B98)", () => {
  for (const empty of ["", "\r\n", "\r\n\r\n\r\n"]) assert.equal(relaxedBody(empty), "");
  assert.equal(relaxedBody("a"), "a\r\n");
  assert.equal(relaxedBody("a  "), "a\r\n");
  assert.equal(relaxedBody("a\r\n \t\r\n"), "a\r\n");
  assert.equal(relaxedBody("\ta\t\tb \r\n\r\nc\r\n"), " a b\r\n\r\nc\r\n");
  const sha = (text: string) => createHash("sha256").update(text).digest("base64");
  assert.equal(sha(relaxedBody("")), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "RFC 6376 §3.4.4");
});

test("the body is what a verifier that works line by line makes of it (AU-02)", () => {
  const text = fc.string({ unit: fc.constantFrom("a", " ", "\t", "\r\n", ".", "è"), maxLength: 60 });
  fc.assert(
    fc.property(text, (body) => {
      const lines = body.split("\r\n").map((line) => line.replace(/[ \t]+/g, " ").replace(/ $/, ""));
      while (lines.length > 0 && lines.at(-1) === "") lines.pop();
      assert.equal(relaxedBody(body), lines.map((line) => `${line}\r\n`).join(""));
    }),
  );
});

const AS = { algorithm: "ed25519", domain: "esempio.it", selector: "s1" } as const;
const AT = new Date("2026-11-24T08:00:00Z");
const raw = Buffer.from(
  "From: Ada <ada@esempio.it>\r\nTo: b@x.example\r\nSubject: Uno\r\n due\r\nDate: Tue, 24 Nov 2026 08:00:00 +0000\r\nMessage-ID: <1@esempio.it>\r\nX-Altro: no\r\nList-Help: <https://esempio.it>\r\n\r\nCiao\r\n",
);

test("one signature field: nothing that can be added on the way is left open (AU-02, WD-02, HD-05)", () => {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const unsigned = prepareSignatures(raw, { as: [AS], at: AT });
  const [digest] = unsigned.digests;
  assert.ok(digest);
  const signature = sign(null, digest, privateKey);
  const text = Buffer.concat(unsigned.signed([signature])).toString();
  assert.ok(text.endsWith(raw.toString()));
  const field = text.slice(0, text.length - raw.length);
  assert.ok(field.split("\r\n").every((line) => line.length <= 78));
  const value = field.replace(/\r\n[ \t]/g, " ");
  const h = /h=([^;]*)/.exec(value)?.[1]?.replace(/ /g, "") ?? "";
  assert.equal(
    h,
    "From:From:To:To:Cc:Subject:Subject:Date:Date:Message-ID:Message-ID:Reply-To:MIME-Version:Content-Type:List-Unsubscribe:List-Unsubscribe-Post:List-Id:Feedback-ID:List-Help",
  );
  assert.match(
    value,
    /^DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed\/relaxed; d=esempio\.it; s=s1; t=1795507200; h=/,
  );
  // What RFC 6376 §3.7 says is hashed, written out by hand.
  const covered =
    "from:Ada <ada@esempio.it>\r\nto:b@x.example\r\nsubject:Uno due\r\ndate:Tue, 24 Nov 2026 08:00:00 +0000\r\nmessage-id:<1@esempio.it>\r\nlist-help:<https://esempio.it>\r\n";
  const own = `dkim-signature:${value.slice("DKIM-Signature: ".length).replace(/b=[^=;]*=*\s*$/, "b=")}`;
  assert.ok(own.endsWith("; b="), own);
  assert.ok(
    verify(
      null,
      createHash("sha256")
        .update(covered + own)
        .digest(),
      publicKey,
      signature,
    ),
  );
});

test("the same message, key and time give the same bytes, with RSA and with Ed25519", () => {
  const pairs = [generateKeyPairSync("rsa", { modulusLength: 2048 }), generateKeyPairSync("ed25519")];
  const make = () => {
    const unsigned = prepareSignatures(raw, { as: [{ ...AS, algorithm: "rsa" }, AS], at: AT });
    const keys = pairs.map((pair) => createPrivateKey(pair.privateKey.export({ type: "pkcs8", format: "pem" })));
    return Buffer.concat(
      unsigned.signed(unsigned.digests.map((digest, i) => sign(i === 0 ? "sha256" : null, digest, keys[i] ?? ""))),
    );
  };
  assert.ok(make().equals(make()));
  assert.ok(createPublicKey(pairs[0]?.publicKey.export({ type: "spki", format: "pem" }) ?? ""));
});

test("a message without a body is signed as one with an empty body", () => {
  const bh = (text: string) => {
    const { signed } = prepareSignatures(Buffer.from(text), { as: [AS], at: AT });
    return /bh=([^;]+);/.exec(Buffer.concat(signed([Buffer.alloc(64)])).toString())?.[1];
  };
  assert.equal(bh("From: a@b.it"), bh("From: a@b.it\r\n\r\n"));
  assert.equal(bh("From: a@b.it\r\n\r\n"), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
});

test("a message with bare line ends is signed as it is carried (B97)", () => {
  const bare = Buffer.from(raw.toString().replace("Ciao\r\n", "Ciao\nMondo\r"));
  const { signed } = prepareSignatures(bare, { as: [AS], at: AT });
  assert.ok(
    Buffer.concat(signed([Buffer.alloc(64)]))
      .toString()
      .endsWith("Ciao\r\nMondo\r\n"),
  );
});
