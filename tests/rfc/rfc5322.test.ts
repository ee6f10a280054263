import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { composeContent } from "../../lib/templates/compose.ts";
import { prepareMessage, renderMessage } from "../../lib/templates/message.ts";
import { headerNames, judge } from "../../lib/templates/mime/judges.fixture.ts";
import { starters } from "../../lib/templates/starters.ts";
import { systemMail } from "../../lib/templates/system-mail.ts";
import { systemMessage } from "../../lib/templates/system-message.ts";
import { CONTROLLER, frozen, person } from "../../lib/templates/template.fixture.ts";

/** What RFC 5322 asks of any message: CRLF alone ends lines, none is longer than 998, header lines are folded at 78 where they can be, nothing but ASCII. */
function assertWellFormed(raw: Buffer, where: string): void {
  const text = raw.toString("latin1");
  assert.doesNotMatch(text, /(?<!\r)\n|\r(?!\n)/, `${where}: §2.2 bare line ends`);
  assert.ok(text.endsWith("\r\n"), where);
  const [head = ""] = text.split("\r\n\r\n");
  for (const line of text.split("\r\n")) assert.ok(line.length <= 998, `${where}: §2.1.1 a line of ${line.length}`);
  for (const line of head.split("\r\n")) {
    assert.ok(
      line.length <= 78 || !/.\s\S/.test(line.slice(line.indexOf(": ") + 2, 77)),
      `${where}: §2.1.1 not folded: ${line}`,
    );
    assert.ok(line.trim() !== "", `${where}: §3.2.2 a line of white space`);
  }
  for (const byte of raw) assert.ok(byte < 0x80 && byte !== 0, `${where}: 7bit`);
  const names = headerNames(raw);
  for (const name of ["from", "to", "subject", "date", "message-id", "mime-version", "content-type"])
    assert.equal(names.filter((one) => one === name).length, 1, `${where}: §3.6 ${name} once`);
  assert.ok(names.length === new Set(names).size, `${where}: each field once`);
}

/** RFC 2046 §5.1.4: the plain part first, with something in it, for each HTML part. */
async function assertHasText(raw: Buffer, where: string): Promise<void> {
  const types = [...raw.toString("latin1").matchAll(/^Content-Type: (text\/\w+)/gm)].map((match) => match[1]);
  if (types.includes("text/html")) assert.deepEqual(types, ["text/plain", "text/html"], where);
  for (const judged of Object.values(await judge(raw))) {
    assert.ok(judged.text.trim().length > 20, `${where}: the text says something`);
    if (types.includes("text/html")) assert.ok(judged.html.trim().length > 20, where);
  }
}

test("§2.1.1, §3.6 any name, subject, field and list name give a message in which every line fits and three parsers agree (HD-02)", async () => {
  const prepared = prepareMessage(
    frozen({
      subject: "{{ contact.name }} {{ contact.fields.x }}",
      text: "{{ contact.fields.x }}",
      html: "<p>{{ contact.fields.x }}</p>",
    }),
  );
  const unit = fc.constantFrom(
    "a",
    " ",
    "à",
    "日",
    "👩‍👩‍👧",
    "\n",
    "\r",
    ".",
    ",",
    '"',
    "\\",
    "=?",
    "<",
    "@",
    "\u202e",
    "x".repeat(90),
  );
  const words = fc.string({ unit, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(words, words, words, async (name, x, listName) => {
      const { raw } = renderMessage(prepared, person({ name, fields: { x }, listName }));
      assertWellFormed(raw, JSON.stringify([name, x, listName]));
      const { mailparser, postal } = await judge(raw);
      assert.equal(mailparser.from, postal.from);
      assert.deepEqual(mailparser.to, ["mario.rossi@posta.example"]);
      assert.deepEqual(postal.to, mailparser.to);
    }),
    { numRuns: 300 },
  );
});

test("each starter, in each speech, is well formed and says in its text part what its HTML says (HD-02)", async () => {
  for (const [locale, tone] of [
    ["it", "tu"],
    ["it", "lei"],
    ["en", "tu"],
  ] as const) {
    for (const one of starters({ locale, tone, organization: CONTROLLER })) {
      const content = { text: null, locale, tone, organization: CONTROLLER };
      const { html, text } = await composeContent({ ...content, ...one });
      const { raw } = renderMessage(prepareMessage(frozen({ html, text, subject: one.subject, locale })), person());
      assertWellFormed(raw, one.id);
      await assertHasText(raw, `${one.id} ${locale} ${tone}`);
      const { postal } = await judge(raw);
      const link = /href="([^"]*\/u\/[^"]*)"/.exec(postal.html)?.[1];
      assert.ok(link && postal.text.includes(link), "the way out stands in both");
    }
  }
});

test("system mail is well formed and has a text part (HD-02)", async () => {
  const zone = "Europe/Rome";
  const [link, expiresAt] = ["https://news.bottega.example/i/AAAA", "2026-12-01T08:12:00.000Z"];
  const organization = `Città ${"e paese ".repeat(20)}`;
  const mails = {
    invitation: systemMail("invitation", { locale: "it", zone, organization, inviter: "Giulia", link, expiresAt }),
    reset: systemMail("reset", { locale: "it", zone, link, minutes: 10 }),
    alert: systemMail("alert", {
      locale: "en",
      zone,
      organization,
      title: "T".repeat(300),
      text: "x".repeat(2000),
      link,
    }),
  };
  for (const [kind, parts] of Object.entries(mails)) {
    const { raw } = systemMessage({
      ...{ to: "mario@posta.example", from: { name: organization, address: "news@bottega.example" } },
      ...{ messageId: "<o.1@bottega.example>", date: expiresAt },
      ...parts,
    });
    assertWellFormed(raw, kind);
    await assertHasText(raw, kind);
  }
});
