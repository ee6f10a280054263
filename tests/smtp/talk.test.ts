import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { eq } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { servers } from "../../db/schema/servers.ts";
import { users } from "../../db/schema/users.ts";
import { createServer as describeServer } from "../../lib/servers/create.ts";
import { usedWindows } from "../../lib/servers/find.ts";
import { greetedAddress, ourAddress } from "../../lib/servers/our-address.ts";
import { testServer } from "../../lib/servers/test-server.ts";
import type { ServerInput } from "../../lib/servers/types.ts";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };
import { freshDatabase } from "../support/database.ts";
import { scene } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { type SinkOptions, startSink } from "../support/sink.ts";

const d = await freshDatabase({ after });
const s = await testServices(d, {
  settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" },
  resolve: async (host) => (host === "mail.lan" ? ["127.0.0.1"] : []),
});
const here = await scene(s, { people: 0 });
await s.db
  .insert(users)
  .values({ id: here.who.user, email: "giulia@esempio.it", name: "Giulia", createdAt: new Date(0) });

const input = (port: number, more: Partial<ServerInput> = {}): ServerInput => ({
  ...{ kind: "dedicated", name: "Casella", host: "127.0.0.1", port, encryption: "none", auth: "none" },
  ...{ fromName: "Libreria Rossi", fromAddress: "news@libreria.example", perHour: 60, ...more },
});

function allow(host: string, port: number): void {
  s.config.ASSENSO_SMTP_ALLOW.push({ host, port });
}

async function sinkAt(o: SinkOptions = {}) {
  const sink = await startSink({ keep: true, ...o });
  d.after(() => sink.close());
  allow("127.0.0.1", sink.port);
  return sink;
}

async function talkTo(o: ServerInput) {
  const { id } = await describeServer(s, { who: here.who, ...o });
  const found = await testServer(s, { who: here.who, server: id, connect: { connectMs: 500, envelopeMs: 500 } });
  return {
    id,
    ...found,
    short: found.talk.map((step) => `${step.step} ${step.ok ? "ok" : step.text?.split(".").at(-1)}`),
  };
}

/** The named words of a step and reason, in a catalogue. */
function words(catalogue: object, path: string): unknown {
  return path.split(".").reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], catalogue);
}

test("a test goes from the name to the mailbox, in plain words, with a real mail to the caller's own address", async () => {
  const sink = await sinkAt();
  const { id, ok, talk, short } = await talkTo(input(sink.port));
  assert.deepEqual(short, ["dns ok", "tcp ok", "greeting ok", "mail ok", "rcpt ok", "message ok"]);
  assert.ok(ok);
  assert.equal(sink.kept[0]?.to, "giulia@esempio.it");
  assert.equal(talk.at(-1)?.said, "250 2.0.0 kept");
  const [row] = await s.db.select().from(servers).where(eq(servers.id, id));
  assert.deepEqual([row?.testOk, row?.testTalk], ["yes", talk]);
  assert.deepEqual((await usedWindows(s.db, id)).hour, { campaign: 0, system: 1 }, "a test counts");
  for (const step of talk)
    for (const c of [it, en]) assert.equal(typeof words(c, `servers.talk.${step.step}.ok`), "string");
});

const faults: [string, SinkOptions, string][] = [
  ["nobody listens", { script: () => ({ at: "greeting", how: "close" }) }, "greeting closed"],
  ["silence", { script: () => ({ at: "greeting", how: "silent" }) }, "greeting silent"],
  [
    "the sender is refused",
    { script: () => ({ replies: { mail: "553 5.7.1 sender not owned by user" } }) },
    "mail sender",
  ],
  ["the recipient is refused", { script: () => ({ replies: { rcpt: "550 5.1.1 nobody" } }) }, "rcpt recipient"],
  ["relaying is refused", { script: () => ({ replies: { rcpt: "554 5.7.1 relay access denied" } }) }, "rcpt policy"],
  ["later", { script: () => ({ replies: { dot: "451 4.3.0 later" } }) }, "message later"],
  ["the message is refused", { script: () => ({ replies: { dot: "554 5.6.0 no" } }) }, "message refused_message"],
  ["the connection goes after the message", { script: () => ({ at: "dot", how: "close" }) }, "message closed"],
];
for (const [name, o, last] of faults) {
  test(`a test says where it fails and why: ${name}`, async () => {
    const sink = await sinkAt(o);
    const { ok, short, talk } = await talkTo(input(sink.port));
    assert.equal(ok, false);
    assert.equal(short.at(-1), last);
    for (const c of [it, en]) assert.equal(typeof words(c, talk.at(-1)?.text ?? ""), "string");
  });
}

test("a closed port, and a port where something else listens: its banner is not shown [B89]", async () => {
  allow("127.0.0.1", 9);
  assert.equal((await talkTo(input(9))).short.at(-1), "tcp refused");
  const other = createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2\r\n")).listen(0, "127.0.0.1");
  d.after(() => void other.close());
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  allow("127.0.0.1", port);
  const { talk } = await talkTo(input(port));
  assert.equal(talk.at(-1)?.ok, false);
  assert.ok(!JSON.stringify(talk).includes("SSH"));
});

