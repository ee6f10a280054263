import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { outbox, servers } from "../../db/schema/servers.ts";
import { open } from "../../lib/crypto/sealed.ts";
import { pauseSending, resumeSending } from "../../lib/delivery/pause-sending.ts";
import { watch } from "../../lib/reports/watch.ts";
import { chooseNotices, noticeChoices } from "../../lib/users/notice-choices.ts";
import { dismissNotice, openNotices } from "../../lib/users/staff-notices.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { askFor, makeList, makeOrganization, makeWho } from "../support/people.ts";
import { launched, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });

async function mailsTo(organization: string): Promise<{ to: string; title: string; link: string }[]> {
  const rows = await s.db.select().from(outbox).where(eq(outbox.organization, organization));
  return rows
    .filter((row) => row.kind === "alert" && row.payload)
    .map((row) => {
      const place = { table: "outbox", row: row.id, column: "payload" };
      const { to, facts } = JSON.parse(open(s.keys, place, row.payload ?? Buffer.alloc(0)).toString());
      return { to, title: facts.title, link: facts.link };
    });
}

test("a server that stands still is told once, to who wants it, in her language; others see it on the dashboard", async () => {
  const organization = await makeOrganization(s);
  const owner = await makeWho(s, organization, "owner");
  const marketing = await makeWho(s, organization, "marketing");
  const second = await makeWho(s, organization, "owner");
  await s.db.execute(sql`update users set locale = 'en' where id = ${second.user}::uuid`);
  const server = await sinkServer(s, { organization, port: 1 });
  await s.db.update(servers).set({ pausedAt: sql`app_now()`, pausedReason: "auth" }).where(eq(servers.id, server));
  await chooseNotices(s, { who: marketing, kinds: ["campaign_ended"] });
  assert.equal(await watch(s), 1);
  assert.equal(await watch(s), 0, "a key is told once");
  const mails = await mailsTo(organization);
  assert.deepEqual(mails.map((mail) => mail.title).sort(), [
    "Il server «Prova» è fermo",
    "The server “Prova” stands still",
  ]);
  assert.ok(mails.every((mail) => mail.link === `${s.config.APP_URL}/servers/${server}`));
  const [notice] = await openNotices(s, { who: marketing });
  assert.deepEqual([notice?.kind, notice?.path], ["server_stopped", `/servers/${server}`]);
  await dismissNotice(s, { who: marketing, notice: notice?.id ?? "" });
  assert.deepEqual(await openNotices(s, { who: owner }), []);
});

test("who chose not to be mailed is not, and her choice stands beside the defaults of her roles", async () => {
  const organization = await makeOrganization(s);
  const owner = await makeWho(s, organization, "owner");
  assert.equal((await noticeChoices(s, { who: owner })).server_stopped, true);
  await chooseNotices(s, { who: owner, kinds: ["campaign_ended"] });
  const chosen = await noticeChoices(s, { who: owner });
  assert.deepEqual([chosen.server_stopped, chosen.campaign_ended], [false, true]);
  const server = await sinkServer(s, { organization, port: 1 });
  await s.db.update(servers).set({ pausedAt: sql`app_now()`, pausedReason: "policy" }).where(eq(servers.id, server));
  assert.equal(await watch(s), 1);
  assert.deepEqual(await mailsTo(organization), []);
});

test("everything stopped with a reason: neither campaign nor confirmation leaves until somebody lets it go on; nothing is lost", async (t) => {
  const sink = await startSink({ keep: true });
  t.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const server = (organization: string) => sinkServer(s, { organization, port: sink.port });
  const [house, other] = [await scene(s, { people: 5, live: true }), await scene(s, { people: 30, live: true })];
  const { form } = await makeList(s, house.organization);
  await assert.rejects(pauseSending(s, { who: house.who, reason: " " }), { code: "REASON_MISSING" });
  await pauseSending(s, { who: house.who, reason: "indirizzo sbagliato nel testo" });
  await assert.rejects(pauseSending(s, { who: house.who, reason: "ancora" }), { code: "SENDING_ALREADY_PAUSED" });
  const campaign = await launched(s, { scene: house, server: await server(house.organization) });
  await askFor(s, form, "nuova@example.it");
  const others = await launched(s, { scene: other, server: await server(other.organization) });
  const engine = testEngine(d, s);
  t.after(() => engine.stop());
  await until(async () => (await states(s, others)).accepted === 30);
  assert.equal(sink.kept.length, 30, "the other organization's alone");
  assert.deepEqual(await states(s, campaign), { pending: 5 }, "and nothing is lost");
  assert.equal(await watch(s), 1);
  assert.equal((await openNotices(s, { who: house.who }))[0]?.kind, "sending_paused");
  await resumeSending(s, { who: house.who });
  engine.ring();
  await until(async () => (await states(s, campaign)).accepted === 5);
  await until(() => sink.kept.some((kept) => kept.to === "nuova@example.it"));
  const [row] = await s.db.select().from(organizations).where(eq(organizations.id, house.organization));
  assert.equal(row?.pausedAt, null);
});
