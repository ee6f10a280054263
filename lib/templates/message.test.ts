import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { prepareMessage, renderMessage, renderParts } from "./message.ts";
import { headerNames, headerValue, judge } from "./mime/judges.fixture.ts";
import { frozen, person } from "./template.fixture.ts";

const NAMES = [
  ...["from", "to", "subject", "date", "message-id", "list-unsubscribe", "list-id", "feedback-id"],
  ...["list-help", "list-owner", "list-post", "list-unsubscribe-post", "content-language", "mime-version"],
  "content-type",
];

test("a message reads the same in two parsers, a third finds each header once, and none is a receipt (HD-01, HD-02, HD-04, WD-02)", async () => {
  const { raw, envelopeUtf8 } = renderMessage(prepareMessage(frozen()), person());
  assert.deepEqual(headerNames(raw), NAMES);
  for (const judged of Object.values(await judge(raw))) {
    assert.equal(judged.subject, "Novità di novembre per Mario");
    assert.equal(judged.from, "news@bottega.example");
    assert.deepEqual(judged.to, ["mario.rossi@posta.example"]);
    assert.match(judged.html, /<p>Ciao Mario Rossi, più novità\.<\/p>/);
    assert.match(judged.text, /^Ciao Mario Rossi, più novità\.\nCancellami: https:/);
  }
  assert.equal(headerValue(raw, "List-Unsubscribe"), `<${person().links.leave}>`);
  assert.equal(headerValue(raw, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
  assert.equal(headerValue(raw, "List-Post"), "NO");
  assert.match(
    headerValue(raw, "List-Id") ?? "",
    /<01977777-7777-7777-8777-777777777777\.bottega\.news\.bottega\.example>$/,
  );
  assert.match(headerValue(raw, "Feedback-ID") ?? "", /^41:777777777777:bottega:[0-9a-f]{12}$/);
  assert.equal(headerValue(raw, "Date"), "Tue, 24 Nov 2026 08:00:00 +0000");
  assert.equal(envelopeUtf8, false);
});

test("the same texts and values give the same bytes, also from a second preparation", () => {
  const first = renderMessage(prepareMessage(frozen()), person());
  assert.deepEqual(renderMessage(prepareMessage(frozen()), person()).raw, first.raw);
  assert.notDeepEqual(renderMessage(prepareMessage(frozen()), person({ name: "Ada" })).raw, first.raw);
  const used = Buffer.alloc(100_000, "x");
  const room = (size: number) => used.subarray(0, size);
  const again = renderMessage(prepareMessage(frozen()), person(), room);
  assert.deepEqual(again.raw, first.raw);
  assert.equal(again.ended.toString(), `${again.raw}.\r\n`);
});

test("a name, a field or a subject with a line end becomes one line, never a header (B01, B05)", async () => {
  const evil = ["Rossi\r\nBcc: evil@z.example", "Rossi\nX: 1", "a\rb", "a\u2028b", "a\u0085b", "a\0b"];
  for (const name of evil) {
    const { raw } = renderMessage(prepareMessage(frozen({ subject: "A {{ contact.name }}" })), person({ name }));
    assert.deepEqual(headerNames(raw), NAMES, JSON.stringify(name));
    assert.equal((await judge(raw)).postal.to.length, 1);
  }
});

test("what would break a header is refused for that person: address, Message-ID, link (B03, B07, B08, B20)", () => {
  const prepared = prepareMessage(frozen());
  const refused = (change: Parameters<typeof person>[0]) =>
    assert.throws(() => renderMessage(prepared, person(change)), { name: "HeaderRefused" });
  for (const to of ["a@y.example,e@z.example", "a@y.example>\r\nRCPT TO:<e@z.example", "a b@y.example", "@y.example"])
    refused({ to });
  refused({ from: { name: "x", address: "news@x\r\nBcc: e@z.example" } });
  refused({ messageId: "<a@b>\r\nX: 1" });
  refused({ messageId: "a@b.example" });
  for (const leave of [
    "https://x.example/>",
    "https://x.example/\r\nA: b",
    "javascript:alert(1)",
    "https://x.example/ y",
  ])
    refused({ links: { leave } });
});

test("a local part beyond ASCII stays as it is and asks for SMTPUTF8; a domain becomes A-labels (B11, B12)", async () => {
  const prepared = prepareMessage(frozen());
  const utf8 = renderMessage(prepared, person({ to: "màrio@bücher.example", name: null }));
  assert.equal(utf8.envelopeUtf8, true);
  assert.equal(headerValue(utf8.raw, "To"), "màrio@xn--bcher-kva.example");
  assert.equal(renderMessage(prepared, person({ to: "mario@bücher.example" })).envelopeUtf8, false);
});

test("a field is printed, never run, and escaped in HTML alone (B37)", () => {
  const prepared = prepareMessage(frozen());
  const parts = renderParts(prepared, person({ name: "{{ 7 | times: 7 }}<b>&" }));
  assert.match(parts.html, /Ciao \{\{ 7 \| times: 7 \}\}&lt;b&gt;&amp;,/);
  assert.match(parts.text, /^Ciao \{\{ 7 \| times: 7 \}\}<b>&,/);
});

test("what a template assigns in one place is known in the next, and a missing field prints nothing", () => {
  const text =
    "{% assign city = contact.fields.city %}a {{ city }}\nb {{ contact.fields.none }}{% if city %}!{% endif %}";
  assert.equal(renderParts(prepareMessage(frozen({ text })), person()).text, "a Bologna\nb !\n");
});

test("bodies survive byte for byte: dots, From, long lines, bare line ends, ends of data (B97, B98)", async () => {
  const hostile = [
    ...["a\r\n.\r\nMAIL FROM:<e@z.example>\r\n", "\n.\n", "a\r.\rb", "\r\n.\n", ".\n..\n. x"],
    ...["From me\nFrom you", "x".repeat(5000), "è".repeat(3000), "trailing \nspace\t\n ", "no newline", " \n \n"],
  ];
  for (const text of hostile) {
    const { raw } = renderMessage(prepareMessage(frozen({ text: `${text}{{ contact.name }}${text}` })), person());
    assertWire(raw);
    const expected = `${text}Mario Rossi${text}`.replace(/\r\n?/g, "\n").replace(/\n?$/, "\n");
    assert.equal((await judge(raw)).postal.text, expected, JSON.stringify(text.slice(0, 40)));
  }
});

/** CRLF alone, lines of 76 in bodies and 998 anywhere, 7 bits, and no line that is a dot or begins like one. */
function assertWire(raw: Buffer) {
  const text = raw.toString("latin1");
  assert.doesNotMatch(text, /(?<!\r)\n|\r(?!\n)/);
  assert.ok(raw.every((byte) => byte < 0x80 && byte !== 0));
  const body = text.slice(text.indexOf("\r\n\r\n"));
  for (const line of body.split("\r\n")) assert.ok(line.length <= 76 && !line.startsWith("."), line);
  for (const line of text.split("\r\n")) assert.ok(line.length <= 998);
}

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 300 }),
  fc.string({ unit: "grapheme", maxLength: 300 }),
  fc.string({
    unit: fc.constantFrom(
      "\r",
      "\n",
      " ",
      "\t",
      ".",
      "=",
      "?",
      '"',
      "\\",
      ",",
      "<",
      ">",
      "à",
      "日",
      "\u202e",
      "👨‍👩‍👧‍👦",
      "\0",
    ),
    maxLength: 200,
  }),
  fc.string({ unit: fc.constantFrom("a\u0301\u0302", "é", "Ω"), maxLength: 400 }),
);
const squeeze = (text: string) => text.replace(/\s+/g, " ").trim();

