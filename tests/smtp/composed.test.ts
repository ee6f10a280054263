import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import SMTPConnection from "nodemailer/lib/smtp-connection/index.js";
import { prepareMessage, renderMessage } from "../../lib/templates/message.ts";
import { judge } from "../../lib/templates/mime/judges.fixture.ts";
import { frozen, person } from "../../lib/templates/template.fixture.ts";
import { startSink } from "../support/sink.ts";

const SMUGGLE = "MAIL FROM:<e@z.example>\r\nRCPT TO:<f@z.example>\r\nDATA\r\nSubject: evil\r\n\r\nevil\r\n.\r\n";
/** Whatever some server takes for the end of a message, with a second one behind it. */
const BODIES = [
  ...["\n.\n", "\r.\r", "\r\n.\n", "\n.\r\n", "\r\n.\r\n", "\r\n.\r", "\0\n.\n"].map(
    (end) => `before${end}${SMUGGLE}after`,
  ),
  ...[".", "..", ".\n.", "\u2028.\u2028", "x".repeat(3000), `${"è".repeat(998)}\n.`, "no newline at the end"],
];

/** Where a server that takes bare CR or LF for line ends would see an end of data before the last one. */
const laxEnds = (raw: Buffer) => [...raw.toString("latin1").matchAll(/(?:^|[\r\n])\.(?=[\r\n])/g)].length;

test("a server, strict or lax, sees one message in whatever a field holds, and what it kept is what was composed (B97, B98, B08)", async (t) => {
  const sink = await startSink({ keep: true });
  t.after(() => sink.close());
  const connection = new SMTPConnection({ host: "127.0.0.1", port: sink.port, ignoreTLS: true });
  await new Promise<void>((resolve, reject) => {
    connection.once("error", reject);
    connection.connect(() => resolve());
  });
  const prepared = prepareMessage(frozen({ text: "{{ contact.fields.x }}", html: "<p>{{ contact.fields.x }}</p>" }));
  for (const [i, x] of BODIES.entries()) {
    const { raw } = renderMessage(prepared, person({ fields: { x }, messageId: `<41.${i}@bottega.example>` }));
    assert.equal(laxEnds(raw), 0);
    await new Promise<void>((resolve, reject) =>
      connection.send({ from: "news@bottega.example", to: person().to }, raw, (error) =>
        error ? reject(error) : resolve(),
      ),
    );
    assert.deepEqual(sink.sources.at(-1), raw);
    const expected = x.replace(/\r\n?/g, "\n").replaceAll("\0", "\u{fffd}");
    assert.equal((await judge(raw)).postal.text, `${expected}\n`);
  }
  connection.quit();
  await once(connection, "end");
  assert.equal(sink.kept.length, BODIES.length);
  assert.deepEqual([...new Set(sink.lines.filter((line) => line.startsWith("RCPT")))], [`RCPT TO:<${person().to}>`]);
});
