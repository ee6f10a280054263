import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptedInLog } from "./server-log-lines.ts";

const ID = "c7.42.0123456789ab@libreria.example";
const of = (text: string) => acceptedInLog(text).map(({ number, position, snapshot }) => [number, position, snapshot]);
const OURS = [[7, 42, "0123456789ab"]];

test("Postfix: Message-ID and acceptance are joined by the queue id, in any order", () => {
  const lines = [
    `Nov 24 10:00:01 mx postfix/cleanup[231]: 4F1A2B3C4D: message-id=<${ID}>`,
    "Nov 24 10:00:01 mx postfix/qmgr[12]: 4F1A2B3C4D: from=<news@libreria.example>, size=2104, nrcpt=1 (queue active)",
  ];
  assert.deepEqual(of(lines.join("\n")), OURS);
  assert.deepEqual(of(lines.reverse().join("\r\n")), OURS);
});

test("Postfix: a Message-ID that was only seen before the final dot proves nothing", () => {
  assert.deepEqual(of(`Nov 24 10:00:01 mx postfix/cleanup[231]: 4F1A2B3C4D: message-id=<${ID}>`), []);
  const other = "Nov 24 10:00:01 mx postfix/qmgr[12]: AAAA2B3C4D: from=<x@y.example>, size=1, nrcpt=1 (queue active)";
  assert.deepEqual(of(`Nov 24 10:00:01 mx postfix/cleanup[231]: 4F1A2B3C4D: message-id=<${ID}>\n${other}`), []);
});

test("Postfix: what was taken and then bounced was taken", () => {
  const lines = `mx postfix/cleanup[1]: 4F1A2B3C4D: message-id=<${ID}>\nmx postfix/smtp[2]: 4F1A2B3C4D: to=<a@b.example>, dsn=5.1.1, status=bounced (unknown)`;
  assert.deepEqual(of(lines), OURS);
});

test("Exim and Sendmail say it in one line", () => {
  assert.deepEqual(
    of(`2026-11-24 10:00:01 1tF0aB-0003xY-2q <= news@libreria.example H=(app) P=esmtps S=2104 id=${ID}`),
    OURS,
  );
  assert.deepEqual(
    of(
      `Nov 24 10:00:01 mx sendmail[99]: 4AO9xx: from=<news@libreria.example>, size=2104, nrcpts=1, msgid=<${ID}>, proto=ESMTP`,
    ),
    OURS,
  );
  assert.deepEqual(of(`2026-11-24 10:00:01 H=(app) F=<news@libreria.example> rejected after DATA: spam; id ${ID}`), []);
});

test("somebody else's lines, empty text and a very long line are nothing", () => {
  assert.deepEqual(of(""), []);
  assert.deepEqual(of("mx postfix/qmgr[1]: 4F1A2B3C4D: from=<a@b.example> (queue active)"), []);
  assert.deepEqual(of("c".repeat(1_000_000)), []);
});
