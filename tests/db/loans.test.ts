import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { and, eq, sql } from "drizzle-orm";
import { suppressions } from "../../db/schema/contacts.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { outbox, servers } from "../../db/schema/servers.ts";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { draftPlan } from "../../lib/campaigns/plan.ts";
import { seal } from "../../lib/crypto/sealed.ts";
import { goLive, goLiveFindings } from "../../lib/delivery/go-live.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { serverForCampaign } from "../../lib/servers/for-organization.ts";
import { changeShare, endLoan, lend } from "../../lib/servers/lend.ts";
import { borrowersOf, lendable, listLoans } from "../../lib/servers/list-loans.ts";
import { setLoanSender } from "../../lib/servers/loan-sender.ts";
import { inProduction } from "../../lib/servers/production.ts";
import { testServer } from "../../lib/servers/test-server.ts";
import type { Who } from "../../lib/users/who.ts";
import { until } from "../support/engine.ts";
import { makeWho } from "../support/people.ts";
import { launched, type Scene, scene, sinkServer, states } from "../support/sending.ts";
import { type Sink, type SinkOptions, startSink } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, running, ended, suppress } = await engineHouse({ after });
const code = (expected: string) => (error: { code?: string }) => error.code === expected;
let operator: Who;

/** Noon: no window of a day is about to end. */
const setClock = (at: string) =>
  d.owner.pool.query("update clock set offset_ms = extract(epoch from $1::timestamptz - clock_timestamp()) * 1000", [
    at,
  ]);

before(async () => {
  await setClock("2027-03-10T11:00:00Z");
  const house = await scene(s, { people: 0 });
  operator = { ...(await makeWho(s, house.organization)), operator: true };
});

type Lender = Scene & { sink: Sink; server: string };

/** An organization with a live server and people of its own. */
async function lender(
  o: { people: number; sink?: SinkOptions } & Partial<Parameters<typeof sinkServer>[1]>,
): Promise<Lender> {
  const { people, sink: options, ...settings } = o;
  const sink = await startSink({ keep: true, ...options });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port, ...settings });
  return { ...here, sink, server };
}

/** Another organization that borrows a server and has put it into production. */
async function borrower(of: Lender, o: { people: number; perDay: number; domain: string }): Promise<Scene> {
  const here = await scene(s, { people: o.people });
  await lend(s, { who: operator, server: of.server, organization: here.organization, perDay: o.perDay });
  const sender = { fromName: o.domain, fromAddress: `news@${o.domain}`, envelopeFrom: `ritorni@${o.domain}` };
  await setLoanSender(s, { who: here.who, server: of.server, ...sender });
  await s.db
    .update(serverLoans)
    .set({ testOk: "yes", testedAt: sql`app_now()` as never })
    .where(loanOf(of, here));
  await goLive(s, { who: here.who, server: of.server });
  return here;
}

const loanOf = (of: Lender, here: Scene) =>
  and(eq(serverLoans.server, of.server), eq(serverLoans.organization, here.organization));
const from = (of: Lender, domain: string) => of.sink.kept.filter((one) => one.messageId.endsWith(`@${domain}>`));

async function alert(organization: string): Promise<void> {
  const id = s.randomId();
  const place = { table: "outbox", row: id, column: "payload" };
  const payload = seal(s.keys, place, Buffer.from(JSON.stringify({ to: "ada@example.it" })), s.randomBytes);
  const at = { dueAt: sql`app_now()` as never, createdAt: sql`app_now()` as never };
  await s.db.insert(outbox).values({ id, organization, kind: "alert", payload, ...at });
}

