import assert from "node:assert/strict";
import { createHash, X509Certificate } from "node:crypto";
import { after, test } from "node:test";
import { eq } from "drizzle-orm";
import { auditLog } from "../../db/schema/installation.ts";
import { servers } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { connectTo } from "../../lib/delivery/route.ts";
import { createServer } from "../../lib/servers/create.ts";
import { moveServer } from "../../lib/servers/move.ts";
import { pinCertificate, unpinCertificate } from "../../lib/servers/pin.ts";
import { testServer } from "../../lib/servers/test-server.ts";
import type { ServerInput } from "../../lib/servers/types.ts";
import { freshDatabase } from "../support/database.ts";
import { type Pair, type SecureSink, secureSink, selfSigned } from "../support/secure-sink.ts";
import { scene } from "../support/sending.ts";
import { testServices } from "../support/services.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });
const { who } = await scene(s, { people: 0 });
await s.db.insert(users).values({ id: who.user, email: "giulia@esempio.it", name: "Giulia", createdAt: new Date(0) });

const sha256 = (pair: Pair) => createHash("sha256").update(new X509Certificate(pair.cert).raw).digest("hex");
const code = (wanted: string) => (error: unknown) => (error as { code?: string }).code === wanted;
const reason = "Il fornitore usa il nome del cluster";

async function sinkWith(o: { pair: Pair; secure: boolean; port?: number }): Promise<SecureSink> {
  const sink = await secureSink({ ...o, allows: ({ password }) => password === "giusta" });
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  return sink;
}

async function describe(port: number, encryption: "starttls" | "tls"): Promise<string> {
  const input: ServerInput = {
    ...{ kind: "dedicated", name: "Casella", host: "127.0.0.1", port, encryption, auth: "password" },
    ...{ username: "u", password: "giusta", fromName: "Rossi", fromAddress: "news@libreria.example" },
  };
  return (await createServer(s, { who, ...input })).id;
}

const row = async (id: string) => (await s.db.select().from(servers).where(eq(servers.id, id)))[0];
const talkTo = async (server: string) => {
  const { ok, talk } = await testServer(s, { who, server, connect: { connectMs: 3000, ports: [] } });
  return { ok, last: talk.at(-1), tls: talk.find(({ step }) => step === "tls") };
};

for (const encryption of ["starttls", "tls"] as const) {
  test(`AU-03 a certificate for another name is shown, accepted alone with a reason, and asked again when it changes (${encryption})`, async () => {
    const secure = encryption === "tls";
    const [first, second] = [selfSigned(d, "cluster.hosting.example"), selfSigned(d, "cluster.hosting.example")];
    const sink = await sinkWith({ pair: first, secure });
    const id = await describe(sink.port, encryption);
    const refused = await talkTo(id);
    assert.deepEqual([refused.ok, refused.last?.text], [false, "servers.talk.reason.certificate"]);
    const { names, issuer, until, sha256: shown } = refused.tls?.facts ?? {};
    assert.deepEqual([names, issuer, shown], [["cluster.hosting.example"], "cluster.hosting.example", sha256(first)]);
    assert.equal(new Date(String(until)).getTime(), new Date(new X509Certificate(first.cert).validTo).getTime());
    assert.equal(sink.auths.length, 0, "nobody signed in");

    const pin = { who, server: id, sha256: sha256(first) };
    await assert.rejects(pinCertificate(s, { ...pin, reason: " boh " }), code("PIN_REASON"));
    await assert.rejects(pinCertificate(s, { ...pin, reason, sha256: sha256(second) }), code("PIN_NOT_SHOWN"));
    await pinCertificate(s, { ...pin, reason });
    assert.deepEqual([(await talkTo(id)).ok, sink.mails.length], [true, 1]);
    const [entry] = await s.db.select().from(auditLog).where(eq(auditLog.object, id));
    assert.deepEqual([entry?.action, entry?.facts], ["server.certificate_pinned", { sha256: sha256(first) }]);

    await sink.close();
    const other = await sinkWith({ pair: second, secure, port: sink.port });
    const changed = await talkTo(id);
    assert.equal(changed.last?.text, "servers.talk.reason.certificate_changed");
    assert.equal(changed.tls?.facts?.sha256, sha256(second));
    const server = await row(id);
    assert.ok(server);
    await assert.rejects(connectTo(s, server, {}), { name: "ConnectFailure" });
    assert.equal(other.auths.length, 0, "the password went to nobody");
    await pinCertificate(s, { ...pin, sha256: sha256(second), reason });
    assert.equal((await talkTo(id)).ok, true);
    await unpinCertificate(s, { who, server: id });
    assert.equal((await talkTo(id)).last?.text, "servers.talk.reason.certificate");
    await other.close();
  });
}

test("a pin stays with its host: another host has none, another port keeps it; what a test proposes changes nothing else", async () => {
  const pair = selfSigned(d, "x.example");
  const sink = await sinkWith({ pair, secure: false });
  const id = await describe(sink.port, "starttls");
  await talkTo(id);
  await pinCertificate(s, { who, server: id, sha256: sha256(pair), reason });
  const before = await row(id);
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: 2525 }, { host: "127.0.0.2", port: 2525 });
  await moveServer(s, { who, server: id, port: 2525 });
  assert.ok((await row(id))?.pinSha256);
  await moveServer(s, { who, server: id, host: "127.0.0.2" });
  const moved = await row(id);
  assert.deepEqual([moved?.pinSha256, moved?.pinReason, moved?.host, moved?.port], [null, null, "127.0.0.2", 2525]);
  assert.deepEqual(moved?.password, before?.password);
  assert.equal(moved?.perDay, before?.perDay);
  await sink.close();
});

test("a certificate whose time is over is not accepted any more", async () => {
  const pair = selfSigned(d, "old.example");
  const sink = await sinkWith({ pair, secure: true });
  const id = await describe(sink.port, "tls");
  await talkTo(id);
  await d.moveClock(3 * 86_400_000);
  await assert.rejects(pinCertificate(s, { who, server: id, sha256: sha256(pair), reason }), code("PIN_EXPIRED"));
  await d.moveClock(-3 * 86_400_000);
  await sink.close();
});
