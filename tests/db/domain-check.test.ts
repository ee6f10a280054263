import assert from "node:assert/strict";
import { after, test } from "node:test";
import { installation } from "../../db/schema/installation.ts";
import { dkimPage } from "../../lib/servers/dkim-find.ts";
import { checkDomain } from "../../lib/servers/domain-check/check-domain.ts";
import type { Sender } from "../../lib/servers/domain-check/context.ts";
import { senderOf } from "../../lib/servers/domain-check/senders.ts";
import { freshDatabase } from "../support/database.ts";
import { startDns, type Zone } from "../support/dns.ts";
import { type Scene, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { signing } from "../support/signed.ts";

/** A domain that has everything right: the server's host at 93.184.215.14, its own mail exchanger, policy and names. */
const GOOD: Zone = {
  "libreria.example NS": ["ns.libreria.example"],
  "ns.libreria.example A": ["127.0.0.2"],
  "libreria.example MX": ["10 mx.libreria.example"],
  "mx.libreria.example A": ["93.184.215.20"],
  "libreria.example TXT": ["v=spf1 a:smtp.libreria.example -all"],
  "_dmarc.libreria.example TXT": ["v=DMARC1; p=reject; rua=mailto:dmarc@libreria.example"],
  "smtp.libreria.example A": ["93.184.215.14"],
  "14.215.184.93.in-addr.arpa PTR": ["smtp.libreria.example"],
};

const d = await freshDatabase({ after });
const { dns, zone, asked } = await startDns({ after }, { zone: { ...GOOD }, timeoutMs: 300 });
const s = await testServices(d, { dns });

const base: Scene = await scene(s, { people: 0 });
const server = await sinkServer(s, { organization: base.organization, port: 25 });
await signing(s, { who: base.who, server, ed25519: true });
const keys = (await dkimPage(s, { who: base.who, server })).keys;
const records = Object.fromEntries(keys.map((key) => [`${key.name} TXT`, [key.value]]));

/** The check over a zone that differs from the good one. */
async function checked(
  change: Zone = {},
  sender: Partial<Omit<Sender, "server">> & { server?: Partial<Sender["server"]> } = {},
) {
  for (const name of Object.keys(zone)) delete zone[name];
  Object.assign(zone, GOOD, records, change);
  for (const name of Object.keys(change)) if (change[name]?.length === 0) delete zone[name];
  const own = await senderOf(s, { organization: base.organization, server });
  const host = { host: "smtp.libreria.example", kind: "dedicated" as const };
  const made = { ...own, ...sender, server: { ...own.server, ...host, ...sender.server } };
  const result = await checkDomain(s, { sender: made, fetch: async () => "" });
  const of = (check: string) => result.findings.filter((one) => one.check === check);
  const codes = (check: string) => of(check).map((one) => one.code);
  return {
    ...result,
    of,
    codes,
    fact: (check: string, name: string) => String(of(check).find((one) => name in one.facts)?.facts[name] ?? ""),
  };
}

test("all is well: SPF and DKIM pass and are aligned, DMARC passes, the names lead back (AU-01, AU-02)", async () => {
  const all = await checked();
  assert.deepEqual([all.spf, all.dkim, all.dmarc], ["pass", "pass", "pass"]);
  assert.deepEqual(
    all.findings.filter((one) => one.level !== "ok"),
    [],
  );
  assert.deepEqual(all.codes("dkim"), ["ok", "ok"]);
  assert.deepEqual(all.codes("alignment"), ["both"]);
});

test("SPF: missing, quoted, twice, under the wrong name: each with the record to paste (AU-01)", async () => {
  const missing = await checked({ "libreria.example TXT": [] });
  assert.deepEqual([missing.spf, ...missing.codes("spf")], ["fail", "missing"]);
  assert.equal(missing.fact("spf", "record"), "v=spf1 mx a:smtp.libreria.example ~all");
  const quotes = await checked({ "libreria.example TXT": ["“v=spf1 a:smtp.libreria.example ~all”"] });
  assert.deepEqual([quotes.spf, ...quotes.codes("spf")], ["fail", "quotes"]);
  assert.equal(quotes.fact("spf", "record"), "v=spf1 a:smtp.libreria.example ~all");
  const two = await checked({ "libreria.example TXT": ["v=spf1 mx ~all", "v=spf1 a:smtp.libreria.example -all"] });
  assert.deepEqual([two.spf, ...two.codes("spf")], ["fail", "two"]);
  assert.equal(two.fact("spf", "record"), "v=spf1 mx a:smtp.libreria.example ~all");
  const wrong = await checked({
    "libreria.example TXT": [],
    "libreria.example.libreria.example TXT": ["v=spf1 a:smtp.libreria.example ~all"],
  });
  assert.deepEqual([wrong.spf, ...wrong.codes("spf")], ["fail", "wrong_name"]);
  assert.equal(wrong.fact("spf", "at"), "libreria.example.libreria.example");
});

test("the record of the provider's own page, with its curly quotes and its mx: to a host without MX (AU-01)", async () => {
  const page = "v=spf1 mx:mail.libreria.example a:mx.cluster2.hosting.example ~all";
  const hosts: Zone = {
    "mail.libreria.example A": ["93.184.215.14"],
    "mx.cluster2.hosting.example A": ["93.184.215.30"],
  };
  const pasted = await checked({ ...hosts, "libreria.example TXT": [`“${page}”`] });
  assert.deepEqual(pasted.codes("spf"), ["quotes"]);
  assert.equal(pasted.fact("spf", "record"), page);
  const straight = await checked({ ...hosts, "libreria.example TXT": [page] });
  assert.equal(straight.spf, "fail");
  assert.deepEqual(straight.codes("spf").sort(), ["mx_without_mx", "not_listed"]);
  const mended = "v=spf1 a:mail.libreria.example a:mx.cluster2.hosting.example ~all";
  assert.equal(straight.of("spf").find((one) => one.code === "mx_without_mx")?.facts.record, mended);
  const after = await checked({ ...hosts, "libreria.example TXT": [mended] });
  assert.deepEqual([after.spf, ...after.codes("spf")], ["pass", "ok"]);
});

test("SPF: not listed, +all, ?all, no end, unknown words, dead targets, too many look-ups (AU-01)", async () => {
  const codes = async (record: string, more: Zone = {}) => {
    const found = await checked({ "libreria.example TXT": [record], ...more });
    return [found.spf, ...found.codes("spf")];
  };
  assert.deepEqual(await codes("v=spf1 ip4:192.0.2.1 -all"), ["fail", "not_listed"]);
  assert.deepEqual(await codes("v=spf1 +all"), ["pass", "ok", "plus_all"]);
  assert.deepEqual(await codes("v=spf1 all"), ["pass", "ok", "plus_all"]);
  assert.deepEqual(await codes("v=spf1 a:smtp.libreria.example ?all"), ["pass", "ok", "neutral_all"]);
  assert.deepEqual(await codes("v=spf1 a:smtp.libreria.example"), ["pass", "ok", "no_all"]);
  assert.deepEqual(await codes("v=spf1 ipv4:93.184.215.14 -all"), ["fail", "broken", "word"]);
  assert.deepEqual(await codes("v=spf1 a:gone.example a:smtp.libreria.example -all"), ["pass", "ok", "target_missing"]);
  assert.deepEqual(await codes("v=spf1 include:gone.example -all"), ["fail", "broken", "include_missing"]);
  const many: Zone = {};
  for (let i = 0; i < 6; i++) many[`i${i}.example TXT`] = ["v=spf1 a:x.example mx:x.example -all"];
  const includes = Object.keys(many).map((name) => `include:${name.split(" ")[0]}`);
  const found = await codes(`v=spf1 a:smtp.libreria.example ${includes.join(" ")} -all`, {
    ...many,
    "x.example A": ["192.0.2.9"],
    "x.example MX": ["1 x.example"],
  });
  assert.deepEqual(found, ["pass", "ok", "too_many"]);
  const added = await checked({ "libreria.example TXT": ["v=spf1 mx -all"] }, { server: { ips: ["93.184.215.15"] } });
  assert.equal(added.fact("spf", "record"), "v=spf1 mx a:smtp.libreria.example ip4:93.184.215.15 -all");
});

test("SPF is looked at for the host's addresses and for those that the owner entered; some is said as some (AU-01)", async () => {
  const some = await checked({}, { server: { ips: ["93.184.215.99"] } });
  assert.deepEqual([some.spf, ...some.codes("spf")], ["pass", "some"]);
  assert.equal(some.fact("spf", "addresses"), "93.184.215.99");
  const inside = await checked({ "smtp.libreria.example A": ["10.0.0.5"] });
  assert.deepEqual([inside.spf, ...inside.codes("spf")], ["unknown", "no_address"]);
  assert.deepEqual(inside.codes("ptr"), []);
});

test("a time-out is not a missing record, wherever it happens (AU-01)", async () => {
  const silent = await checked({ "libreria.example TXT": "silent" });
  assert.deepEqual([silent.spf, ...silent.codes("spf")], ["unknown", "unknown"]);
  const inside = await checked({
    "libreria.example TXT": ["v=spf1 include:spf.fornitore.example -all"],
    "spf.fornitore.example TXT": "servfail",
  });
  assert.deepEqual([inside.spf, ...inside.codes("spf")], ["unknown", "unknown"]);
  const [rsa, ed] = keys.map((key) => `${key.name} TXT`);
  const dkim = await checked({ [rsa ?? ""]: "silent", [ed ?? ""]: "refused" });
  assert.deepEqual([dkim.dkim, ...dkim.codes("dkim")], ["unknown", "unknown", "unknown"]);
  const dmarc = await checked({ "_dmarc.libreria.example TXT": "silent" });
  assert.deepEqual([dmarc.dmarc, ...dmarc.codes("dmarc")], ["unknown", "unknown"]);
  const rest = await checked({
    "libreria.example MX": "servfail",
    "14.215.184.93.in-addr.arpa PTR": "silent",
    "_mta-sts.libreria.example TXT": "refused",
  });
  for (const check of ["mx", "ptr", "mta_sts"])
    assert.deepEqual(
      rest.of(check).map((one) => one.level),
      ["unknown"],
      check,
    );
});

test("DKIM: missing, another key, curly quotes, under the wrong name, nobody, not aligned (AU-01, AU-02)", async () => {
  const [first, second] = keys;
  assert.ok(first && second);
  const both = (value: (key: (typeof keys)[number]) => string[]) =>
    Object.fromEntries(keys.map((key) => [`${key.name} TXT`, value(key)]));
  const gone = await checked(both(() => []));
  assert.deepEqual([gone.dkim, ...gone.codes("dkim")], ["fail", "missing", "missing"]);
  assert.equal(gone.fact("dkim", "record"), first.value);
  const other = await checked(both(() => [second.value.replace(/p=.{8}/, "p=AAAAAAAA")]));
  assert.deepEqual([other.dkim, ...other.codes("dkim")], ["fail", "other", "other"]);
  const quotes = await checked(both((key) => [`“${key.value}”`]));
  assert.deepEqual([quotes.dkim, ...quotes.codes("dkim")], ["fail", "quotes", "quotes"]);
  const twice = Object.fromEntries(keys.map((key) => [`${key.name}.libreria.example TXT`, [key.value]]));
  const wrong = await checked({ ...both(() => []), ...twice });
  assert.deepEqual([wrong.dkim, ...wrong.codes("dkim")], ["fail", "wrong_name", "wrong_name"]);
  const nobody = await checked({}, { server: { dkim: "none" } });
  assert.deepEqual([nobody.dkim, ...nobody.codes("dkim")], ["fail", "nobody"]);
  const provider = { dkim: "provider" as const, dkimDomain: "fornitore.example", dkimSelector: "k1" };
  const value = first.value;
  const signs = await checked(
    { "k1._domainkey.fornitore.example TXT": [value], "libreria.example TXT": ["v=spf1 -all"] },
    { server: provider },
  );
  assert.deepEqual([signs.dkim, ...signs.codes("dkim")], ["pass", "provider"]);
  assert.deepEqual(signs.codes("alignment"), ["dkim"], "DKIM passes and is not aligned");
  assert.equal(signs.dmarc, "fail");
  const absent = await checked({}, { server: provider });
  assert.deepEqual([absent.dkim, ...absent.codes("dkim")], ["fail", "provider_missing"]);
  const mailbox = await checked({}, { server: { dkim: "none", kind: "mailbox" } });
  assert.equal(mailbox.dkim, "unknown");
});

test("DMARC: missing, twice, quotes, wrong name, what RFC 9989 took out; a policy for subdomains (AU-01)", async () => {
  const of = async (value: string[], more: Zone = {}) => {
    const found = await checked({ "_dmarc.libreria.example TXT": value, ...more });
    return [found.dmarc, ...found.codes("dmarc")];
  };
  assert.deepEqual(await of([]), ["none", "missing"]);
  assert.deepEqual(await of(["v=DMARC1; p=none; rua=mailto:a@b.it", "v=DMARC1; p=reject"]), ["none", "two"]);
  assert.deepEqual(await of(["“v=DMARC1; p=none”"]), ["none", "quotes"]);
  assert.deepEqual(await of([], { "_dmarc.libreria.example.libreria.example TXT": ["v=DMARC1; p=none"] }), [
    "none",
    "wrong_name",
  ]);
  assert.deepEqual(await of(["v=DMARC1; p=none; pct=100; rua=mailto:a@b.it"]), ["pass", "watching", "removed"]);
  assert.deepEqual(await of(["v=DMARC1; p=reject; t=y; np=reject; psd=n; rua=mailto:a@b.it"]), [
    "pass",
    "ok",
    "testing",
  ]);
  assert.deepEqual(await of(["v=DMARC1; p=reject; psd=y"]), ["pass", "ok", "psd", "no_reports"]);
});

test("alignment by RFC 9989: relaxed by the walk up the tree, strict by name; the library alone would let strict pass (AU-01)", async () => {
  const spf: Zone = {
    "rimbalzi.libreria.example TXT": ["v=spf1 a:smtp.libreria.example -all"],
    "rimbalzi.libreria.example MX": ["10 mx.libreria.example"],
  };
  const sender = { envelopeFrom: "b@rimbalzi.libreria.example", server: { dkim: "none" as const } };
  const relaxed = await checked(spf, sender);
  assert.deepEqual([relaxed.spf, relaxed.dmarc, ...relaxed.codes("alignment")], ["pass", "pass", "by_spf"]);
  const strict = await checked({ ...spf, "_dmarc.libreria.example TXT": ["v=DMARC1; p=reject; aspf=s"] }, sender);
  assert.deepEqual([strict.spf, strict.dmarc, ...strict.codes("alignment")], ["pass", "fail", "spf"]);
  const apart = await checked({ ...spf, "_dmarc.rimbalzi.libreria.example TXT": ["v=DMARC1; p=none; psd=n"] }, sender);
  assert.deepEqual([apart.dmarc, ...apart.codes("alignment")], ["fail", "spf"], "psd=n: an organization of its own");
  const registry = await checked(
    { ...spf, "_dmarc.libreria.example TXT": [], "_dmarc.example TXT": ["v=DMARC1; p=reject; psd=y"] },
    sender,
  );
  assert.equal(registry.dmarc, "pass", "below psd=y each name is an organization, with its subdomains");
  const none = await checked({ ...spf, "_dmarc.libreria.example TXT": [] }, sender);
  assert.deepEqual([none.dmarc, ...none.codes("alignment")], ["none", "by_spf"], "no record: by public suffixes");
});

test("the way back and the names: MX missing, null, an address; PTR missing or leading elsewhere", async () => {
  const mx = async (value: string[], more: Zone = {}) =>
    (await checked({ "libreria.example MX": value, ...more })).codes("mx");
  assert.deepEqual(await mx([]), ["missing"]);
  assert.deepEqual(await mx([], { "libreria.example A": ["93.184.215.1"] }), ["implicit"]);
  assert.deepEqual(await mx(["0 ."]), ["null"]);
  assert.deepEqual(await mx(["10 93.184.215.20"]), ["address"]);
  assert.deepEqual(await mx(["10 gone.example"]), ["no_host"]);
  const ptr = async (change: Zone) => (await checked(change)).of("ptr").map((one) => `${one.code} ${one.level}`);
  assert.deepEqual(await ptr({ "14.215.184.93.in-addr.arpa PTR": [] }), ["missing bad"]);
  assert.deepEqual(await ptr({ "14.215.184.93.in-addr.arpa PTR": ["altro.example"] }), ["not_back bad"]);
  const shared = await checked({ "14.215.184.93.in-addr.arpa PTR": [] }, { server: { kind: "shared" } });
  assert.deepEqual(
    shared.of("ptr").map((one) => one.level),
    ["warn"],
    "the provider's to mend",
  );
});

test("blocklists: only those that the operator set, tried with their test entries first; a refusal is no listing", async () => {
  const before = asked.length;
  assert.deepEqual((await checked()).codes("blocklist"), [], "none by default");
  assert.ok(!asked.slice(before).some((one) => one.includes("14.215.184.93.") && !one.includes("arpa")));
  const lists = ["indirizzi.example", "domini.example", "rifiuta.example", "tutto.example", "tace.example"];
  await s.db.update(installation).set({ blocklists: lists });
  const tests: Zone = {
    "2.0.0.127.indirizzi.example A": ["127.0.0.2"],
    "test.domini.example A": ["127.0.1.2"],
    "2.0.0.127.rifiuta.example A": ["127.255.255.254"],
    "2.0.0.127.tutto.example A": ["127.0.0.2"],
    "1.0.0.127.tutto.example A": ["127.0.0.2"],
    "2.0.0.127.tace.example A": "silent",
  };
  const clean = await checked(tests);
  assert.deepEqual(
    clean.of("blocklist").map((one) => `${one.facts.zone} ${one.code} ${one.level}`),
    [
      "indirizzi.example ok ok",
      "domini.example ok ok",
      "rifiuta.example unknown unknown",
      "tutto.example no_list unknown",
      "tace.example unknown unknown",
    ],
  );
  const listed = await checked({
    ...tests,
    "14.215.184.93.indirizzi.example A": ["127.0.0.4"],
    "14.215.184.93.indirizzi.example TXT": ["Listed, see list"],
    "libreria.example.domini.example A": ["127.0.1.5"],
  });
  assert.deepEqual(
    listed
      .of("blocklist")
      .filter((one) => one.level === "bad")
      .map((one) => [one.code, one.facts.subject, one.facts.text]),
    [
      ["address", "93.184.215.14", "Listed, see list"],
      ["domain", "libreria.example", ""],
    ],
  );
  await s.db.update(installation).set({ blocklists: [] });
});
