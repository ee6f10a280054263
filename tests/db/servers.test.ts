import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { bases } from "../../db/schema/consent.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { servers } from "../../db/schema/servers.ts";
import { goLive, goLiveFindings } from "../../lib/delivery/go-live.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { createServer } from "../../lib/servers/create.ts";
import { ehloName } from "../../lib/servers/ehlo.ts";
import { findServer, listServers } from "../../lib/servers/find.ts";
import { serverForCampaign } from "../../lib/servers/for-organization.ts";
import { credentialsOf } from "../../lib/servers/password.ts";
import { removeServer } from "../../lib/servers/remove.ts";
import { ensureSandbox } from "../../lib/servers/sandbox.ts";
import type { ServerInput } from "../../lib/servers/types.ts";
import { updateServer } from "../../lib/servers/update.ts";
import { reserve } from "../../lib/servers/windows.ts";
import { freshDatabase } from "../support/database.ts";
import { launched, scene, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, {
  resolve: async (host) => (host.endsWith(".example.it") ? ["93.184.216.34"] : ["127.0.0.1"]),
});

const input: ServerInput = {
  ...{
    kind: "shared",
    name: "Casella",
    host: "smtp.example.it",
    port: 587,
    encryption: "starttls",
    auth: "password",
    username: "news",
    password: "segreta",
  },
  ...{ fromName: "Libreria Rossi", fromAddress: "news@libreria.example", perHour: 60, perDay: 250, reserve: 10 },
};
const code = (wanted: string) => (error: unknown) => (error as { code?: string }).code === wanted;

test("a server is described, its password sealed and never shown", async () => {
  const { who } = await scene(s, { people: 0 });
  const { id } = await createServer(s, { who, ...input });
  const [row] = await s.db.select().from(servers).where(eq(servers.id, id));
  assert.ok(row?.password && !row.password.includes("segreta"));
  assert.deepEqual(credentialsOf(s, row), { user: "news", pass: "segreta" });
  const shown = await findServer(s, { who, server: id });
  assert.ok(!("password" in shown) && shown.hasPassword);
  assert.deepEqual(shown.used, { hour: { campaign: 0, system: 0 }, day: { campaign: 0, system: 0 } });
  assert.equal(row.envelopeFrom, "news@libreria.example");
});

test("what could become a second header or command, or makes no sense, is refused with its field [B02, B03, B51, B89]", async () => {
  const { who } = await scene(s, { people: 0 });
  const refused = async (change: Partial<ServerInput>, wanted: string, field?: string) =>
    assert.rejects(
      createServer(s, { who, ...input, ...change }),
      (error) => code(wanted)(error) && (!field || (error as { facts: { field: string } }).facts.field === field),
      JSON.stringify(change),
    );
  await refused({ fromName: "Rossi\r\nBcc: e@evil.test" }, "SERVER_INVALID", "fromName");
  await refused({ fromAddress: "news@x.it\r\nBcc: e@evil.test" }, "SERVER_INVALID", "fromAddress");
  await refused({ envelopeFrom: "a@b.it,c@d.it" }, "SERVER_INVALID", "envelopeFrom");
  await refused({ name: "" }, "SERVER_INVALID", "name");
  await refused({ perHour: 0 }, "SERVER_INVALID", "perHour");
  await refused({ perDay: 1.5 }, "SERVER_INVALID", "perDay");
  await refused({ connections: 0 }, "SERVER_INVALID", "connections");
  await refused({ zone: "Etc/../../x" }, "SERVER_INVALID", "zone");
  await refused({ zone: "+01:00" }, "SERVER_INVALID", "zone");
  await refused({ username: " " }, "SERVER_INVALID", "username");
  await refused({ password: "" }, "SERVER_INVALID", "password");
  await refused({ reserve: 60 }, "SERVER_RESERVE_TOO_BIG");
  await refused({ rampFirst: 10, rampFrom: "2026-03-01" }, "SERVER_RESERVE_TOO_BIG");
  await refused({ rampFirst: 50 }, "SERVER_INVALID", "rampFrom");
  await refused({ rampFrom: "2026-03-01" }, "SERVER_INVALID", "rampFirst");
  await refused({ rampFirst: 50, rampFrom: "2026-02-30" }, "SERVER_INVALID", "rampFrom");
  await refused({ messagesPerConnection: 0 }, "SERVER_INVALID", "messagesPerConnection");
  await refused({ weekdays: 0 }, "SERVER_INVALID", "weekdays");
  await refused({ weekdays: 128 }, "SERVER_INVALID", "weekdays");
  await refused({ hourFrom: 18, hourTo: 9 }, "SERVER_INVALID", "hourTo");
  await refused({ hourTo: 25 }, "SERVER_INVALID", "hourTo");
  await refused({ dayWindow: "weekly" as never }, "SERVER_INVALID", "dayWindow");
  await refused({ preset: "../gmail" }, "SERVER_INVALID", "preset");
  await refused({ ips: ["300.1.1.1"] }, "SERVER_INVALID", "ips");
  await refused({ expiresOn: "11/12/2026" }, "SERVER_INVALID", "expiresOn");
  await refused({ renewUrl: "javascript:alert(1)" }, "SERVER_INVALID", "renewUrl");
  const none = { perMinute: null, perHour: null, perDay: null };
  await refused({ domainLimits: [{ domain: "gmail.com", ...none }] }, "SERVER_INVALID", "domainLimits");
  await refused({ domainLimits: [{ domain: "gmail com", ...none, perHour: 5 }] }, "SERVER_INVALID", "domainLimits");
  await refused({ domainLimits: [{ domain: "*", ...none, perHour: 0 }] }, "SERVER_INVALID", "domainLimits");
  await refused({ encryption: "none" }, "SERVER_NO_CLEAR_PASSWORD");
  await refused({ host: "127.1" }, "SERVER_HOST_REFUSED");
  await refused({ host: "intern.lan" }, "SERVER_HOST_REFUSED");
  await refused({ host: "smtp.example.it\r\nRCPT TO:<x>" }, "SERVER_HOST_INVALID");
  await refused({ port: 22 }, "SERVER_PORT_REFUSED");
});