test("one server lent to two organizations: each sends as itself up to its share, and all of them never exceed the server", async (t) => {
  const of = await lender({ people: 60, perDay: 40, connections: 2 });
  const [a, b] = [
    await borrower(of, { people: 60, perDay: 10, domain: "a.example" }),
    await borrower(of, { people: 60, perDay: 20, domain: "b.example" }),
  ];
  await suppress(a, a.contacts[0] as string);
  const engine = running(t);
  const campaigns = [];
  // The borrowers first: their shares are what they get of it, and the owner has the rest.
  for (const here of [a, b]) campaigns.push(await launched(s, { scene: here, server: of.server }));
  await until(() => from(of, "a.example").length === 9 && from(of, "b.example").length === 18, 20_000);
  campaigns.push(await launched(s, { scene: of, server: of.server }));
  await until(() => of.sink.kept.length === 40, 20_000);
  await alert(a.organization);
  await engine.reconcile();
  const rows = await s.db.execute<{ unit: string; campaign: number }>(
    sql`select unit, campaign from server_windows where server = ${of.server}::uuid and unit = 'day'`,
  );
  assert.deepEqual(rows.rows, [{ unit: "day", campaign: 40 }]);
  assert.deepEqual(
    [from(of, "a.example").length, from(of, "b.example").length, from(of, "libreria.example").length],
    [9, 18, 13],
  );
  assert.ok(of.sink.peak() <= 2, `${of.sink.peak()} connections`);
  for (const domain of ["a.example", "b.example"])
    assert.deepEqual([...new Set(from(of, domain).map((one) => one.from))], [`ritorni@${domain}`]);
  // Her own controller was asked: who is suppressed by one organization is by that one alone.
  assert.equal((await s.db.select().from(suppressions).where(eq(suppressions.organization, a.organization))).length, 1);
  const refused = a.addressOf(a.contacts[0] as string);
  assert.ok(!from(of, "a.example").some((one) => one.to === refused));
  const used = await listLoans(s, { who: operator });
  assert.deepEqual(used.map((one) => [one.perDay, one.used, one.most]).sort(), [
    [10, 9, 40],
    [20, 18, 40],
  ]);
  const seen = await borrowersOf(s, { who: of.who, server: of.server });
  assert.deepEqual(seen.map((one) => one.perDay).sort(), [10, 20]);
  for (const campaign of campaigns)
    await s.db.execute(sql`update campaigns set state = 'cancelled' where id = ${campaign}::uuid`);
});

test("confirmations of a borrower leave as hers, though her campaign used her share: a tenth of it is theirs", async (t) => {
  const of = await lender({ people: 1, perDay: 100, connections: 2 });
  const here = await borrower(of, { people: 40, perDay: 20, domain: "c.example" });
  assert.equal((await serverForCampaign(s, here.organization))?.id, of.server);
  const engine = running(t);
  await launched(s, { scene: here, server: of.server });
  await until(() => from(of, "c.example").length === 18);
  for (let i = 0; i < 3; i++) await alert(here.organization);
  engine.ring();
  await until(() => from(of, "c.example").length === 20);
  const mails = await s.db.select().from(outbox).where(eq(outbox.organization, here.organization));
  await until(async () => {
    const rows = await s.db.select().from(outbox).where(eq(outbox.organization, here.organization));
    return rows.filter((one) => one.state === "accepted").length === 2;
  });
  assert.equal(mails.length, 3);
  // The third waits for tomorrow, and holds up nobody: the owner's own mail goes on.
  await alert(of.organization);
  engine.ring();
  await until(() => from(of, "libreria.example").length === 1);
  assert.equal(from(of, "c.example").length, 20);
  await setClock("2027-03-11T11:00:00Z");
  engine.ring();
  await until(() => from(of, "c.example").length >= 21);
  await engine.stop();
  await setClock("2027-03-10T11:00:00Z");
  await s.db.execute(sql`update campaigns set state = 'cancelled' where organization = ${here.organization}::uuid`);
});

test("a loan that ends: nothing more leaves over it, another server carries the rest, and nobody gets two", async (t) => {
  const of = await lender({ people: 0, connections: 1, sink: { slow: 20 } });
  const here = await borrower(of, { people: 80, perDay: 1000, domain: "d.example" });
  const own = await lender({ people: 0 });
  await s.db
    .update(servers)
    .set({ organization: here.organization, fromAddress: "news@d.example" })
    .where(eq(servers.id, own.server));
  const engine = running(t);
  const campaign = await launched(s, {
    ...{ scene: here, server: of.server, split: "weight" },
    servers: [{ server: of.server }, { server: own.server }],
  });
  await until(() => of.sink.kept.length > 3);
  await endLoan(s, { who: operator, server: of.server, organization: here.organization });
  const then = of.sink.kept.length;
  await ended(campaign, engine, 20_000);
  assert.deepEqual(await states(s, campaign), { accepted: 80 });
  assert.ok(of.sink.kept.length <= then + 2, "what was with it at that moment, no more");
  assert.equal(new Set([...of.sink.kept, ...own.sink.kept].map((one) => one.to)).size, 80);
  await assert.rejects(
    endLoan(s, { who: operator, server: of.server, organization: here.organization }),
    code("NOT_FOUND"),
  );
  assert.deepEqual(
    (await inProduction(s, { who: here.who })).map(({ id }) => id),
    [own.server],
  );
});

