import assert from "node:assert/strict";
import { after, test } from "node:test";
import { and, eq, isNull, sql } from "drizzle-orm";
import { campaignServers } from "../../db/schema/campaigns.ts";
import { domainChecks } from "../../db/schema/dkim.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { servers } from "../../db/schema/servers.ts";
import { staffNotices } from "../../db/schema/staff-notices.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { checks } from "../../lib/campaigns/page.ts";
import { blocklists, setBlocklists } from "../../lib/servers/domain-check/blocklists-setting.ts";
import { checkDomainNow } from "../../lib/servers/domain-check/check-now.ts";
import { checkDueDomains, forgetChecks } from "../../lib/servers/domain-check/nightly.ts";
import { domainPage } from "../../lib/servers/domain-check/page.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase } from "../support/database.ts";
import { startDns, type Zone } from "../support/dns.ts";
import { type Scene, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const { dns, zone } = await startDns({ after }, { zone: {}, timeoutMs: 300 });
const s = await testServices(d, { dns });
const code = (wanted: string) => (error: unknown) => (error as { code?: string }).code === wanted;

const GOOD: Zone = {
  "libreria.example MX": ["10 mx.libreria.example"],
  "mx.libreria.example A": ["93.184.215.20"],
  "libreria.example TXT": ["v=spf1 ip4:93.184.215.14 -all"],
  "_dmarc.libreria.example TXT": ["v=DMARC1; p=reject; rua=mailto:dmarc@libreria.example"],
  "14.215.184.93.in-addr.arpa PTR": ["smtp.libreria.example"],
  "smtp.libreria.example A": ["93.184.215.14"],
  "k1._domainkey.libreria.example TXT": ["v=DKIM1; k=ed25519; p=OV4XTpoWCKFAR2f+OyhxwayrFpKnT5X0Yyf58JRRiaE="],
};
function dnsSays(change: Zone = {}): void {
  for (const name of Object.keys(zone)) delete zone[name];
  Object.assign(zone, GOOD, change);
  for (const name of Object.keys(change)) if (change[name]?.length === 0) delete zone[name];
}

type Place = Scene & { server: string };
/** A server at a public address, whose provider signs. */
async function place(people = 0): Promise<Place> {
  // Others' senders are none of this test's business.
  await s.db.update(servers).set({ removedAt: sql`now()` as never });
  const here = await scene(s, { people });
  const server = await sinkServer(s, { organization: here.organization, port: 25 });
  const signs = { dkim: "provider" as const, dkimDomain: "libreria.example", dkimSelector: "k1" };
  await s.db
    .update(servers)
    .set({ ips: ["93.184.215.14"], ...signs })
    .where(eq(servers.id, server));
  return { ...here, server };
}
const rowsOf = (server: string) =>
  s.db.select().from(domainChecks).where(eq(domainChecks.server, server)).orderBy(domainChecks.at);
const due = () => checkDueDomains(s, { fetch: async () => "" });
const later = (hours: number) => d.moveClock(hours * 3_600_000);
const alarms = (organization: string) =>
  s.db
    .select()
    .from(staffNotices)
    .where(and(eq(staffNotices.organization, organization), isNull(staffNotices.doneAt)));

test("a new sender is checked at once, then once a night; a state that lasts is two rows", async () => {
  dnsSays();
  const here = await place();
  assert.equal(await due(), 1);
  assert.equal(await due(), 0, "once");
  for (let night = 0; night < 4; night++) {
    await later(24);
    assert.equal(await due(), 1);
  }
  const rows = await rowsOf(here.server);
  assert.equal(rows.length, 2);
  assert.ok((rows[1]?.at.getTime() ?? 0) - (rows[0]?.at.getTime() ?? 0) > 3.9 * 86_400_000);
  const page = await domainPage(s, { who: here.who, server: here.server });
  assert.equal(page.history.length, 1);
  assert.deepEqual([page.now?.spf, page.now?.dkim, page.now?.dmarc], ["pass", "pass", "pass"]);
});

test("another From is another sender, looked at at once", async () => {
  dnsSays();
  const here = await place();
  await due();
  await s.db.update(servers).set({ fromAddress: "news@altra.example" }).where(eq(servers.id, here.server));
  assert.equal((await domainPage(s, { who: here.who, server: here.server })).now, null);
  assert.equal(await due(), 1);
  assert.equal((await domainPage(s, { who: here.who, server: here.server })).domain, "altra.example");
});

test("what went wrong over night is an alarm, once; a night without an answer is none; put right, it is over (AU-01)", async () => {
  dnsSays();
  const here = await place();
  await due();
  assert.deepEqual(await alarms(here.organization), []);
  dnsSays({ "libreria.example TXT": "silent" });
  await later(24);
  await due();
  assert.deepEqual(await alarms(here.organization), [], "unknown is no alarm");
  dnsSays({ "libreria.example TXT": [] });
  await later(24);
  await due();
  const [alarm] = await alarms(here.organization);
  assert.equal(alarm?.kind, "domain_alarm");
  assert.deepEqual([alarm?.facts.domain, alarm?.facts.path], ["libreria.example", `/servers/${here.server}/domain`]);
  await later(24);
  await due();
  assert.equal((await alarms(here.organization)).length, 1, "known is not said again");
  dnsSays();
  await later(24);
  await due();
  assert.deepEqual(await alarms(here.organization), []);
  const page = await domainPage(s, { who: here.who, server: here.server });
  assert.deepEqual(
    page.history.map((one) => one.spf),
    ["pass", "fail", "unknown", "pass"],
  );
});

test("whoever borrows a server is checked with her own From, and sees her own check", async () => {
  dnsSays({ "cliente.example TXT": ["v=spf1 ip4:93.184.215.14 -all"] });
  const here = await place();
  const client = await scene(s, { people: 0 });
  const loan = { server: here.server, organization: client.organization, perDay: 100, lentAt: sql`now()` as never };
  await s.db.insert(serverLoans).values({ ...loan, fromName: "Cliente", fromAddress: "news@cliente.example" });
  assert.equal(await due(), 2);
  const page = await domainPage(s, { who: client.who, server: here.server });
  assert.deepEqual([page.domain, page.now?.spf, page.now?.dkim], ["cliente.example", "pass", "fail"]);
  assert.equal((await domainPage(s, { who: here.who, server: here.server })).domain, "libreria.example");
  await s.db
    .update(serverLoans)
    .set({ endedAt: sql`now()` as never })
    .where(eq(serverLoans.organization, client.organization));
  await assert.rejects(domainPage(s, { who: client.who, server: here.server }), code("NOT_FOUND"));
});

const senderCheck = async (here: Place, campaign: string) =>
  (await checks(s, { who: here.who, campaign })).find((one) => one.check.startsWith("sender_"));

test("promo leaves over no server where neither SPF nor DKIM vouch for its From; everything else is said and may leave (AU-01)", async () => {
  const here = await place(2);
  await s.db
    .update(organizations)
    .set({ liveAt: sql`now()` as never })
    .where(eq(organizations.id, here.organization));
  const campaign = await createCampaign(s, { who: here.who, from: "news", name: "Prova" });
  const said = async (change: Zone) => {
    dnsSays(change);
    await checkDomainNow(s, { who: here.who, server: here.server, fetch: async () => "" });
    const found = await senderCheck(here, campaign);
    return `${found?.check} ${found?.level}`;
  };
  const before = await senderCheck(here, campaign);
  assert.equal(`${before?.check} ${before?.level}`, "sender_unchecked unknown");
  const [spf, dkim, dmarc] = [
    "libreria.example TXT",
    "k1._domainkey.libreria.example TXT",
    "_dmarc.libreria.example TXT",
  ];
  assert.equal(await said({}), "sender_ok ok");
  assert.equal(await said({ [spf]: [] }), "sender_half warn");
  assert.equal(await said({ [dmarc]: [] }), "sender_no_dmarc warn");
  assert.equal(await said({ [spf]: [], [dkim]: "silent" }), "sender_unknown unknown");
  assert.equal(await said({ [spf]: [], [dkim]: [] }), "sender_fails block");
  await assert.rejects(
    launch(s, { who: here.who, campaign, version: 1 }),
    (error) =>
      code("CAMPAIGN_BLOCKED")(error) && (error as { facts: { check: string } }).facts.check === "sender_fails",
  );
  await later(40);
  assert.equal((await senderCheck(here, campaign))?.check, "sender_stale", "too old to be certain");
  assert.equal(await said({ [spf]: [], [dkim]: [], [dmarc]: [] }), "sender_fails block");
  const another = { dkim: "provider" as const, dkimDomain: "fornitore.example", dkimSelector: "k1" };
  await s.db.update(servers).set(another).where(eq(servers.id, here.server));
  const elsewhere = { "k1._domainkey.fornitore.example TXT": GOOD[dkim] ?? [], [spf]: [] };
  assert.equal(await said(elsewhere), "sender_not_aligned warn", "DKIM passes and is not aligned");
  await launch(s, { who: here.who, campaign, version: 1 });
});

test("each server that carries a campaign is looked at: one that nobody vouches for stops it (AU-01)", async () => {
  const here = await place(1);
  await s.db
    .update(organizations)
    .set({ liveAt: sql`now()` as never })
    .where(eq(organizations.id, here.organization));
  const more = () => sinkServer(s, { organization: here.organization, port: 25 });
  const [second, third] = [await more(), await more()];
  const set = (server: string, what: Partial<typeof servers.$inferInsert>) =>
    s.db.update(servers).set(what).where(eq(servers.id, server));
  // The same From over an address that SPF does not name, unsigned; and a server with another From of its own.
  await set(here.server, { liveAt: new Date("2026-02-01T09:00:00Z") });
  await set(second, { ips: ["93.184.215.99"] });
  await set(third, { fromAddress: "news@altra.example", envelopeFrom: "news@altra.example" });
  dnsSays();
  await due();
  const campaign = await createCampaign(s, { who: here.who, from: "news", name: "Prova" });
  await s.db.insert(campaignServers).values([here.server, second, third].map((server) => ({ campaign, server })));
  const found = (await checks(s, { who: here.who, campaign })).filter((one) => one.check.startsWith("sender_"));
  assert.deepEqual(found.map((one) => [one.check, one.level, one.facts.server]).sort(), [
    ["sender_fails", "block", second],
    ["sender_ok", "ok", here.server],
    ["sender_unchecked", "unknown", third],
  ]);
});

test("the operator says which blocklists are asked; what is no name of a zone is refused", async () => {
  const operator: Who = { user: s.randomId(), organization: s.randomId(), roles: [], operator: true };
  assert.deepEqual(await blocklists(s, { who: operator }), []);
  assert.deepEqual(
    await setBlocklists(s, { who: operator, zones: [" Lista.Example. ", "altra.example", "lista.example"] }),
    ["altra.example", "lista.example"],
  );
  await assert.rejects(
    setBlocklists(s, { who: operator, zones: ["http://lista.example/"] }),
    code("BLOCKLIST_INVALID"),
  );
  await assert.rejects(
    setBlocklists(s, { who: operator, zones: Array.from({ length: 21 }, (_, i) => `l${i}.example`) }),
    code("BLOCKLISTS_TOO_MANY"),
  );
  assert.deepEqual(await blocklists(s, { who: operator }), ["altra.example", "lista.example"]);
  await setBlocklists(s, { who: operator, zones: [] });
});

test("checks are kept for a year and a month", async () => {
  dnsSays();
  const here = await place();
  await due();
  await s.db
    .update(domainChecks)
    .set({ at: sql`app_now() - interval '401 days'` as never })
    .where(eq(domainChecks.server, here.server));
  await forgetChecks(s);
  assert.deepEqual(await rowsOf(here.server), []);
});
