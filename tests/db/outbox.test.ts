import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { confirmations, consentEvents } from "../../db/schema/consent.ts";
import { processes } from "../../db/schema/installation.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { outbox, servers } from "../../db/schema/servers.ts";
import { refuse } from "../../lib/consent/refuse.ts";
import { openSubject } from "../../lib/contacts/subject.ts";
import { openWith } from "../../lib/crypto/sealed.ts";
import { composeSystemMail } from "../../lib/delivery/compose-system.ts";
import type { Engine, EngineSettings } from "../../lib/delivery/engine.ts";
import { reconcile } from "../../lib/delivery/reconcile.ts";
import { systemDue, takeSystem } from "../../lib/delivery/system-mail.ts";
import { ensureSandbox } from "../../lib/servers/sandbox.ts";
import { queueStaffMail } from "../../lib/users/staff-mail.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { askFor, makeList, makeOrganization } from "../support/people.ts";
import { sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { type Script, type SinkOptions, startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });

function running(t: { after(work: () => Promise<void>): void }, o: Partial<EngineSettings> = {}): Engine {
  const engine = testEngine(d, s, { composeSystem: composeSystemMail, ...o });
  t.after(() => engine.stop());
  return engine;
}

/** A live organization with a list, whose server leads to a sink. */
async function live(o: SinkOptions = {}) {
  const sink = await startSink({ keep: true, ...o });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const organization = await makeOrganization(s);
  const server = await sinkServer(s, { organization, port: sink.port });
  return { sink, organization, server, ...(await makeList(s, organization)) };
}

const rowsOf = (organization: string) => s.db.select().from(outbox).where(eq(outbox.organization, organization));

test("a confirmation leaves at once, and its acceptance is an event with Message-ID, SHA-256 and reply [DO-02, CC-05]", async (t) => {
  const { sink, organization, server, form } = await live();
  await askFor(s, form, "ada@example.it");
  running(t);
  await until(() => sink.kept.length === 1);
  const row = await until(async () => (await rowsOf(organization)).find((one) => one.state === "accepted"));
  assert.ok(row);
  assert.equal(row.payload, null, "the link in it is not kept");
  assert.equal(row.messageId, `<o.${row.id}@libreria.example>`);
  assert.equal(sink.kept[0]?.messageId, row.messageId);
  assert.equal(row.sha256?.toString("hex"), sink.kept[0]?.sha256);
  const source = sink.sources[0]?.toString() ?? "";
  assert.match(source, /^Auto-Submitted: auto-generated\r$/m);
  assert.ok(!/^List-Unsubscribe/im.test(source), "there is nothing to leave yet [AT-14]");
  const events = await s.db.select().from(consentEvents).where(eq(consentEvents.organization, organization));
  const event = events.find((one) => one.kind === "consent.mail_accepted");
  const subject = await openSubject(s, event?.subjectRow ?? "");
  assert.ok(event && subject);
  const record = JSON.parse(
    openWith(subject.key, { table: "consent_events", row: event.id, column: "sealed" }, event.sealed).toString(),
  );
  assert.deepEqual(record.mail, {
    message_id: row.messageId,
    sha256: sink.kept[0]?.sha256,
    reply: "250 2.0.0 kept",
    server,
    simulated: false,
  });
  const [confirmation] = await s.db.select().from(confirmations).where(eq(confirmations.organization, organization));
  assert.equal(confirmation?.simulated, false);
  assert.ok(!JSON.stringify(row).includes("ada@"));
});

test("a request that was refused before its mail left: nothing leaves", async (t) => {
  const { sink, organization, form } = await live();
  const links = await askFor(s, form, "eva@example.it");
  await refuse(s, { token: links?.refuse ?? "" });
  running(t);
  const dropped = async () => (await rowsOf(organization)).every((row) => row.state === "dropped");
  await until(dropped);
  assert.equal(sink.kept.length, 0);
});

test("the sandbox of an organization that went live carries nothing any more, though its lane is still open", async () => {
  const { organization, server, form } = await live();
  const sandbox = await ensureSandbox(s, { organization });
  await askFor(s, form, "nora@example.it");
  const [own] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: sql`app_now()` })
    .returning();
  const take = async (id: string) => {
    const [row] = await s.db.select().from(servers).where(eq(servers.id, id));
    assert.ok(row && own);
    return [await systemDue(s, row), (await takeSystem(s, { server: row, epoch: own.epoch, n: 10 })).mails.length];
  };
  assert.deepEqual(await take(sandbox), [0, 0]);
  assert.deepEqual(await take(server), [1, 1]);
});

