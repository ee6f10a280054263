import assert from "node:assert/strict";
import { after, test } from "node:test";
import { openDns } from "../../lib/servers/dns.ts";
import { startDns } from "../support/dns.ts";

const long = `v=DKIM1; k=rsa; p=${"A".repeat(900)}`;
const { dns, port, asked } = await startDns(
  { after },
  {
    zone: {
      "esempio.it TXT": ["v=spf1 -all", "“v=spf1 ~all”"],
      "esempio.it MX": ["10 mail.esempio.it"],
      "k._domainkey.esempio.it TXT": [long],
      "alias.esempio.it CNAME": ["esempio.it"],
      "tace.esempio.it TXT": "silent",
      "rotto.esempio.it TXT": "servfail",
      "rifiuta.esempio.it TXT": "refused",
    },
    authority: { "esempio.it TXT": ["dal suo"] },
  },
);

test("the DNS: texts whole and in their own letters, long ones over TCP, aliases followed", async () => {
  assert.deepEqual(await dns("esempio.it", "TXT"), { is: "found", records: ["v=spf1 -all", "“v=spf1 ~all”"] });
  assert.deepEqual(await dns("alias.esempio.it", "TXT"), { is: "found", records: ["v=spf1 -all", "“v=spf1 ~all”"] });
  assert.deepEqual(await dns("k._domainkey.esempio.it", "TXT"), { is: "found", records: [long] });
  assert.deepEqual(await dns("esempio.it", "MX"), {
    is: "found",
    records: [{ exchange: "mail.esempio.it", priority: 10 }],
  });
});

test("no name and no record are missing; silence, failure and refusal are unknown (AU-01)", async () => {
  for (const name of ["niente.esempio.it", "mail.esempio.it", `${"x".repeat(70)}.it`])
    assert.deepEqual(await dns(name, "TXT"), { is: "missing" }, name);
  assert.deepEqual(await dns("esempio.it", "AAAA"), { is: "missing" });
  for (const name of ["tace", "rotto", "rifiuta"])
    assert.deepEqual(await dns(`${name}.esempio.it`, "TXT"), { is: "unknown" }, name);
});

test("name servers are asked themselves, but none inside this network (B51)", async () => {
  assert.deepEqual(await dns("esempio.it", "TXT", ["127.0.0.2"]), { is: "found", records: ["dal suo"] });
  const before = asked.length;
  const real = openDns({ port, timeoutMs: 100 });
  assert.deepEqual(await real("esempio.it", "TXT", ["127.0.0.2", "10.0.0.1", "::1"]), { is: "unknown" });
  assert.equal(asked.length, before);
});
