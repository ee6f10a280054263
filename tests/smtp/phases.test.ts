import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { outcomeOf } from "../../lib/delivery/outcome.ts";
import { type Answer, ConnectFailure } from "../../lib/servers/answer.ts";
import { connectSmtp } from "../../lib/servers/connection.ts";
import { type Script, type SinkOptions, startSink } from "../support/sink.ts";

const MESSAGE = Buffer.from(
  "From: a@example.it\r\nTo: b@example.it\r\nMessage-ID: <1@example.it>\r\nSubject: x\r\n\r\nCiao\r\n",
);
const ENVELOPE = { from: "a@example.it", to: "b@example.it" };

/** One message to a server that behaves as told; what came of it. */
async function send(o: SinkOptions, message = MESSAGE): Promise<{ answer: Answer; kept: number; usable: boolean }> {
  const sink = await startSink(o);
  const route = {
    target: { address: "127.0.0.1", port: sink.port, servername: "sink.test" },
    encryption: "none" as const,
    name: "[127.0.0.1]",
  };
  try {
    const connection = await connectSmtp(route, { connectMs: 300, envelopeMs: 300, silenceMs: 700 });
    const answer = await connection.send(ENVELOPE, message);
    const usable = connection.usable();
    connection.close();
    return { answer, kept: sink.kept.length, usable };
  } catch (error) {
    if (!(error instanceof ConnectFailure)) throw error;
    return { answer: error.answer, kept: sink.kept.length, usable: false };
  } finally {
    await sink.close();
  }
}

/** Thirteen points of failure and what each must come to (F30): safe to try again, or uncertain. */
const MATRIX: [string, Script, "deferred" | "uncertain"][] = [
  ["closed at the greeting", { at: "greeting", how: "close" }, "deferred"],
  ["silent at the greeting", { at: "greeting", how: "silent" }, "deferred"],
  ["closed at EHLO", { at: "ehlo", how: "close" }, "deferred"],
  ["closed at MAIL", { at: "mail", how: "close" }, "deferred"],
  ["reset at MAIL", { at: "mail", how: "reset" }, "deferred"],
  ["closed at RCPT", { at: "rcpt", how: "close" }, "deferred"],
  ["silent at RCPT", { at: "rcpt", how: "silent" }, "deferred"],
  ["closed at DATA", { at: "data", how: "close" }, "deferred"],
  ["silent at DATA", { at: "data", how: "silent" }, "deferred"],
  ["closed in the message", { at: "body", how: "close" }, "uncertain"],
  ["reset in the message", { at: "body", how: "reset" }, "uncertain"],
  ["closed after the final dot", { at: "dot", how: "close" }, "uncertain"],
  ["silent after the final dot", { at: "dot", how: "silent" }, "uncertain"],
];

for (const pipelining of [true, false]) {
  describe(pipelining ? "with pipelining" : "without pipelining", () => {
    for (const [name, script, state] of MATRIX) {
      test(`${name}: ${state} [F30]`, async () => {
        const { answer, usable } = await send({ pipelining, script: () => script });
        assert.equal(outcomeOf(answer, 1).state, state);
        assert.equal(usable, false);
      });
    }

    const said: [string, Script, string, string | null, boolean][] = [
      ["550 to RCPT", { replies: { rcpt: "550 5.1.1 nobody" } }, "rejected", "hard_bounce", true],
      [
        "550 to RCPT and 354 to DATA all the same",
        { replies: { rcpt: "550 5.1.1 nobody", data: "354 go on" } },
        "rejected",
        "hard_bounce",
        true,
      ],
      ["450 to RCPT", { replies: { rcpt: "450 4.2.0 later" } }, "deferred", "later", true],
      ["550 to MAIL", { replies: { mail: "550 5.7.1 not you" } }, "deferred", "sender_refused", true],
      ["451 to DATA", { replies: { data: "451 4.3.0 later" } }, "deferred", "later", true],
      ["250 to DATA in the place of 354", { replies: { data: "250 ok" } }, "accepted", null, true],
      ["451 after the final dot", { replies: { dot: "451 4.3.0 try later" } }, "deferred", "later", true],
      ["554 after the final dot", { replies: { dot: "554 5.7.1 spam" } }, "rejected", "policy", true],
      ["421 to RCPT", { replies: { rcpt: "421 4.7.0 too many" } }, "deferred", "slow_down", false],
      [
        "421 at the greeting",
        { replies: { greeting: "421 4.7.0 too many connections" } },
        "deferred",
        "slow_down",
        false,
      ],
    ];
    for (const [name, script, state, reason, usable] of said) {
      test(`${name}: ${state} [F26, F27, F29]`, async () => {
        const got = await send({ pipelining, script: () => script });
        const outcome = outcomeOf(got.answer, 1);
        assert.deepEqual([outcome.state, outcome.reason], [state, reason]);
        assert.equal(got.usable, usable);
        assert.equal(got.kept, state === "accepted" ? 1 : 0);
      });
    }
  });
}