test("where the port is closed, the other ports of mail are tried, each only if a server may have it [B89]", async () => {
  const [open, hidden] = [await sinkAt(), await startSink({ keep: true })];
  d.after(() => hidden.close());
  allow("127.0.0.1", 9);
  const { id } = await describeServer(s, { who: here.who, ...input(9) });
  const connect = { connectMs: 500, ports: [open.port, 9, hidden.port] };
  const { talk } = await testServer(s, { who: here.who, server: id, connect });
  assert.deepEqual(talk.at(-1)?.facts, { port: 9, open: [open.port] });
  assert.deepEqual(
    [hidden.peak(), open.lines],
    [0, []],
    "what is not allowed is not called, what is allowed hears nothing",
  );
});

test("the address to authorise: what EHLO greets, else our end of the connection, else PUBLIC_URL's host, and which of them", async () => {
  assert.equal(greetedAddress("250-mail.x.it Hello news.it [93.184.216.34], pleased to meet you"), "93.184.216.34");
  assert.equal(greetedAddress("250-x at your service, [2a01:4f8::1]\n250 SIZE 1.2.3.4"), "2a01:4f8::1");
  for (const said of ["250-x Hello [127.0.0.1]", "250-x Hello 10.1.2.3", "250-PIPELINING\n250 8.8.8.8"])
    assert.equal(greetedAddress(said), undefined, said);
  const world = (host: string) => ({ ...s, resolve: async () => [host] });
  const seen = { ehlo: "93.184.216.34", socket: "93.184.216.35" };
  assert.deepEqual(await ourAddress(s, seen), { ip: "93.184.216.34", from: "ehlo" });
  assert.deepEqual(await ourAddress(s, { socket: seen.socket }), { ip: "93.184.216.35", from: "socket" });
  const behind = { socket: "192.168.1.7" };
  assert.deepEqual(await ourAddress(world("93.184.216.36"), behind), { ip: "93.184.216.36", from: "url" });
  assert.equal(await ourAddress(world("10.0.0.1"), behind), undefined);
  const sink = await sinkAt();
  const { talk } = await talkTo(input(sink.port));
  assert.equal(talk.find(({ step }) => step === "greeting")?.facts, undefined, "nobody knows: nothing is claimed");
});

test("a host that begins to lead inside is refused at its test, and nothing connects [B51]", async () => {
  const sink = await sinkAt();
  allow("mail.lan", sink.port);
  const { id } = await describeServer(s, { who: here.who, ...input(sink.port, { host: "mail.lan" }) });
  s.config.ASSENSO_SMTP_ALLOW.pop();
  const { talk } = await testServer(s, { who: here.who, server: id });
  assert.deepEqual(
    talk.map((step) => [step.step, step.text]),
    [["dns", "servers.talk.reason.server_port_refused"]],
  );
  assert.equal(sink.lines.length, 0);
});

/** A server with STARTTLS and a certificate that nobody vouches for. */
async function withTls(o: { secure: boolean }): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "cert-"));
  d.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "k.pem"), join(folder, "c.pem")];
  execFileSync(
    "openssl",
    [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-keyout",
      key,
      "-out",
      cert,
      "-days",
      "2",
      "-subj",
      "/CN=other.example",
    ],
    { stdio: "ignore" },
  );
  const server = new SMTPServer({
    ...o,
    key: readFileSync(key),
    cert: readFileSync(cert),
    logger: false,
    disableReverseLookup: true,
    onAuth: (auth, _, callback) => callback(auth.password === "giusta" ? null : new Error("535 no"), { user: "x" }),
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  d.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as { port: number };
  allow("127.0.0.1", port);
  return port;
}

test("a certificate that is not valid is refused; there is no way back to plain text [F40]", async () => {
  for (const encryption of ["starttls", "tls"] as const) {
    const port = await withTls({ secure: encryption === "tls" });
    const { short } = await talkTo(input(port, { encryption, auth: "password", username: "u", password: "giusta" }));
    assert.equal(short.at(-1), "tls certificate", encryption);
  }
});

test("STARTTLS that is not offered is refused, and no password is sent [F40]", async () => {
  const sink = await sinkAt();
  const { short } = await talkTo(
    input(sink.port, { encryption: "starttls", auth: "password", username: "u", password: "segreta" }),
  );
  assert.equal(short.at(-1), "tls no_encryption");
  assert.ok(!sink.lines.some((line) => line.startsWith("AUTH")));
});

test("fifty tests an hour for one person, no more [B88]", async () => {
  const { id } = await describeServer(s, { who: here.who, ...input((await sinkAt()).port) });
  const other = { ...here.who, user: s.randomId() };
  await s.db.insert(users).values({ id: other.user, email: "altra@esempio.it", name: "Altra", createdAt: new Date(0) });
  await s.db.update(servers).set({ host: "nowhere.example", perHour: null }).where(eq(servers.id, id));
  for (let i = 0; i < 50; i++) await testServer(s, { who: other, server: id });
  await assert.rejects(testServer(s, { who: other, server: id }), { code: "SERVER_TEST_LIMIT" });
});
