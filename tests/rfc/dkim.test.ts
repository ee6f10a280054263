import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { deliveries, deliveryValues } from "../../db/schema/campaigns.ts";
import { dkimKeys } from "../../db/schema/dkim.ts";
import { servers } from "../../db/schema/servers.ts";
import { campaignMailer } from "../../lib/delivery/campaign-mailer.ts";
import { composeSystemMail } from "../../lib/delivery/compose-system.ts";
import { rebuildMessage } from "../../lib/delivery/rebuild.ts";
import { headerNames, headerValue } from "../../lib/templates/mime/judges.fixture.ts";
import { queueStaffMail } from "../../lib/users/staff-mail.ts";
import { freshDatabase } from "../support/database.ts";
import { testEngine, until } from "../support/engine.ts";
import { launchedStarter, type Scene, scene, sinkServer } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { signing, verdicts } from "../support/signed.ts";
import { type Sink, startSink } from "../support/sink.ts";

const PEOPLE = 25;
const ALERT = { organization: "L", zone: "Europe/Rome", title: "T", text: "Uno", link: "https://news.example.it/" };
const d = await freshDatabase({ after });
const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });

type Sent = { here: Scene; server: string; campaign: string; sink: Sink };

async function house(people: number): Promise<Omit<Sent, "campaign">> {
  const sink = await startSink({ keep: true });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const here = await scene(s, { people });
  return { sink, here, server: await sinkServer(s, { organization: here.organization, port: sink.port }) };
}

let sent: Sent;
before(async () => {
  const made = await house(PEOPLE);
  await signing(s, { who: made.here.who, server: made.server });
  const campaign = await launchedStarter(s, { scene: made.here });
  testEngine(d, s, { mailer: campaignMailer, composeSystem: composeSystemMail });
  sent = { ...made, campaign };
  await until(() => made.sink.kept.length === PEOPLE, 30_000);
});

const of = ({ here, server }: Pick<Sent, "here" | "server">) => ({ who: here.who, server });

test("RFC 6376, RFC 8463: each campaign message carries two signatures, and another's verifier accepts both (AU-02)", async () => {
  for (const raw of sent.sink.sources) {
    const found = await verdicts(s, of(sent), raw);
    assert.deepEqual(
      found.map(({ algorithm, result, aligned }) => [algorithm, result, aligned]),
      [
        ["rsa-sha256", "pass", "libreria.example"],
        ["ed25519-sha256", "pass", "libreria.example"],
      ],
    );
  }
});