test("a mail whose key was destroyed is dropped: nobody is left to write to, and others go on", async (t) => {
  const { sink, organization, form } = await live();
  await askFor(s, form, "pia@example.it");
  const [row] = await rowsOf(organization);
  await s.db.execute(sql`update subjects set key = null, destroyed_at = now() where id = ${row?.subject}::uuid`);
  await askFor(s, form, "rita@example.it");
  running(t);
  await until(() => sink.kept.length === 1);
  assert.equal(sink.kept[0]?.to, "rita@example.it");
  const states = async () => (await rowsOf(organization)).map((one) => [one.state, one.payload]).sort();
  await until(async () => (await states()).every(([state]) => state !== "sending"));
  assert.deepEqual(await states(), [
    ["accepted", null],
    ["dropped", null],
  ]);
});

test("a server that is down for an hour loses no confirmation [AT-10]", async (t) => {
  const { sink, organization, server, form } = await live();
  const good = sink.port;
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: 9 });
  await s.db.update(servers).set({ port: 9 }).where(eq(servers.id, server));
  await askFor(s, form, "lia@example.it");
  const engine = running(t);
  const paused = async () => (await s.db.select().from(servers).where(eq(servers.id, server)))[0];
  await until(async () => (await paused())?.pausedReason === "unreachable");
  await d.moveClock(3_600_000);
  await engine.reconcile();
  assert.equal((await rowsOf(organization))[0]?.state, "queued");
  await s.db.update(servers).set({ port: good }).where(eq(servers.id, server));
  await until(async () => {
    await d.moveClock(60_000);
    await engine.reconcile();
    return sink.kept.length === 1;
  });
  await until(async () => (await rowsOf(organization))[0]?.state === "accepted");
});

test("at least once: a dead process's mail is queued again; a lost answer sends a second copy with the same Message-ID", async (t) => {
  let script: Script | undefined = { at: "dot", how: "close" };
  const { sink, organization, form } = await live({ script: () => script });
  await askFor(s, form, "zoe@example.it");
  const [row] = await rowsOf(organization);
  const [dead] = await s.db
    .insert(processes)
    .values({ boot: s.randomId(), kind: "worker", startedAt: new Date(0) })
    .returning();
  await s.db
    .update(outbox)
    .set({ state: "sending", epoch: dead?.epoch ?? 0 })
    .where(eq(outbox.id, row?.id ?? ""));
  assert.equal((await reconcile(s.db)).requeued, 1);
  const engine = running(t);
  await until(() => sink.kept.length === 1);
  const queued = async () => (await rowsOf(organization))[0]?.state === "queued";
  await until(queued);
  script = undefined;
  await d.moveClock(11 * 60_000);
  engine.ring();
  await until(async () => (await rowsOf(organization))[0]?.state === "accepted");
  assert.equal(sink.kept.length, 2);
  assert.equal(sink.kept[0]?.messageId, sink.kept[1]?.messageId);
  assert.deepEqual(sink.sources[0], sink.sources[1], "the same token in each copy");
});

test("a refusal of this mail ends it; one that asks to wait does not", async (t) => {
  const { sink, organization, form } = await live({
    script: ({ to }) =>
      to.startsWith("no@") ? { replies: { rcpt: "550 5.1.1 nobody" } } : { replies: { rcpt: "450 4.2.0 later" } },
  });
  await askFor(s, form, "no@example.it");
  await askFor(s, form, "si@example.it");
  running(t);
  await until(async () => (await rowsOf(organization)).every((row) => row.reply !== null));
  const states = (await rowsOf(organization)).map((row) => row.state).sort();
  assert.deepEqual(states, ["failed", "queued"]);
  assert.equal(sink.kept.length, 0);
});

test("what cannot be composed waits and stops nobody else", async (t) => {
  const { sink, organization, form } = await live();
  await askFor(s, form, "uno@example.it");
  const broken: EngineSettings["composeSystem"] = async (services, o) => {
    if (o.mail.payload.to === "uno@example.it") throw new Error("no words");
    return composeSystemMail(services, o);
  };
  await askFor(s, form, "due@example.it");
  running(t, { composeSystem: broken });
  await until(() => sink.kept.length === 1);
  assert.equal(sink.kept[0]?.to, "due@example.it");
  const waiting = async () => (await rowsOf(organization)).find((row) => row.state === "queued");
  assert.equal((await until(waiting))?.reply, "not_composed");
});

test("mail to staff of the installation itself goes through the oldest live organization", async (t) => {
  const { sink, organization } = await live();
  await s.db
    .update(organizations)
    .set({ liveAt: sql`now()` as never })
    .where(eq(organizations.id, organization));
  await queueStaffMail(s, {
    organization: null,
    mail: {
      kind: "reset",
      to: "giulia@esempio.it",
      locale: "it",
      facts: { name: "Giulia", link: "https://x.example/r/1", minutes: 10 },
    },
  });
  running(t);
  await until(() => sink.kept.length === 1);
  assert.equal(sink.kept[0]?.to, "giulia@esempio.it");
});
