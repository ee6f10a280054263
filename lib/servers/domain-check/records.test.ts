import assert from "node:assert/strict";
import { test } from "node:test";
import { straightened } from "./context.ts";
import { isDmarc, meantAsDmarc, modernised, readDmarc } from "./dmarc-record.ts";
import { reversed } from "./ptr.ts";
import { isSpf, meantAsSpf, mergedSpf, spfTerms, unknownTerms, withTerm, withTerms } from "./spf-record.ts";

test("SPF: what a receiver takes for a record, what a person meant as one, and its straight form", () => {
  for (const text of ["v=spf1 -all", "V=SPF1 mx", "v=spf1"]) assert.ok(isSpf(text) && !meantAsSpf(text), text);
  for (const text of ["“v=spf1 mx ~all”", '"v=spf1 ~all"', " v=spf1 -all", "‘v=spf1 -all’", "v = spf1 -all"])
    assert.ok(!isSpf(text) && meantAsSpf(text), text);
  for (const text of ["v=spf10 -all", "google-site-verification=spf1", "spf2.0/pra"])
    assert.ok(!isSpf(text) && !meantAsSpf(text), text);
  assert.equal(straightened("“v=spf1 mx:mail.esempio.it ~all”"), "v=spf1 mx:mail.esempio.it ~all");
});

test("SPF: words in and out, and two records made one", () => {
  assert.equal(
    withTerms("v=spf1 mx ~all", ["a:smtp.x.it", "mx", "ip4:1.2.3.4"]),
    "v=spf1 mx a:smtp.x.it ip4:1.2.3.4 ~all",
  );
  assert.equal(withTerms("v=spf1 redirect=_spf.x.it", ["mx"]), "v=spf1 mx redirect=_spf.x.it");
  assert.equal(withTerms("v=spf1 mx", ["a"]), "v=spf1 mx a");
  assert.equal(withTerm("v=spf1 mx:mail.x.it ~all", "mx:mail.x.it", "a:mail.x.it"), "v=spf1 a:mail.x.it ~all");
  assert.equal(mergedSpf(["v=spf1 mx -all", "v=spf1 include:_spf.x.it mx ~all"]), "v=spf1 mx include:_spf.x.it ~all");
  assert.equal(mergedSpf(["v=spf1 mx -all", "v=spf1 a -all"]), "v=spf1 mx a -all");
  const terms = spfTerms("v=spf1 +mx/24 ?include:a.it ip6:2001:db8::/32 exp=x.it ipv4:1.2.3.4 ~all");
  assert.deepEqual(unknownTerms(terms), ["ipv4:1.2.3.4"]);
  assert.deepEqual(
    terms.map((one) => [one.qualifier, one.name, one.value]),
    [
      ["+", "mx", "/24"],
      ["?", "include", "a.it"],
      ["+", "ip6", "2001:db8::/32"],
      ["", "exp", "x.it"],
      ["+", "ipv4", "1.2.3.4"],
      ["~", "all", ""],
    ],
  );
});

test("DMARC by RFC 9989: t, np and psd are known, pct, rf and ri are gone (AU-01)", () => {
  const read = readDmarc("v=DMARC1; p=quarantine; sp=reject; np=reject; psd=n; t=y; adkim=s; rua=mailto:d@x.it; fo=1");
  assert.deepEqual(
    [read?.policy, read?.sp, read?.np, read?.psd, read?.testing, read?.adkim, read?.aspf, read?.reports],
    ["quarantine", "reject", "reject", "n", true, "s", "r", true],
  );
  assert.deepEqual([read?.removed, read?.unknown, read?.invalid], [[], [], []]);
  const old = readDmarc("v=DMARC1; p=reject; pct=50; rf=afrf; ri=86400; xx=1; adkim=strict");
  assert.deepEqual(old?.removed, ["pct", "rf", "ri"]);
  assert.deepEqual(old?.unknown, ["xx"]);
  assert.deepEqual(old?.invalid, ["adkim=strict"]);
  assert.equal(old?.adkim, "r");
  assert.equal(modernised("v=DMARC1; p=reject; pct=50; ri=86400"), "v=DMARC1; p=reject; t=y");
  assert.equal(modernised("v=DMARC1; p=reject; pct=100; rua=mailto:a@b.it"), "v=DMARC1; p=reject; rua=mailto:a@b.it");
  assert.deepEqual(readDmarc("v=DMARC1; rua=mailto:a@b.it")?.invalid, ["p"]);
  for (const text of ["v=dmarc1; p=none", "“v=DMARC1; p=none”", "v=DMARC1 p=none"])
    assert.ok(!isDmarc(text) && meantAsDmarc(text), text);
  assert.ok(isDmarc("v=DMARC1;p=none") && isDmarc("v = DMARC1 ; p=none"));
  assert.equal(readDmarc("v=DMARC1; p=none; p=reject"), undefined);
});

test("addresses as zones spell them", () => {
  assert.equal(reversed("192.0.2.1"), "1.2.0.192");
  const long = "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4";
  assert.equal(reversed("4321:0:1:2:3:4:567:89ab"), long, "RFC 3596 §2.5");
  assert.equal(reversed("2001:db8::1").split(".").length, 32);
  assert.equal(reversed("::ffff:1.2.3.4"), `4.0.3.0.2.0.1.0.f.f.f.f.${"0.".repeat(19)}0`);
});
