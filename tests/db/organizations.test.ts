import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eq } from "drizzle-orm";
import { ledgerRecords } from "../../db/schema/consent.ts";
import { auditLog } from "../../db/schema/installation.ts";
import { usedSlugs } from "../../db/schema/organizations.ts";
import { closeOrganization } from "../../lib/organizations/close.ts";
import { createOrganization } from "../../lib/organizations/create.ts";
import { findOrganization } from "../../lib/organizations/find.ts";
import { Identity } from "../../lib/organizations/identity.ts";
import { listOrganizations } from "../../lib/organizations/list.ts";
import { slugOf } from "../../lib/organizations/slug.ts";
import { setSmtpAllow, smtpAllow } from "../../lib/organizations/smtp-allow.ts";
import { updateOrganization } from "../../lib/organizations/update.ts";
import { findSession } from "../../lib/users/find-session.ts";
import { switchOrganization } from "../../lib/users/switch-organization.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { type TestServices, testServices } from "../support/services.ts";
import { firstRun, identity, join, sessionOf } from "../support/staff.ts";

const refusal = (code: string) => (error: { code?: string }) => error.code === code;

let d: TestDatabase;
let s: TestServices;
let who: Who;
let reference: string;
const ends: (() => Promise<void>)[] = [];
before(async () => {
  d = await freshDatabase({ after: (work) => void ends.push(work) });
  s = await testServices(d);
  ({ who, reference } = await firstRun(s));
});
after(async () => {
  for (const end of ends) await end();
});

describe("a slug", () => {
  for (const [name, slug] of [
    ["Casa editrice Esèmpio s.r.l.", "casa-editrice-esempio"],
    ["ACME S.p.A.", "acme"],
    ["D'Aragona & Figli, snc", "d-aragona-figli"],
    ["日本", "org"],
    [`${"lungo ".repeat(30)}`, "lungo-lungo-lungo-lungo-lungo-lungo-lungo-lungo-lu"],
  ] as const) {
    test(`${name.slice(0, 40)} is ${slug}`, () => assert.equal(slugOf(name), slug));
  }

  test("two of one name have two, also at once; one that a ledger had is never given again", async () => {
    await s.db.insert(usedSlugs).values({ slug: "gemella", organization: s.randomId() });
    const make = () => createOrganization(s, { who, identity: identity("Gemella") });
    const made = await Promise.all([make(), make()]);
    assert.deepEqual(made.map(({ slug }) => slug).sort(), ["gemella-2", "gemella-3"]);
    for (const { id } of made) await closeOrganization(s, { who, organization: id, name: "Gemella" });
  });
});

describe("the identity", () => {
  const typed = (change: object) =>
    Identity.safeParse({ ...identity(), dpo: "", privacyUrl: "", website: "", ...change });
  const refused = (change: object) => typed(change).error?.issues.map(({ message }) => message);

  for (const [change, said] of [
    [{ legalName: "Riga\r\nBcc: x@y.it" }, "CONTROL_CHARACTERS"],
    [{ legalName: "   " }, "REQUIRED"],
    [{ address: "x".repeat(241) }, "TOO_LONG"],
    [{ taxId: "<script>" }, "INVALID"],
    [{ privacyEmail: "privacy@" }, "ADDRESS"],
    [{ timeZone: "Etc/../../x" }, "TIME_ZONE"],
    [{ timeZone: "Europe/Roma" }, "TIME_ZONE"],
    [{ privacyUrl: "javascript:alert(1)" }, "URL"],
    [{ consentMonths: "275761" }, "MONTHS"],
    [{ consentMonths: "29 febbraio" }, "INVALID"],
  ] as const) {
    test(`${JSON.stringify(change).slice(0, 50)}: ${said} (B01, B94)`, () => assert.deepEqual(refused(change), [said]));
  }
  test("a key of the row that is no field is refused (B82)", () => {
    for (const key of ["slug", "liveAt", "demo", "id", "closedAt", "__proto__x"])
      assert.equal(typed({ [key]: "x" }).success, false, key);
    assert.equal(typed({ processors: [{ name: "a", country: "b", role: "owner" }] }).success, false);
  });

  test("a change is told by field in the audit log; the slug stays", async () => {
    const before = await findOrganization(s, { who });
    const change = { ...identity("Nome nuovo"), processors: [{ name: "Fornitore", country: "Germania" }] };
    assert.deepEqual(await updateOrganization(s, { who, identity: change }), ["legalName", "processors"]);
    assert.deepEqual(await updateOrganization(s, { who, identity: change }), []);
    const after = await findOrganization(s, { who });
    assert.deepEqual([after.legalName, after.slug], ["Nome nuovo", before.slug]);
    const [entry] = await s.db.select().from(auditLog).where(eq(auditLog.action, "organization.changed"));
    assert.deepEqual(entry?.facts, { fields: "legalName processors" });
  });
});