test("a shared server refuses more than 300 a day, or none at all, without a reason in writing", async () => {
  const { who } = await scene(s, { people: 0 });
  for (const perDay of [301, null])
    await assert.rejects(createServer(s, { who, ...input, perDay }), code("SERVER_OVER_SHARED"));
  await assert.rejects(
    createServer(s, { who, ...input, perDay: 301, overLimitReason: "  " }),
    code("SERVER_OVER_SHARED"),
  );
  await createServer(s, { who, ...input, perDay: 301, overLimitReason: "Contratto 12/2026: 500 al giorno" });
  await createServer(s, { who, ...input, perDay: 300 });
  await createServer(s, { who, ...input, kind: "dedicated", perDay: null });
});

test("a PEC mailbox is refused, and a connectivity provider without its limit", async () => {
  const { who } = await scene(s, { people: 0 });
  await assert.rejects(createServer(s, { who, ...input, host: "smtps.pec.example.it" }), code("SERVER_PEC_REFUSED"));
  const provider = { ...input, kind: "provider" as const, preset: "tim" };
  await assert.rejects(createServer(s, { who, ...provider, perDay: null }), code("SERVER_LIMIT_NEEDED"));
  await createServer(s, { who, ...provider, perDay: 50 });
});

test("limits, hours and service of a server: kept as given, and as they were where a change leaves them out", async () => {
  const { who } = await scene(s, { people: 0 });
  const given: Partial<ServerInput> = {
    ...{ preset: "shared-hosting", dayWindow: "rolling", weekdays: 31, hourFrom: 9, hourTo: 18, restHolidays: true },
    ...{ messagesPerConnection: 20, rampFirst: 50, rampFrom: "2026-03-01", expiresOn: "2027-01-31", perMinute: 5 },
    ...{ renewUrl: "https://panel.example.it/renew", ips: ["192.0.2.1"] },
    domainLimits: [{ domain: "gmail.com", perMinute: null, perHour: 20, perDay: null }],
  };
  const { id } = await createServer(s, { who, ...input, ...given });
  const { password: _, ...same } = input;
  await updateServer(s, { who, server: id, ...same, name: "Altro nome" });
  const row = await findServer(s, { who, server: id });
  assert.deepEqual(Object.fromEntries(Object.keys(given).map((key) => [key, row[key as keyof typeof row]])), given);
  await updateServer(s, {
    who,
    server: id,
    ...same,
    rampFirst: null,
    rampFrom: null,
    expiresOn: null,
    domainLimits: [],
  });
  const { rampFirst, expiresOn, domainLimits, perMinute } = await findServer(s, { who, server: id });
  assert.deepEqual([rampFirst, expiresOn, domainLimits, perMinute], [null, null, [], 5]);
});

test("EHLO says a host name or an address literal, nothing else [B89]", () => {
  assert.equal(ehloName("https://News.Example.it"), "news.example.it");
  for (const url of ["http://localhost:3000", "http://127.0.0.1", "http://[::1]:3000"])
    assert.equal(ehloName(url), "[127.0.0.1]");
});

test("a change of where it goes forgets the test; the password stays unless another is given; none leaves none", async () => {
  const { who } = await scene(s, { people: 0 });
  const { id } = await createServer(s, { who, ...input });
  const tested = () =>
    s.db
      .update(servers)
      .set({ testedAt: sql`app_now()` as never, testOk: "yes" })
      .where(eq(servers.id, id));
  const row = async () => (await s.db.select().from(servers).where(eq(servers.id, id)))[0];
  const { password: _, ...same } = input;
  await tested();
  await updateServer(s, { who, server: id, ...same, perDay: 300 });
  assert.deepEqual(
    [(await row())?.testOk, (await row())?.perDay, (await row())?.password !== null],
    ["yes", 300, true],
  );
  await updateServer(s, { who, server: id, ...same, port: 465, encryption: "tls" });
  assert.equal((await row())?.testOk, null);
  await updateServer(s, { who, server: id, ...same, encryption: "none", auth: "none", port: 25 });
  assert.deepEqual([(await row())?.username, (await row())?.password], [null, null]);
});

