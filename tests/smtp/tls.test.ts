import assert from "node:assert/strict";
import { createServer as listen } from "node:net";
import { test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { servers } from "../../db/schema/servers.ts";
import { watch } from "../../lib/reports/watch.ts";
import { createServer } from "../../lib/servers/create.ts";
import { openNotices } from "../../lib/users/staff-notices.ts";
import { authority, type Certificate } from "../support/certificates.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/engine.ts";
import { builtWorker, startWorker } from "../support/process.ts";
import { launchedStarter, scene, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { workerEnv } from "../support/worker-env.ts";

type Seen = { clear: string[]; encrypted: string[]; port: number };

/** A server with this certificate; what it was told before and after the encryption, but for EHLO and STARTTLS. */
async function tlsServer(d: TestDatabase, o: Certificate & { secure: boolean }): Promise<Seen> {
  const seen: Seen = { clear: [], encrypted: [], port: 0 };
  const note = (secure: boolean, what: string) => void (secure ? seen.encrypted : seen.clear).push(what);
  const server = new SMTPServer({
    ...{ ...o, logger: false, disableReverseLookup: true, authOptional: true },
    onAuth: (_, session, callback) => callback(note(session.secure, "AUTH") ?? null, { user: "x" }),
    onMailFrom: (_, session, callback) => callback(note(session.secure, "MAIL") ?? null),
    onData: (stream, session, callback) =>
      void stream.resume().on("end", () => {
        note(session.secure, "DATA");
        callback(null, "kept");
      }),
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  d.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return Object.assign(seen, { port: (server.server.address() as { port: number }).port });
}

/** Somebody between us and the server who takes STARTTLS out of what is offered, or answers it himself. */
async function stripped(d: TestDatabase, o: { offered: boolean }): Promise<Seen> {
  const seen: Seen = { clear: [], encrypted: [], port: 0 };
  const server = listen((socket) => {
    socket.on("error", () => undefined);
    socket.write("220 mail.example ESMTP\r\n");
    socket.on("data", (chunk) => {
      for (const line of chunk.toString("latin1").split("\r\n").filter(Boolean)) {
        if (/^(EHLO|HELO)/i.test(line))
          socket.write(`250-mail.example\r\n${o.offered ? "250-STARTTLS\r\n" : ""}250-AUTH PLAIN\r\n250 8BITMIME\r\n`);
        else if (/^STARTTLS/i.test(line)) socket.write("454 4.7.0 TLS not available due to a local problem\r\n");
        else if (/^QUIT/i.test(line)) socket.end("221 bye\r\n");
        else {
          seen.clear.push(line);
          socket.write("250 ok\r\n");
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  d.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return Object.assign(seen, { port: (server.address() as { port: number }).port });
}

test("expired, for another host, of an unknown authority, STARTTLS taken out or refused: nothing leaves in clear, that server stops, its owner is told, others go on [F40]", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const [ours, theirs] = [authority(d), authority(d)];
  const good = ours.sign("IP:127.0.0.1");
  const [expired, other, unknown] = [
    ours.sign("IP:127.0.0.1", -1),
    ours.sign("DNS:other.example"),
    theirs.sign("IP:127.0.0.1"),
  ];
  const at = async (certificate: Certificate, encryption: "starttls" | "tls") => ({
    encryption,
    seen: await tlsServer(d, { ...certificate, secure: encryption === "tls" }),
  });
  const places: Record<string, { encryption: "starttls" | "tls"; seen: Seen }> = {
    "expired, STARTTLS": await at(expired, "starttls"),
    "expired, TLS": await at(expired, "tls"),
    "another host, STARTTLS": await at(other, "starttls"),
    "another host, TLS": await at(other, "tls"),
    "unknown authority, STARTTLS": await at(unknown, "starttls"),
    "unknown authority, TLS": await at(unknown, "tls"),
    "STARTTLS taken out": { encryption: "starttls", seen: await stripped(d, { offered: false }) },
    "STARTTLS refused": { encryption: "starttls", seen: await stripped(d, { offered: true }) },
    "as it should be": await at(good, "starttls"),
  };
  const ports = Object.values(places).map(({ seen }) => `127.0.0.1:${seen.port}`);
  for (const { seen } of Object.values(places))
    s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: seen.port });
  const made = await Promise.all(
    Object.entries(places).map(async ([name, { encryption, seen }]) => {
      const here = await scene(s, { people: 5 });
      const { id } = await createServer(s, {
        ...{ who: here.who, kind: "dedicated", name, host: "127.0.0.1", port: seen.port, encryption },
        ...{ auth: "password", username: "u", password: "segreta" },
        ...{ fromName: "Libreria", fromAddress: "news@libreria.example" },
      });
      await s.db.execute(sql`update servers set live_at = app_now() where id = ${id}::uuid`);
      return { name, seen, here, server: id, campaign: await launchedStarter(s, { scene: here }) };
    }),
  );
  const env = { ...workerEnv(d, s, { allow: ports.join(",") }), NODE_EXTRA_CA_CERTS: ours.file };
  const worker = startWorker({ after: (work) => d.after(work) }, await builtWorker(), env);
  for (const { name, server, campaign, seen, here } of made) {
    const fine = name === "as it should be";
    const row = async () => (await s.db.select().from(servers).where(eq(servers.id, server)))[0];
    if (fine) await until(async () => (await states(s, campaign)).accepted === 5, 20_000, worker.said());
    else await until(async () => (await row())?.pausedReason === "tls", 20_000, `${name}: ${worker.said()}`);
    assert.deepEqual(seen.clear, [], `${name}: in clear`);
    if (fine) continue;
    assert.deepEqual(seen.encrypted, [], `${name}: to a server that is not who it says`);
    assert.ok((await row())?.retryAt, `${name}: certificates are renewed, it is tried again`);
    assert.equal((await states(s, campaign)).rejected, undefined);
    await watch(s);
    const told = await openNotices(s, { who: here.who });
    assert.deepEqual(
      told.map((one) => one.kind),
      ["server_stopped"],
      `${name}: told`,
    );
  }
  assert.equal((await worker.kill("SIGTERM")).code, 0);
});
