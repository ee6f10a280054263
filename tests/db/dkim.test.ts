import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { dkimKeys } from "../../db/schema/dkim.ts";
import { servers } from "../../db/schema/servers.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { activateDkim, lookAtDkim, lookAtKeys, lookAtWaitingKeys } from "../../lib/servers/dkim-activate.ts";
import { type DkimPage, dkimPage } from "../../lib/servers/dkim-find.ts";
import { makeDkimKeys, privatePlace } from "../../lib/servers/dkim-make.ts";
import { setDkim } from "../../lib/servers/dkim-mode.ts";
import { removeDkimKey } from "../../lib/servers/dkim-remove.ts";
import { freshDatabase } from "../support/database.ts";
import { startDns, type Zone } from "../support/dns.ts";
import { type Scene, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const BASE: Zone = { "libreria.example NS": ["ns.libreria.example"], "ns.libreria.example A": ["127.0.0.2"] };
const d = await freshDatabase({ after });
const { dns, zone, authority } = await startDns({ after }, { zone: { ...BASE }, authority: { ...BASE } });
const s = await testServices(d, { dns });
const code = (wanted: string) => (error: unknown) => (error as { code?: string }).code === wanted;

type Place = Scene & { server: string };
async function place(): Promise<Place> {
  const here = await scene(s, { people: 0 });
  return { ...here, server: await sinkServer(s, { organization: here.organization, port: 25 }) };
}
const page = ({ who, server }: Place) => dkimPage(s, { who, server });
const publish = (where: Zone, of: DkimPage, selectors?: string[]) => {
  for (const key of of.keys) if (!selectors || selectors.includes(key.selector)) where[`${key.name} TXT`] = [key.value];
};
const clear = () => {
  for (const where of [zone, authority])
    for (const name of Object.keys(where)) if (name.includes("_domainkey")) delete where[name];
};
const states = (of: DkimPage) => of.keys.map((key) => `${key.algorithm} ${key.state}`);
const days = (n: number) =>
  d.owner.db.execute(
    sql`update dkim_keys set retired_at = retired_at - ${n} * interval '1 day' where retired_at is not null`,
  );

test("keys are made here, sealed at rest, and belong together", async () => {
  const here = await place();
  await makeDkimKeys(s, { who: here.who, server: here.server, ed25519: true });
  const rows = await s.db.select().from(dkimKeys).where(eq(dkimKeys.organization, here.organization));
  assert.deepEqual(rows.map((row) => row.algorithm).sort(), ["ed25519", "rsa"]);
  for (const row of rows) {
    const der = open(s.keys, privatePlace(row.id), row.private);
    assert.ok(!row.private.includes(der.subarray(0, 16)));
    const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
    const spki = createPublicKey(key).export({ type: "spki", format: "der" });
    assert.equal(row.public, (row.algorithm === "rsa" ? spki : spki.subarray(-32)).toString("base64"));
    if (row.algorithm === "rsa") assert.equal(key.asymmetricKeyDetails?.modulusLength, 2048);
  }
  const shown = await page(here);
  assert.equal(shown.mode, "ours");
  assert.equal(shown.domain, "libreria.example");
  assert.ok(
    shown.keys.every((key) => key.pieces.join("") === key.value && key.pieces.every((one) => one.length <= 255)),
  );
  assert.ok(!JSON.stringify(shown).includes("private"));
  await assert.rejects(makeDkimKeys(s, { who: here.who, server: here.server, ed25519: false }), code("DKIM_KEYS_WAIT"));
});

test("a key signs when both resolvers see its record, not before (AU-02)", async () => {
  clear();
  const here = await place();
  const look = () => lookAtKeys(s, { organization: here.organization, domain: "libreria.example" });
  await makeDkimKeys(s, { who: here.who, server: here.server, ed25519: true });
  assert.equal(await look(), 0);
  const found = (of: DkimPage) => of.keys.map((key) => key.seen.map((one) => one.found).join("/"));
  assert.deepEqual(found(await page(here)), ["missing/missing", "missing/missing"]);
  publish(authority, await page(here));
  assert.equal(await look(), 0);
  assert.deepEqual(found(await page(here)), ["missing/same", "missing/same"]);
  publish(zone, await page(here));
  await lookAtWaitingKeys(s);
  assert.deepEqual(states(await page(here)).sort(), ["ed25519 signs", "rsa signs"]);
});

test("Ed25519 waits for RSA", async () => {
  clear();
  const here = await place();
  await makeDkimKeys(s, { who: here.who, server: here.server, ed25519: true });
  const ed = (await page(here)).keys.filter((key) => key.algorithm === "ed25519").map((key) => key.selector);
  for (const where of [zone, authority]) publish(where, await page(here), ed);
  await lookAtDkim(s, { who: here.who, server: here.server });
  assert.deepEqual(states(await page(here)).sort(), ["ed25519 waits", "rsa waits"]);
  for (const where of [zone, authority]) publish(where, await page(here));
  await lookAtDkim(s, { who: here.who, server: here.server });
  assert.deepEqual(states(await page(here)).sort(), ["ed25519 signs", "rsa signs"]);
});

test("another key, curly quotes and two records are told with what stands there; a record under the domain twice is found", async () => {
  clear();
  const here = await place();
  await makeDkimKeys(s, { who: here.who, server: here.server, ed25519: false });
  const [key] = (await page(here)).keys;
  assert.ok(key);
  const seen = async () => {
    await lookAtDkim(s, { who: here.who, server: here.server });
    return (await page(here)).keys[0]?.seen ?? [];
  };
  zone[`${key.name} TXT`] = ["v=DKIM1; k=rsa; p=TUlJQklqQU4="];
  authority[`${key.name} TXT`] = [`“${key.value}”`];
  const [system, own] = await seen();
  assert.deepEqual([system?.found, own?.found], ["other", "other"]);
  assert.match(system?.fingerprint ?? "", /^([0-9A-F]{2}:){7}/);
  assert.ok(own?.value?.startsWith("“v=DKIM1"));
  zone[`${key.name} TXT`] = [key.value, "v=DKIM1; p="];
  assert.equal((await seen())[0]?.found, "other");
  clear();
  zone[`${key.name}.libreria.example TXT`] = [key.value];
  assert.deepEqual(
    (await seen()).map((one) => one.at),
    [`${key.name}.libreria.example`, `${key.name}.libreria.example`],
  );
});

test("a time-out is not a missing record; where only the own name servers are out of reach, a person may begin", async () => {
  clear();
  const here = await place();
  await makeDkimKeys(s, { who: here.who, server: here.server, ed25519: false });
  const [key] = (await page(here)).keys;
  assert.ok(key);
  const press = () => activateDkim(s, { who: here.who, server: here.server });
  zone[`${key.name} TXT`] = "silent";
  authority[`${key.name} TXT`] = "servfail";
  await assert.rejects(press(), code("DKIM_NOT_SEEN"));
  assert.deepEqual(
    (await page(here)).keys[0]?.seen.map((one) => one.found),
    ["timeout", "timeout"],
  );
  zone[`${key.name} TXT`] = [key.value];
  delete authority[`${key.name} TXT`];
  await assert.rejects(press(), code("DKIM_NOT_SEEN"), "the own name servers say that it is not there");
  authority[`${key.name} TXT`] = "refused";
  await lookAtDkim(s, { who: here.who, server: here.server });
  assert.deepEqual(states(await page(here)), ["rsa waits"], "not by itself");
  await press();
  assert.deepEqual(states(await page(here)), ["rsa signs"]);
});

test("rotation: the old key signs until the new one is seen, and its record must stand for seven days (AU-02)", async () => {
  clear();
  const here = await place();
  const { who, server } = here;
  await makeDkimKeys(s, { who, server, ed25519: true });
  for (const where of [zone, authority]) publish(where, await page(here));
  await lookAtDkim(s, { who, server });
  await makeDkimKeys(s, { who, server, ed25519: false });
  await lookAtDkim(s, { who, server });
  assert.deepEqual(states(await page(here)).sort(), ["ed25519 signs", "rsa signs", "rsa waits"]);
  for (const where of [zone, authority]) publish(where, await page(here));
  await lookAtDkim(s, { who, server });
  const shown = await page(here);
  assert.deepEqual(states(shown).sort(), ["ed25519 signs", "rsa signs", "rsa stands"]);
  assert.equal(new Set(shown.keys.map((key) => key.selector)).size, 3);
  const old = shown.keys.find((key) => key.state === "stands");
  const signing = shown.keys.find((key) => key.state === "signs");
  assert.ok(old && signing);
  await assert.rejects(removeDkimKey(s, { who, key: old.id }), code("DKIM_RECORD_STANDS"));
  await assert.rejects(removeDkimKey(s, { who, key: signing.id }), code("DKIM_KEY_SIGNS"));
  await days(6);
  await assert.rejects(removeDkimKey(s, { who, key: old.id }), code("DKIM_RECORD_STANDS"));
  await days(1);
  assert.equal((await page(here)).keys.find((key) => key.id === old.id)?.state, "over");
  await removeDkimKey(s, { who, key: old.id });
  assert.deepEqual(states(await page(here)).sort(), ["ed25519 signs", "rsa signs"]);
  const [row] = await s.db.select().from(dkimKeys).where(eq(dkimKeys.id, old.id));
  assert.ok(row?.private.length, "what it signed can be rebuilt");
  await setDkim(s, { who, server, mode: { dkim: "none" } });
  await removeDkimKey(s, { who, key: signing.id });
  assert.equal((await page(here)).keys.find((key) => key.id === signing.id)?.state, "stands");
});

test("the provider signs: its record must exist, and a DNS that does not answer is another sentence", async () => {
  clear();
  const here = await place();
  const { who, server } = here;
  const set = (domain: string, selector: string) =>
    setDkim(s, { who, server, mode: { dkim: "provider", domain, selector } });
  zone["k1._domainkey.fornitore.example TXT"] = ["v=DKIM1; p=TUlJQklqQU4="];
  zone["k2._domainkey.fornitore.example TXT"] = "silent";
  zone["k3._domainkey.fornitore.example TXT"] = ["v=DKIM1; p="];
  await assert.rejects(set("fornitore.example", "k0"), code("DKIM_PROVIDER_MISSING"));
  await assert.rejects(set("fornitore.example", "k2"), code("DKIM_PROVIDER_UNKNOWN"));
  await assert.rejects(set("fornitore.example", "k3"), code("DKIM_PROVIDER_MISSING"));
  await assert.rejects(set("fornitore", "k1"), code("DKIM_INVALID"));
  await assert.rejects(set("fornitore.example", "k1 x"), code("DKIM_INVALID"));
  await assert.rejects(setDkim(s, { who, server, mode: { dkim: "ours" } }), code("DKIM_NO_KEYS"));
  await set(" Fornitore.example ", "K1");
  const [row] = await s.db.select().from(servers).where(eq(servers.id, server));
  assert.deepEqual([row?.dkim, row?.dkimDomain, row?.dkimSelector], ["provider", "fornitore.example", "k1"]);
});