test("whatever names, subjects and fields hold, three parsers read one well-formed message and no header more (HD-02, B01, B17)", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyText, anyText, async (subject, name, sender, field) => {
      const source = subject.replace(/[{}]/g, "").replace(/[\p{Cc}\u2028\u2029]/gu, "");
      const { raw } = renderMessage(
        prepareMessage(frozen({ subject: source, text: "{{ contact.fields.x }}" })),
        person({ name, from: { name: sender, address: "news@bottega.example" }, fields: { x: field } }),
      );
      assertWire(raw);
      assert.deepEqual(headerNames(raw), NAMES);
      const { postal, mailparser } = await judge(raw);
      for (const judged of [postal, mailparser]) {
        assert.deepEqual(judged.to, ["mario.rossi@posta.example"]);
        assert.equal(judged.from, "news@bottega.example");
      }
      if (source.length < 200) assert.equal(squeeze(mailparser.subject), squeeze(source.toWellFormed()));
      const printed = field.toWellFormed().replace(/\r\n?/g, "\n").replaceAll("\0", "\u{fffd}");
      assert.equal(postal.text, `${printed}\n`);
    }),
    { numRuns: 300 },
  );
});

test("texts in Greek or Japanese go as base64 and come back whole", async () => {
  const text = "こんにちは {{ contact.name }}\n".repeat(40);
  const { raw } = renderMessage(
    prepareMessage(frozen({ text, subject: "日本語の件名 ".repeat(12) })),
    person({ name: "Ελένη" }),
  );
  assertWire(raw);
  assert.match(raw.toString("latin1"), /text\/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64/);
  const { postal, mailparser } = await judge(raw);
  assert.equal(postal.text, text.replaceAll("{{ contact.name }}", "Ελένη"));
  assert.equal(mailparser.subject, "日本語の件名 ".repeat(12).trim());
});

test("a template that is no Liquid, or a reply address that is none, is refused before the first person", () => {
  for (const change of [{ html: "{% if x %}" }, { text: "{% include 'a' %}" }, { replyTo: "a\r\nb@c.example" }])
    assert.throws(() => prepareMessage(frozen(change)), { name: "DomainError", code: "TEMPLATE_UNUSABLE" });
});