test("another zone is no way to a second day [AT-07]", async () => {
  const { who } = await scene(s, { people: 0 });
  const { id } = await createServer(s, { who, ...input, reserve: 0, perHour: null, perDay: 5, zone: "Europe/Rome" });
  assert.equal((await s.db.transaction((tx) => reserve(tx, { server: id, kind: "campaign", n: 5 }))).n, 5);
  const { password: _, ...same } = input;
  await updateServer(s, { who, server: id, ...same, reserve: 0, perHour: null, perDay: 5, zone: "Pacific/Auckland" });
  assert.equal((await s.db.transaction((tx) => reserve(tx, { server: id, kind: "campaign", n: 5 }))).n, 0);
});

test("roles and other organizations: marketing sees, owner writes, a stranger finds nothing [B81]", async () => {
  const { who } = await scene(s, { people: 0 });
  const { id } = await createServer(s, { who, ...input });
  const marketing = { ...who, roles: ["marketing" as const] };
  assert.equal((await listServers(s, { who: marketing })).length, 1);
  await assert.rejects(createServer(s, { who: marketing, ...input }), code("FORBIDDEN"));
  await assert.rejects(goLive(s, { who: marketing, server: id }), code("FORBIDDEN"));
  const stranger = (await scene(s, { people: 0 })).who;
  for (const server of [id, "nonsense", "0"]) {
    await assert.rejects(findServer(s, { who: stranger, server }), code("NOT_FOUND"));
    await assert.rejects(updateServer(s, { who: stranger, server, ...input }), code("NOT_FOUND"));
    await assert.rejects(removeServer(s, { who: stranger, server }), code("NOT_FOUND"));
    await assert.rejects(goLive(s, { who: stranger, server }), code("NOT_FOUND"));
  }
});

test("going live: tested today, identity complete, sandbox campaigns cancelled first, a demo never; the simulated are refused after", async () => {
  const here = await scene(s, { people: 3, live: false });
  const { who, organization } = here;
  const sandbox = await ensureSandbox(s, { organization });
  const campaign = await launched(s, { scene: here, server: sandbox, simulated: true });
  await s.db
    .update(bases)
    .set({ endedAt: sql`now()` as never, endedBy: s.randomId(), endedReason: "replaced" })
    .where(eq(bases.contact, here.contacts[0] as string));
  await s.db.insert(bases).values({
    id: s.randomId(),
    organization,
    contact: here.contacts[0] as string,
    list: here.list,
    purpose: "promo",
    event: s.randomId(),
    level: "E3",
    simulated: true,
    from: sql`now()` as never,
    until: sql`now() + interval '1 year'` as never,
  });
  const { id } = await createServer(s, { who, ...input });
  assert.equal((await serverForCampaign(s, organization))?.id, sandbox);
  await assert.rejects(goLive(s, { who, server: id }), code("SERVER_NOT_TESTED"));
  await s.db
    .update(servers)
    .set({ testOk: "yes", testedAt: sql`app_now() - interval '25 hours'` as never })
    .where(eq(servers.id, id));
  await assert.rejects(goLive(s, { who, server: id }), code("SERVER_NOT_TESTED"));
  await s.db
    .update(servers)
    .set({ testedAt: sql`app_now()` as never })
    .where(eq(servers.id, id));
  await s.db.update(organizations).set({ taxId: " " }).where(eq(organizations.id, organization));
  await assert.rejects(goLive(s, { who, server: id }), code("IDENTITY_INCOMPLETE"));
  await s.db.update(organizations).set({ taxId: "01234567890", demo: true }).where(eq(organizations.id, organization));
  await assert.rejects(goLive(s, { who, server: id }), code("DEMO_NEVER_LIVE"));
  await s.db.update(organizations).set({ demo: false }).where(eq(organizations.id, organization));
  await assert.rejects(goLive(s, { who, server: sandbox }), code("SANDBOX_IS_FIXED"));
  assert.deepEqual(await goLiveFindings(s, { who, server: id }), {
    others: [],
    ok: true,
    demo: false,
    tested: true,
    missing: [],
    sandboxCampaigns: 1,
    simulatedPeople: 1,
  });
  await goLive(s, { who, server: id });
  assert.equal((await s.db.select().from(campaigns).where(eq(campaigns.id, campaign)))[0]?.state, "cancelled");
  assert.deepEqual(await serverForCampaign(s, organization), { id, kind: "shared" });
  await assert.rejects(removeServer(s, { who, server: id }), code("SERVER_IS_LIVE"));
  const real = await launched(s, { scene: here, server: id });
  while (await fillSnapshot(s, { campaign: real }));
  assert.deepEqual(await states(s, real), { pending: 2, excluded: 1 });
  const { rows } = await s.db.execute<{ reason: string }>(
    sql`select reason from deliveries where campaign = ${real}::uuid and state = 'excluded'`,
  );
  assert.equal(rows[0]?.reason, "simulated");
});