test("a borrower's sender that is refused stops her loan alone", async (t) => {
  const script: SinkOptions["script"] = ({ from }) =>
    from === "ritorni@e.example" ? { replies: { mail: "553 5.7.1 sender not allowed" } } : undefined;
  const of = await lender({ people: 20, sink: { script } });
  const here = await borrower(of, { people: 5, perDay: 100, domain: "e.example" });
  const engine = running(t);
  await launched(s, { scene: here, server: of.server });
  const loan = async () => (await s.db.select().from(serverLoans).where(loanOf(of, here)))[0];
  await until(async () => (await loan())?.liveAt === null);
  assert.equal((await loan())?.testOk, "no");
  const campaign = await launched(s, { scene: of, server: of.server });
  await ended(campaign, engine);
  assert.equal((await s.db.select().from(servers).where(eq(servers.id, of.server)))[0]?.pausedAt, null);
  assert.equal(of.sink.kept.length, 20);
});

test("who lends what to whom: the operator alone, a real server of another, a share that it can carry; the borrower tests and goes live", async () => {
  const of = await lender({ people: 0, perDay: 100 });
  const here = await scene(s, { people: 0, live: false });
  const loan = { server: of.server, organization: here.organization, perDay: 50 };
  for (const who of [of.who, here.who]) await assert.rejects(lend(s, { who, ...loan }), code("FORBIDDEN"));
  await assert.rejects(lend(s, { who: operator, ...loan, organization: of.organization }), code("LOAN_OWN"));
  for (const perDay of [0, 1.5, 101])
    await assert.rejects(lend(s, { who: operator, ...loan, perDay }), code("LOAN_SHARE"));
  await assert.rejects(lend(s, { who: operator, ...loan, server: s.randomId() }), code("NOT_FOUND"));
  const offered = await lendable(s, { who: operator });
  assert.ok(offered.servers.some((one) => one.id === of.server) && offered.organizations.length > 1);

  await assert.rejects(goLive(s, { who: here.who, server: of.server }), code("NOT_FOUND"));
  await lend(s, { who: operator, ...loan });
  await assert.rejects(lend(s, { who: operator, ...loan }), code("LOAN_EXISTS"));
  await assert.rejects(goLive(s, { who: here.who, server: of.server }), code("SERVER_NOT_TESTED"));
  await assert.rejects(
    setLoanSender(s, { who: of.who, server: of.server, fromName: "X", fromAddress: "x@x.example" }),
    code("NOT_FOUND"),
  );
  const sender = { fromName: "Agenzia", fromAddress: "news@f.example" };
  await assert.rejects(
    setLoanSender(s, { who: here.who, server: of.server, ...sender, fromName: "A\r\nBcc: x@x" }),
    code("SERVER_INVALID"),
  );
  await setLoanSender(s, { who: here.who, server: of.server, ...sender });
  const me = { ...here.who, user: (await makeWho(s, here.organization, "owner")).user };
  const test = await testServer(s, { who: me, server: of.server });
  assert.ok(test.ok, JSON.stringify(test.talk));
  assert.equal(of.sink.kept[0]?.from, "news@f.example");
  // It counts in her share, and says nothing about the owner's own sender.
  assert.deepEqual((await listLoans(s, { who: operator })).find((one) => one.server === of.server)?.used, 1);
  assert.equal((await s.db.select().from(servers).where(eq(servers.id, of.server)))[0]?.testOk, null);
  assert.equal((await goLiveFindings(s, { who: here.who, server: of.server })).ok, true);
  await goLive(s, { who: here.who, server: of.server });
  await changeShare(s, { who: operator, ...loan, perDay: 5 });
  assert.equal((await listLoans(s, { who: operator })).find((one) => one.server === of.server)?.perDay, 5);
  // A loan that was over begins anew, without production.
  await endLoan(s, { who: operator, ...loan });
  await lend(s, { who: operator, ...loan });
  assert.deepEqual(await inProduction(s, { who: here.who }), []);
});

test("the plan of a borrower counts her share of each day, and the owner's what the shares of others leave", async () => {
  const of = await lender({ people: 40, perDay: 30 });
  const here = await borrower(of, { people: 40, perDay: 10, domain: "g.example" });
  const draft = await createCampaign(s, { who: here.who, from: "news", name: "Sua" });
  const days = async (who: Who, campaign: string, remaining: number) =>
    (await draftPlan(s, { who, campaign, remaining })).forecast.days.map(({ n }) => n);
  assert.deepEqual(await days(here.who, draft, 25), [9, 9, 7]);
  const own = await createCampaign(s, { who: of.who, from: "news", name: "Nostra" });
  assert.deepEqual(await days(of.who, own, 40), [30, 10]);
  const theirs = await launched(s, { scene: here, server: of.server });
  while (await fillSnapshot(s, { campaign: theirs }));
  assert.deepEqual(await days(of.who, own, 40), [21, 19]);
  // Her own campaigns divide her share.
  assert.deepEqual(await days(here.who, draft, 9), [4, 4, 1]);
});