test("RFC 8058 §4: both List-Unsubscribe fields are signed, and so is Feedback-ID, which names nobody (WD-02, HD-05)", async () => {
  const [row] = await s.db.select().from(deliveries).where(eq(deliveries.campaign, sent.campaign)).limit(1);
  for (const raw of sent.sink.sources) {
    for (const { fields } of await verdicts(s, of(sent), raw)) {
      for (const name of [
        ...["from", "to", "subject", "date", "message-id", "mime-version", "content-type"],
        ...["list-unsubscribe", "list-unsubscribe-post", "list-id", "feedback-id"],
      ])
        assert.ok(fields.includes(name), name);
    }
    assert.match(headerValue(raw, "List-Unsubscribe") ?? "", /^<https:\/\/[^>]+\/u\/[^>]+>$/);
    assert.equal(headerValue(raw, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    const feedback = headerValue(raw, "Feedback-ID") ?? "";
    const to = headerValue(raw, "To") ?? "";
    assert.equal(feedback.split(":").length, 4);
    assert.ok(!feedback.includes("@") && !feedback.includes(to.split("@")[0] ?? "?"));
    assert.ok(!feedback.includes(row?.contact.slice(-12) ?? "?"));
  }
  const all = new Set(sent.sink.sources.map((raw) => headerValue(raw, "Feedback-ID")));
  assert.equal(all.size, 1, "the same for everybody");
});

test("§8.15: what is added or changed on the way breaks both signatures (AU-02)", async () => {
  const [raw] = sent.sink.sources;
  assert.ok(raw);
  const text = raw.toString("latin1");
  const changed = [
    `From: evil@evil.example\r\n${text}`,
    `Subject: evil\r\n${text}`,
    `List-Unsubscribe: <https://evil.example/u>\r\n${text}`,
    `Reply-To: evil@evil.example\r\n${text}`,
    `Content-Type: text/plain\r\n${text}`,
    text.replace(/^To: /m, "To: x"),
    text.replace(/^Feedback-ID: /m, "Feedback-ID: 1"),
    `${text}evil\r\n`,
  ];
  for (const one of changed) {
    const found = await verdicts(s, of(sent), Buffer.from(one, "latin1"));
    assert.deepEqual(
      found.map(({ result }) => result).filter((result) => result === "pass"),
      [],
      one.slice(0, 60),
    );
  }
  // What a relay adds or may do to white space does not.
  const relayed = `Received: from a by b; Tue, 24 Nov 2026 08:00:00 +0000\r\n${text.replace(/^Subject: /m, "Subject:   ")}\r\n\r\n`;
  const found = await verdicts(s, of(sent), Buffer.from(relayed, "latin1"));
  assert.deepEqual(
    found.map(({ result }) => result),
    ["pass", "pass"],
  );
});

test("her exact copy can be rebuilt with its signatures, also when the keys have been put away (AU-02)", async () => {
  await s.db
    .update(dkimKeys)
    .set({ retiredAt: sql`app_now()` as never, removedAt: sql`app_now()` as never })
    .where(eq(dkimKeys.organization, sent.here.organization));
  const rows = await s.db.select().from(deliveryValues).where(eq(deliveryValues.campaign, sent.campaign));
  for (const { position, sha256 } of rows.slice(0, 3)) {
    const copy = await rebuildMessage(s, { who: sent.here.who, campaign: sent.campaign, position });
    assert.ok(copy.same);
    assert.equal(copy.sha256, sha256?.toString("hex"));
    assert.ok(sent.sink.sources.some((raw) => raw.equals(copy.raw)));
  }
});

test("system mail is signed like a campaign's; where the provider or nobody signs, we do not (AU-02)", async () => {
  const made = await house(0);
  const queue = () =>
    queueStaffMail(s, {
      organization: made.here.organization,
      mail: {
        kind: "alert",
        to: "ada@example.it",
        locale: "it",
        facts: ALERT,
      },
    });
  await queue();
  await until(() => made.sink.kept.length === 1);
  assert.ok(!headerNames(made.sink.sources[0] ?? Buffer.alloc(0)).includes("dkim-signature"));
  await signing(s, { who: made.here.who, server: made.server, ed25519: false });
  await queue();
  await until(() => made.sink.kept.length === 2);
  const found = await verdicts(s, of(made), made.sink.sources[1] ?? Buffer.alloc(0));
  assert.deepEqual(
    found.map(({ algorithm, result }) => [algorithm, result]),
    [["rsa-sha256", "pass"]],
  );
  await s.db.update(servers).set({ dkim: "none" }).where(eq(servers.id, made.server));
  await queue();
  await until(() => made.sink.kept.length === 3);
  assert.ok(!headerNames(made.sink.sources[2] ?? Buffer.alloc(0)).includes("dkim-signature"));
});

test("a key that does not open: nothing leaves unsigned, the server waits and says why", async () => {
  const made = await house(3);
  await signing(s, { who: made.here.who, server: made.server, ed25519: false });
  await s.db
    .update(dkimKeys)
    .set({ private: Buffer.alloc(64) })
    .where(eq(dkimKeys.organization, made.here.organization));
  await launchedStarter(s, { scene: made.here });
  const [row] = await until(async () => {
    const found = await s.db.select().from(servers).where(eq(servers.id, made.server));
    return found[0]?.pausedAt ? found : undefined;
  });
  assert.equal(row?.pausedReason, "dkim");
  assert.ok(row?.retryAt);
  assert.equal(made.sink.kept.length, 0);
});