test("a connection is used again after a refusal, and for many messages", async () => {
  const sink = await startSink({
    script: ({ nth }) => (nth % 3 === 1 ? { replies: { rcpt: "550 5.1.1 nobody" } } : undefined),
  });
  after(() => sink.close());
  const route = {
    target: { address: "127.0.0.1", port: sink.port, servername: "sink.test" },
    encryption: "none" as const,
    name: "[127.0.0.1]",
  };
  const connection = await connectSmtp(route);
  const states: string[] = [];
  for (let i = 0; i < 9; i++) states.push(outcomeOf(await connection.send(ENVELOPE, MESSAGE), 1).state);
  assert.deepEqual(states, [
    "accepted",
    "rejected",
    "accepted",
    "accepted",
    "rejected",
    "accepted",
    "accepted",
    "rejected",
    "accepted",
  ]);
  assert.equal(sink.peak(), 1);
  connection.quit();
});

test("an internationalized address goes only to a server that takes it, never mangled [B12]", async () => {
  const sink = await startSink({ keep: true });
  after(() => sink.close());
  const route = {
    target: { address: "127.0.0.1", port: sink.port, servername: "sink.test" },
    encryption: "none" as const,
    name: "[127.0.0.1]",
  };
  const connection = await connectSmtp(route);
  const answer = await connection.send({ from: "a@example.it", to: "màrio@example.it" }, MESSAGE);
  assert.deepEqual([outcomeOf(answer, 1).state, answer.untouched], ["rejected", true]);
  assert.ok(!sink.lines.some((line) => line.startsWith("MAIL")));
  connection.close();
});

/** What came out at the other side is what went in, whatever the body looks like. */
const BODIES: [string, string][] = [
  ["\\n.\\n", "one\r\n\n.\nMAIL FROM:<e@evil.test>\r\nRCPT TO:<v@evil.test>\r\nDATA\r\ntwo\r\n"],
  ["\\r.\\r", "one\r\n\r.\rMAIL FROM:<e@evil.test>\r\nRCPT TO:<v@evil.test>\r\nDATA\r\ntwo\r\n"],
  ["\\r\\n.\\n", "one\r\n.\nMAIL FROM:<e@evil.test>\r\nDATA\r\ntwo\r\n"],
  ["\\n.\\r\\n", "one\n.\r\nMAIL FROM:<e@evil.test>\r\nDATA\r\ntwo\r\n"],
  ["\\r\\n.\\r\\n", "one\r\n.\r\nMAIL FROM:<e@evil.test>\r\nRCPT TO:<v@evil.test>\r\nDATA\r\ntwo\r\n"],
  ["lines that begin with dots", ".\r\n..\r\n...\r\n.a\r\n"],
  ["a line of 2,000 bytes", `${"x".repeat(2000)}\r\n`],
  ["no newline at the end", "last"],
];
for (const [name, body] of BODIES) {
  test(`a body with ${name} is one message [B97, B98]`, async () => {
    const sink = await startSink({ keep: true });
    after(() => sink.close());
    const route = {
      target: { address: "127.0.0.1", port: sink.port, servername: "sink.test" },
      encryption: "none" as const,
      name: "[127.0.0.1]",
    };
    const connection = await connectSmtp(route);
    const whole = Buffer.concat([MESSAGE, Buffer.from(body, "latin1")]);
    assert.equal(outcomeOf(await connection.send(ENVELOPE, whole), 1).state, "accepted");
    assert.equal(outcomeOf(await connection.send(ENVELOPE, MESSAGE), 1).state, "accepted");
    assert.equal(sink.kept.length, 2);
    // RFC 5321 2.3.8: a bare CR or LF is no line end on the wire; it leaves as CRLF or not at all, never as a hidden end of the message.
    const got = sink.sources[0]
      ?.toString("latin1")
      .replace(/\r\n|\r|\n/g, "\n")
      .trimEnd();
    assert.equal(
      got,
      whole
        .toString("latin1")
        .replace(/\r\n|\r|\n/g, "\n")
        .trimEnd(),
    );
    assert.deepEqual(
      sink.lines.filter((line) => /evil/.test(line)),
      [],
    );
    connection.quit();
  });
}

test("memory of a message is free once all of it has left, not when a server answers before it has it", async () => {
  const normal = await send({});
  assert.deepEqual([normal.answer.code, normal.answer.flushed], [250, true]);
  const large = Buffer.concat([MESSAGE, Buffer.from(`${"x".repeat(76)}\r\n`.repeat(250_000))]);
  const hasty = await send({ script: () => ({ replies: { data: "354 go on\r\n250 2.0.0 whatever it is" } }) }, large);
  assert.deepEqual([hasty.answer.code, hasty.answer.flushed], [250, false]);
  const refused = await send({ script: () => ({ replies: { rcpt: "550 5.1.1 nobody" } }) });
  assert.deepEqual([refused.answer.code, refused.answer.flushed], [550, false]);
});
