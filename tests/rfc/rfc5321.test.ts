import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, test } from "node:test";
import { and, eq, sql } from "drizzle-orm";
import { dkimVerify } from "mailauth/lib/dkim/verify.js";
import { deliveries } from "../../db/schema/campaigns.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { campaignMailer } from "../../lib/delivery/campaign-mailer.ts";
import { connectSmtp, type SmtpConnection } from "../../lib/servers/connection.ts";
import { type SigningKey, signNow } from "../../lib/servers/dkim-sign.ts";
import { usedWindows } from "../../lib/servers/find.ts";
import { prepareMessage, renderMessage } from "../../lib/templates/message.ts";
import { headerValue, judge } from "../../lib/templates/mime/judges.fixture.ts";
import { frozen, person } from "../../lib/templates/template.fixture.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { startLaxSink } from "../support/lax-sink.ts";
import { launchedStarter, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { startSink } from "../support/sink.ts";

type Ends = { after(work: () => Promise<void>): void };

async function connectTo(t: Ends, port: number): Promise<SmtpConnection> {
  const target = { address: "127.0.0.1", port, servername: "sink.test" };
  const connection = await connectSmtp({ target, encryption: "none", name: "client.test" });
  t.after(async () => connection.close());
  return connection;
}
const ENVELOPE = { from: "news@bottega.example", to: "mario.rossi@posta.example" };

const pairs = {
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ed25519: generateKeyPairSync("ed25519"),
};
const keys = (["rsa", "ed25519"] as const).map(
  (algorithm): SigningKey => ({
    ...{ id: algorithm, algorithm, domain: "bottega.example", selector: algorithm },
    private: pairs[algorithm].privateKey.export({ type: "pkcs8", format: "der" }),
  }),
);
const AT = new Date("2026-11-24T08:00:00Z");
/** What a verifier at the other end says of both signatures. */
async function verified(raw: Buffer): Promise<string[]> {
  const resolver = async (name: string) => {
    const algorithm = name.startsWith("rsa.") ? "rsa" : "ed25519";
    const der = pairs[algorithm].publicKey.export({ type: "spki", format: "der" });
    return [[`v=DKIM1; k=${algorithm}; p=${(algorithm === "rsa" ? der : der.subarray(-32)).toString("base64")}`]];
  };
  return (await dkimVerify(raw, { resolver })).results.map((one) => one.status.result);
}

const SMUGGLED = "MAIL FROM:<e@z.example>\r\nRCPT TO:<f@z.example>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n.\r\n";
const ENDS = ["\n.\n", "\r.\r", "\r\n.\n", "\n.\r\n", "\r\n.\r\n", "\r\n.\r", "\n.\r", "\r.\n", "\n\n.\n\n"];

test("§4.1.1.4 no body smuggles a second message: a strict server and one that takes any line end each see one, signed and whole (B97)", async (t) => {
  const [strict, lax] = [await startSink({ keep: true }), await startLaxSink()];
  t.after(() => strict.close());
  t.after(() => lax.close());
  const [toStrict, toLax] = [await connectTo(t, strict.port), await connectTo(t, lax.port)];
  const prepared = prepareMessage(frozen({ text: "{{ contact.fields.x }}", html: "<p>{{ contact.fields.x }}</p>" }));
  let n = 0;
  for (const end of ENDS) {
    const x = `before${end}${SMUGGLED}after`;
    const messages = [
      // A field of a campaign's message, and a message of bare bytes, as whoever composed it may hand it in.
      signNow(renderMessage(prepared, person({ fields: { x } })).raw, { keys, at: AT }),
      signNow(Buffer.from(`From: news@bottega.example\r\nSubject: x\r\n\r\n${x}`), { keys, at: AT }),
    ];
    for (const raw of messages) {
      n++;
      for (const connection of [toStrict, toLax]) {
        const answer = await connection.send(ENVELOPE, raw);
        assert.equal(answer.code, 250, JSON.stringify(end));
      }
      assert.deepEqual([strict.kept.length, lax.kept.length], [n, n], JSON.stringify(end));
      for (const came of [strict.sources.at(-1), Buffer.from(lax.kept.at(-1)?.message ?? "", "utf8")])
        assert.deepEqual(await verified(came ?? Buffer.alloc(0)), ["pass", "pass"], JSON.stringify(end));
    }
  }
  const envelopes = new Set([...strict.kept, ...lax.kept].map(({ from, to }) => `${from} ${to}`));
  assert.deepEqual([...envelopes], [`${ENVELOPE.from} ${ENVELOPE.to}`]);
});

test("§4.5.2, §4.5.3.1.6 dots at line starts, long lines, bytes beyond ASCII, no newline at the end arrive as they were, their signatures too (B98)", async (t) => {
  const sink = await startSink({ keep: true });
  t.after(() => sink.close());
  const connection = await connectTo(t, sink.port);
  const prepared = prepareMessage(frozen({ text: "{{ contact.fields.x }}", html: "<p>{{ contact.fields.x }}</p>" }));
  const fields = [
    ...[
      ".",
      "..",
      ".\n.",
      ".\n..\n...",
      "a\n.b",
      "x".repeat(3000),
      `${"è".repeat(1200)}\n.`,
      "no newline",
      " a  b \t c ",
    ],
    ...["From here\nFrom there", "=41=\n=", "日本語".repeat(400)],
  ];
  for (const x of fields) {
    const { raw } = renderMessage(prepared, person({ fields: { x } }));
    const signed = signNow(raw, { keys, at: AT });
    assert.equal((await connection.send(ENVELOPE, signed)).code, 250);
    const came = sink.sources.at(-1) ?? Buffer.alloc(0);
    assert.ok(came.equals(signed), "byte by byte");
    assert.deepEqual(await verified(came), ["pass", "pass"]);
    assert.equal((await judge(came)).postal.text, `${x}\n`);
    const lines = came.toString("latin1").split("\r\n");
    assert.ok(lines.every((line) => line.length <= 998));
    // The sink offers no 8BITMIME at its own risk: nothing of ours needs it.
    assert.ok(came.every((byte) => byte < 0x80));
  }
  const bare = Buffer.from("From: news@bottega.example\r\nSubject: x\r\n\r\n.\r\n..a\r\nend without a newline");
  assert.equal((await connection.send(ENVELOPE, signNow(bare, { keys, at: AT }))).code, 250);
  const came = sink.sources.at(-1) ?? Buffer.alloc(0);
  assert.deepEqual(await verified(came), ["pass", "pass"]);
  assert.ok(came.toString().endsWith("\r\n.\r\n..a\r\nend without a newline\r\n"));
});

test("RFC 6531 an address beyond ASCII goes to a server that offers SMTPUTF8 as it is, to no other, and is never mangled (AU-04, B12)", async (t) => {
  const [without, offers] = [await startLaxSink(), await startLaxSink({ extensions: ["SMTPUTF8"] })];
  t.after(() => without.close());
  t.after(() => offers.close());
  const { raw } = renderMessage(prepareMessage(frozen()), person({ to: "però@esempio.example" }));
  const to = { ...ENVELOPE, to: "però@esempio.example" };
  const refused = await (await connectTo(t, without.port)).send(to, raw);
  assert.deepEqual([refused.code, refused.untouched, without.kept.length], [553, true, 0]);
  const accepted = await (await connectTo(t, offers.port)).send(to, signNow(raw, { keys, at: AT }));
  assert.equal(accepted.code, 250);
  const [kept] = offers.kept;
  assert.equal(kept?.to, "però@esempio.example");
  assert.match(kept?.params ?? "", /\bSMTPUTF8\b/);
  const came = Buffer.from(kept?.message ?? "", "utf8");
  assert.equal(headerValue(came, "To"), "Mario Rossi <però@esempio.example>");
  assert.deepEqual(await verified(came), ["pass", "pass"]);
  const sender = await (await connectTo(t, without.port)).send({ ...ENVELOPE, from: "però@esempio.example" }, raw);
  assert.equal(sender.command, "mail", "the sender's fault is not the recipient's");
});

test("RFC 5890 an international domain travels in A-labels, in the envelope and in the headers, and needs no SMTPUTF8 (AU-04)", async (t) => {
  const sink = await startLaxSink();
  t.after(() => sink.close());
  const connection = await connectTo(t, sink.port);
  const address = "Mario@Bücher.example";
  const { raw } = renderMessage(
    prepareMessage(frozen()),
    person({ to: address, from: { name: "Città", address: "news@città.example" } }),
  );
  assert.equal((await connection.send({ from: "news@città.example", to: address }, raw)).code, 250);
  const [kept] = sink.kept;
  assert.deepEqual([kept?.from, kept?.to], ["news@xn--citt-3na.example", "Mario@xn--bcher-kva.example"]);
  assert.ok(!kept?.params.includes("SMTPUTF8"));
  const came = Buffer.from(kept?.message ?? "");
  assert.equal(headerValue(came, "To"), "Mario Rossi <Mario@xn--bcher-kva.example>");
  assert.match(headerValue(came, "From") ?? "", /<news@xn--citt-3na\.example>$/);
});

test("a campaign over a server without SMTPUTF8: that person is rejected with the reason and suppressed nowhere, the others are sent (AU-04, B12)", async (t) => {
  const d = await freshDatabase({ after: (work) => after(work) });
  const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });
  const sink = await startSink({ keep: true });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people: 3 });
  const server = await sinkServer(s, { organization: here.organization, port: sink.port, perDay: 100 });
  const [odd = "", idn = ""] = here.contacts;
  const rename = (contact: string, address: string, key: string) =>
    d.owner.db.execute(sql`update contacts set address = ${address}, address_key = ${key} where id = ${contact}`);
  await rename(odd, "però@esempio.example", "però@esempio.example");
  await rename(idn, "ada@bücher.example", "ada@xn--bcher-kva.example");
  const campaign = await launchedStarter(s, { scene: here });
  const engine = testEngine(d, s, { mailer: campaignMailer });
  t.after(() => engine.stop());
  await until(() => sink.kept.length === 2, 15_000);
  const row = await until(async () => {
    const mine = and(eq(deliveries.campaign, campaign), eq(deliveries.contact, odd), eq(deliveries.state, "rejected"));
    return (await s.db.select().from(deliveries).where(mine))[0];
  });
  assert.equal(row.reason, "needs_smtputf8");
  assert.ok(sink.kept.some((one) => one.to === "ada@xn--bcher-kva.example"));
  assert.deepEqual(await s.db.select().from(suppressions).where(eq(suppressions.organization, here.organization)), []);
  await until(
    async () => (await usedWindows(s.db, server)).day.campaign === 2,
    5000,
    "what was not attempted is given back",
  );
});