describe("several organizations", () => {
  test("one is created, switched to, closed; its session falls back; its maker's role is in its ledger", async () => {
    const session = await sessionOf(s, reference);
    const { id } = await createOrganization(s, { who, identity: identity("Seconda") });
    const records = await s.db.select().from(ledgerRecords).where(eq(ledgerRecords.organization, id));
    assert.deepEqual(
      records.map(({ kind }) => kind),
      ["role.changed"],
    );
    await switchOrganization(s, { who, session: session.id, organization: id });
    assert.equal((await sessionOf(s, reference)).organization?.name, "Seconda");
    await assert.rejects(closeOrganization(s, { who, organization: id, name: "seconda" }), refusal("NAME_DIFFERS"));
    await closeOrganization(s, { who, organization: id, name: "Seconda" });
    const back = await sessionOf(s, reference);
    assert.deepEqual([back.organization?.id, back.organizations.length], [session.organization?.id, 1]);
    await assert.rejects(switchOrganization(s, { who, session: session.id, organization: id }), refusal("NOT_FOUND"));
    await assert.rejects(closeOrganization(s, { who, organization: id, name: "Seconda" }), refusal("NOT_FOUND"));
    const rows = await listOrganizations(s, { who });
    assert.ok(rows.find((row) => row.id === id)?.closedAt);
  });

  test("the last one is not closed", async () => {
    const { legalName } = await findOrganization(s, { who });
    await assert.rejects(
      closeOrganization(s, { who, organization: who.organization, name: legalName }),
      refusal("LAST_ORGANIZATION"),
    );
  });

  test("nobody switches to one that is not theirs", async () => {
    const { id } = await createOrganization(s, { who, identity: identity("Terza") });
    const luca = await join(s, who, "luca@esempio.it", "marketing");
    const session = (await findSession(s.db, luca.reference))?.id ?? "";
    await assert.rejects(switchOrganization(s, { who: luca.who, session, organization: id }), refusal("NOT_FOUND"));
    const giulia = (await sessionOf(s, reference)).id;
    await switchOrganization(s, { who: luca.who, session: giulia, organization: who.organization });
    assert.equal((await sessionOf(s, reference)).organization?.id, who.organization);
    await assert.rejects(createOrganization(s, { who: luca.who, identity: identity("Sua") }), refusal("FORBIDDEN"));
  });
});

describe("the operator's list of hosts for sending servers (B51, B89)", () => {
  test("keeps host and port, whatever their spelling, once", async () => {
    const pairs = [" Mail.LAN:25 ", "mail.lan:25", "[::1]:2525", "127.0.0.1:587"];
    assert.deepEqual(await setSmtpAllow(s, { who, pairs }), ["127.0.0.1:587", "::1:2525", "mail.lan:25"]);
    assert.deepEqual((await smtpAllow(s, { who })).pairs, ["127.0.0.1:587", "::1:2525", "mail.lan:25"]);
  });
  for (const pair of [
    "mail.lan",
    "mail.lan:0",
    "mail.lan:65536",
    "*:25",
    "10.0.0.0/8:25",
    "a b:25",
    "http://x:25",
    ":25",
  ]) {
    test(`${pair} is refused`, () =>
      assert.rejects(setSmtpAllow(s, { who, pairs: [pair] }), refusal("SMTP_ALLOW_INVALID")));
  }
});
