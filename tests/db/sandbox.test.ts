import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { outbox, sandboxMessages, servers } from "../../db/schema/servers.ts";
import { composeSystemMail } from "../../lib/delivery/compose-system.ts";
import { listSandbox, readSandbox } from "../../lib/delivery/sandbox-inbox.ts";
import { startSandbox } from "../../lib/delivery/sandbox-server.ts";
import { connectSmtp } from "../../lib/servers/connection.ts";
import { ensureSandbox } from "../../lib/servers/sandbox.ts";
import { queueStaffMail } from "../../lib/users/staff-mail.ts";
import type { Who } from "../../lib/users/who.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { askFor, makeList, makeOrganization, makeWho } from "../support/people.ts";
import { launched, scene, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d);
const sandbox = await startSandbox(s);
d.after(() => sandbox.close());
const engine = testEngine(d, s, { sandbox: sandbox.address, composeSystem: composeSystemMail });

test("until a server is live, mail is kept here: a confirmation is listed, read, and simulated", async () => {
  const organization = await makeOrganization(s);
  const { form } = await makeList(s, organization);
  const who = await makeWho(s, organization, "marketing");
  await askFor(s, form, "ada@example.it");
  engine.ring();
  const [row] = await until(async () => {
    const rows = await listSandbox(s, { who });
    return rows.length === 1 ? rows : undefined;
  });
  assert.ok(row);
  assert.deepEqual([row.to, row.staff, row.open], ["ada@example.it", false, true]);
  const mail = await readSandbox(s, { who, id: row.id });
  assert.equal(mail.subject, row.subject);
  assert.match(mail.html ?? "", /^<!doctype html>/i);
  assert.equal(typeof mail.text, "string");
  assert.ok(mail.headers.some((one) => one.name === "Auto-Submitted" && one.value === "auto-generated"));
  assert.match(mail.source, /^From: /m);
  const simulated = async () =>
    (await s.db.select().from(confirmations).where(eq(confirmations.organization, organization)))[0]?.simulated;
  assert.equal(await until(simulated), true);
});

test("a campaign through the sandbox: everybody is handed over, each mail stands in the inbox, sealed", async () => {
  const here = await scene(s, { people: 30, live: false });
  const server = await ensureSandbox(s, { organization: here.organization });
  const campaign = await launched(s, { scene: here, server, simulated: true });
  engine.ring();
  await until(async () => (await states(s, campaign)).accepted === 30);
  const rows = await listSandbox(s, { who: here.who, limit: 100 });
  assert.equal(rows.length, 30);
  assert.equal((await listSandbox(s, { who: here.who, limit: 10, before: rows[9]?.id ?? "" })).length, 10);
  const [kept] = await s.db.select().from(sandboxMessages).where(eq(sandboxMessages.organization, here.organization));
  assert.ok(!kept?.source.includes("Ciao") && !kept?.head.includes("p0@"));
});

test("mail to staff opens for the operator alone; others see that it exists; another organization sees nothing", async () => {
  const organization = await makeOrganization(s);
  const who = await makeWho(s, organization, "owner");
  const link = "https://news.example.it/i/geheim";
  await queueStaffMail(s, {
    organization,
    mail: {
      kind: "invitation",
      to: "nuova@esempio.it",
      locale: "it",
      facts: {
        organization: "Esempio",
        inviter: "Giulia",
        roles: ["owner"],
        link,
        expiresAt: "2027-01-01T00:00:00Z",
        zone: "Europe/Rome",
      },
    },
  });
  engine.ring();
  const [row] = await until(async () => {
    const rows = await listSandbox(s, { who });
    return rows.length === 1 ? rows : undefined;
  });
  assert.ok(row);
  assert.deepEqual([row.staff, row.open, row.from, row.to, row.subject], [true, false, "", "", ""]);
  await assert.rejects(readSandbox(s, { who, id: row.id }), { code: "FORBIDDEN" });
  const operator: Who = { ...who, operator: true };
  const invitation = await readSandbox(s, { who: operator, id: row.id });
  assert.ok(invitation.html?.includes(link) && invitation.text?.includes(link), "its link works");
  const stranger = await makeWho(s, await makeOrganization(s), "owner");
  assert.deepEqual(await listSandbox(s, { who: stranger }), []);
  await assert.rejects(readSandbox(s, { who: { ...stranger, operator: true }, id: row.id }), { code: "NOT_FOUND" });
});

test("auditors see masked addresses and open nothing", async () => {
  const organization = await makeOrganization(s);
  const { form } = await makeList(s, organization);
  await askFor(s, form, "bea@example.it");
  engine.ring();
  const auditor = await makeWho(s, organization, "auditor");
  const [row] = await until(async () => {
    const rows = await listSandbox(s, { who: auditor });
    return rows.length === 1 ? rows : undefined;
  });
  assert.ok(row && !row.to.includes("bea@") && !row.open);
  await assert.rejects(readSandbox(s, { who: auditor, id: row.id }), { code: "FORBIDDEN" });
});

test("other programs on the machine get nothing into it", async () => {
  const route = {
    target: { address: "127.0.0.1", port: sandbox.address.port, servername: "sandbox" },
    encryption: "none" as const,
    name: "[127.0.0.1]",
  };
  await assert.rejects(connectSmtp({ ...route, credentials: { user: s.randomId(), pass: "guess" } }), {
    name: "ConnectFailure",
  });
  const open = await connectSmtp(route);
  const answer = await open.send({ from: "a@example.it", to: "b@example.it" }, Buffer.from("Subject: x\r\n\r\nx\r\n"));
  assert.equal(answer.code, 530);
  open.close();
});

test("a sandbox is made once, and is not for going live", async () => {
  const here = await scene(s, { people: 0, live: false });
  const [first, second] = await Promise.all([ensureSandbox(s, here), ensureSandbox(s, here)]);
  assert.equal(first, second);
  const rows = await s.db.select().from(servers).where(eq(servers.organization, here.organization));
  assert.deepEqual(
    rows.map((row) => [row.kind, row.liveAt]),
    [["sandbox", null]],
  );
  assert.equal((await s.db.select().from(outbox)).filter((row) => row.state === "sending").length, 0);
});
