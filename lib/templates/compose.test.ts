import assert from "node:assert/strict";
import { test } from "node:test";
import { checkCompiled } from "./check-compiled.ts";
import { type Content, composeContent } from "./compose.ts";
import { prepareMessage, renderParts } from "./message.ts";
import { CONTROLLER, frozen, person } from "./template.fixture.ts";

const mail = (inside: string, head = "") =>
  `<mjml>\n<mj-head>${head}</mj-head>\n<mj-body>\n<mj-section><mj-column>\n${inside}\n</mj-column></mj-section>\n</mj-body>\n</mjml>`;
const compose = (mjml: string, change: Partial<Content> = {}) =>
  composeContent({
    ...{
      mjml,
      text: null,
      subject: "Novità",
      preheader: "In breve",
      locale: "it",
      tone: "tu",
      organization: CONTROLLER,
    },
    ...change,
  });
const text = (inside: string) => mail(`<mj-text>${inside}</mj-text>`);
const found = async (mjml: string, change: Partial<Content> = {}) =>
  (await compose(mjml, change)).findings.map(({ code, line }) => `${code} ${line}`);

test("a good mail compiles without a finding, with language, title, preheader and no other host (B42, MC-05)", async () => {
  const { html, findings, bytes } = await compose(text("Ciao {{ contact.name | default: 'te' }}"));
  assert.deepEqual(findings, []);
  assert.match(html, /^<!doctype html>\n<html lang="it" dir="ltr"/);
  assert.match(html, /<title>Novità<\/title>/);
  assert.match(html, /<body[^>]*><div class="assenso-preheader"[^>]*>In breve<\/div>/);
  assert.doesNotMatch(html, /<link|@import|<script/);
  assert.ok(bytes > 1000);
});

test("the legal footer is in HTML and text: who, why, since when, how to stop, privacy (MC-02, MC-03, WD-01, MC-05)", async () => {
  const { html, text: plain } = await compose(text("Ciao"));
  const prepared = prepareMessage(frozen({ html, text: plain }));
  const parts = renderParts(prepared, person({ until: "2028-03-14T09:12:00.000Z", source: "bottega.example" }));
  for (const part of [parts.html, parts.text]) {
    assert.match(
      part,
      /perché il 14 marzo 2026 hai confermato l’iscrizione a Novità della bottega su bottega\.example\./,
    );
    assert.match(part, /vale fino al 14 marzo 2028/);
    assert.match(part, /Bottega Verdi S\.r\.l\. · Via dei Tigli 4, 40123 Bologna \(BO\) · P\. IVA 01234567890/);
    assert.ok(part.includes(person().links.leave) && part.includes(CONTROLLER.privacyUrl));
  }
  assert.match(parts.html, /<a href="https:[^"]*\/u\/v1[^"]*"[^>]*>Cancellami<\/a>/);
  const other = renderParts(prepared, person({ listName: "Listino", since: "2026-05-02T00:00:00.000Z" }));
  assert.match(other.text, /il 2 maggio 2026 hai confermato l’iscrizione a Listino\./);
  const lei = await compose(text("Ciao"), { tone: "lei" });
  assert.match(lei.text, /Riceve questa e-mail perché/);
  const en = await compose(text("Hello"), { locale: "en" });
  assert.match(en.text, /You get this e-mail because on .* you confirmed your subscription/);
});

test("the author cannot take the footer away: open comments, open tags, conditions, styles (MC-02)", async () => {
  const raw = (html: string) =>
    mail(`<mj-text>a</mj-text>`).replace("</mj-body>", `<mj-raw>${html}</mj-raw></mj-body>`);
  for (const html of [
    "<!-- ",
    '<div style="display:none">',
    "{% if contact.name == 'x' %}<!-- {% endif %}",
    '<div style="display:none">{% if contact.name == "" %}</div>{% endif %}',
    "<noscript>",
    "<select>",
  ]) {
    const { findings } = await compose(raw(html));
    assert.ok(
      findings.some(({ level }) => level === "error"),
      html,
    );
  }
  assert.deepEqual(await found(raw("{% if contact.name %}")), ["liquid_not_closed 7"]);
  assert.deepEqual(await found(raw("{{ 'a")), ["liquid_not_closed 7"]);
  assert.ok((await found(mail("", "<mj-style>.assenso-footer{color:red}</mj-style>"))).includes("reserved_name 2"));
});

test("active content is refused with its line (B42, B43)", async () => {
  const cases: [string, string][] = [
    ['<mj-include path="/etc/passwd" type="css" />', "include 5"],
    ["<mj-text>\n<script>alert(1)</script></mj-text>", "active_tag 6"],
    ["<mj-text><SCRIPT\n>x</SCRIPT></mj-text>", "active_tag 5"],
    ['<mj-text><img src="x.png" onerror="alert(1)" alt=""></mj-text>', "event_handler 5"],
    ['<mj-button href="javascript:alert(1)">x</mj-button>', "link_scheme 5"],
    ['<mj-text><a href="java&#115;cript&colon;alert(1)">x</a></mj-text>', "link_scheme 5"],
    ['<mj-text><a href=" java\tscript:alert(1)">x</a></mj-text>', "link_scheme 5"],
    ['<mj-text><a href="data:text/html,x">x</a></mj-text>', "link_scheme 5"],
    ['<mj-image alt="" src="data:image/png;base64,AA" />', "link_scheme 5"],
    ['<mj-text><a href="//evil.example">x</a></mj-text>', "link_relative 5"],
    ['<mj-raw><meta http-equiv="refresh" content="0;url=https://x.example"></mj-raw>', "active_tag 5"],
    ["<mj-raw><base href='https://x.example/'></mj-raw>", "active_tag 5"],
    ['<mj-raw><form action="https://x.example/"></form></mj-raw>', "active_tag 5"],
    ["<mj-raw><svg><style>x</style></svg></mj-raw>", "active_tag 5"],
    ["<mj-raw><!--[if mso]><script>x</script><![endif]--></mj-raw>", "active_tag 5"],
    ['<mj-text><p style="width:expression(alert(1))">x</p></mj-text>', "active_css 5"],
    ['<mj-text><p style="background:url(java\\73 cript:x)">x</p></mj-text>', "active_css 5"],
    ['<mj-image alt="" src="https://x.example/p.gif" width="1px" />', "pixel 5"],
    ['<mj-text><a href="{{ contact.fields.site }}">x</a></mj-text>', "link_variable 5"],
    ['<mj-raw position="file-start">x</mj-raw>', "file_start 5"],
  ];
  for (const [inside, expected] of cases) {
    const codes = await found(mail(inside));
    assert.ok(codes.includes(expected), `${inside}: ${codes.join(", ")}`);
  }
  const styles = await found(
    mail("<mj-text>a</mj-text>", '<mj-style>@\\69mport "https://x.example/a.css";</mj-style>'),
  );
  assert.ok(styles.some((one) => one.startsWith("active_css")));
  const font = '<mj-font name="X" href="https://x.example/f.css" />';
  assert.ok((await found(mail("<mj-text>a</mj-text>", font))).includes("foreign_font 2"));
});

test("the compiled HTML is judged for itself, whatever the source looked like (B43)", () => {
  const judged = (inside: string) =>
    checkCompiled({ html: `<html><body>${inside}<div class="assenso-footer"></div></body></html>`, source: "" }).map(
      ({ code }) => code,
    );
  assert.deepEqual(judged("<p>a</p>"), []);
  for (const tag of ["script", "iframe", "object", "form", "svg", "base", "link", "template"])
    assert.ok(judged(`<${tag}>`).includes("active_tag"), tag);
  assert.deepEqual(judged('<meta http-equiv=" Refresh" content="0">'), ["active_tag"]);
  assert.deepEqual(judged("<style>a{background:url(javascript:x)}</style>"), ["active_css"]);
  assert.deepEqual(judged('<div class="assenso-footer"></div>'), ["footer_hidden"]);
  assert.deepEqual(judged("<p onclick=x>a</p>"), ["event_handler"]);
});

test("a field may stand in a link through url_encode; letters that look like others are shown (B13)", async () => {
  const link = (href: string) => text(`<a href="${href}">x</a>`);
  assert.deepEqual(await found(link("https://x.example/?q={{ contact.fields.city | url_encode }}")), []);
  assert.deepEqual(await found(link("{{ links.unsubscribe }}")), []);
  assert.deepEqual(await found(link("{{ org.website }}")), []);
  const homograph = (await compose(link("https://\u0430pple.example/"))).findings;
  assert.deepEqual(
    homograph.map(({ code, facts }) => [code, facts.host]),
    [["link_homograph", "xn--pple-43d.example"]],
  );
});

test("what MJML would drop or pass over is said, with the line", async () => {
  assert.ok((await found(mail("<mj-text>a</mj-text><mj-foo>b</mj-foo>"))).includes("mjml_element 5"));
  assert.ok((await found(mail('<mj-text foo="1">a</mj-text>'))).includes("mjml_attribute 5"));
  assert.deepEqual(await found("<mjml><mj-body>\n<mj-section>\n</mj-body></mjml>"), ["tag_not_closed 2"]);
  assert.deepEqual(await found("hello"), ["mjml_unreadable 1"]);
  assert.deepEqual(await found(""), ["mjml_unreadable 1"]);
  assert.ok((await found(mail('<mj-image src="https://x.example/a.png" />'))).includes("no_alt 5"));
  assert.deepEqual(await found(text("a"), { subject: " ", preheader: "" }), ["no_subject 1", "no_preheader 1"]);
  assert.deepEqual(await found(text("a"), { subject: "Re: fattura" }), ["looks_like_reply 1"]);
  assert.deepEqual(await found(text("a"), { subject: "Ultimo avviso" }), ["presses 1"]);
});

test("MC-01: words that nobody is to see are pointed at; the preview line and what merely has no colour of its own are not", async () => {
  const hidden = [
    '<span style="display:none">parole nascoste</span>',
    '<span style="font-size:1px">parole nascoste</span>',
    '<b style="COLOR: #FFF">parole nascoste</b>',
    '<p style="opacity: 0"><i>parole nascoste</i></p>',
    '<div style="background:#123456;color:rgb(18, 52, 86)">parole nascoste</div>',
    "<p hidden>parole nascoste</p>",
  ];
  for (const html of hidden) assert.deepEqual(await found(text(html)), ["hidden_text 5"], html);
  const seen = [
    '<div style="background:#123456;color:#ffffff">in vista</div>',
    '<div style="background:url(https://x.example/a.png);color:#ffffff">in vista</div>',
    '<span style="font-size:0"> <b style="font-size:1em">in vista</b></span>',
    '<span style="display:none"> · </span>',
  ];
  for (const html of seen) assert.deepEqual(await found(text(html)), [], html);
  assert.deepEqual(
    await found(mail('<mj-button background-color="#000" color="#fff" href="https://x.example/">Vai</mj-button>')),
    [],
  );
});

test("sizes: a warning where Gmail cuts, an end to what is no letter (B46)", async () => {
  assert.deepEqual(await found(text("x".repeat(110_000))), ["gmail_cuts 1"]);
  assert.deepEqual(await found(text("x".repeat(1_000_001))), ["liquid_too_long 1", "source_too_big 1"]);
  const links = await found(text('<a href="https://x.example/">x</a>'.repeat(2100)));
  assert.ok(links.includes("too_many_links 1"));
});

test("hostile nesting and half tags neither hang nor throw (B43, B46)", { timeout: 60_000 }, async () => {
  const hostile = [
    "<mj-wrapper>".repeat(5000),
    text("<div>".repeat(20_000)),
    `<mjml><mj-body>${"<a '".repeat(50_000)}`,
    text("<!--".repeat(50_000)),
  ];
  for (const source of hostile) {
    const { findings } = await compose(source);
    assert.ok(
      findings.some(({ level }) => level === "error"),
      source.slice(0, 30),
    );
  }
});

test("the text part follows the HTML, keeps Liquid whole, and an edited one is kept (MC-05)", async () => {
  const source = mail(
    '<mj-text><h1>Ciao {{ contact.name | default: "cara persona che ci legge da molto tempo e che non ha ancora un nome per noi" }}</h1><p>Uno &amp; due</p></mj-text><mj-button href="https://x.example/?a=1&amp;b=2">Vai</mj-button><mj-image alt="Foto" src="https://x.example/a.png" />',
  );
  const { derivedText, text: plain } = await compose(source);
  assert.equal(
    derivedText,
    'Ciao {{ contact.name | default: "cara persona che ci legge da molto tempo e che non ha ancora un nome per noi" }}\n\nUno & due\n\nVai <https://x.example/?a=1&b=2>',
  );
  assert.ok(plain.startsWith(derivedText) && plain.includes("Cancellami: {{ links.unsubscribe }}"));
  const edited = await compose(source, { text: "Solo testo" });
  assert.ok(edited.text.startsWith("Solo testo\n\n----") && edited.text.includes("Cancellami:"));
  assert.deepEqual(await found(source, { text: "{{ contact.nome }}" }), ["variable_meant 1"]);
});

test("names of the organization are data: braces and tags in them are printed (B37, B44)", async () => {
  const organization = { ...CONTROLLER, legalName: "<b>{{ 7 | times: 7 }}</b> & C." };
  const { html, text: plain, findings } = await compose(text("a"), { organization });
  assert.deepEqual(findings, []);
  const parts = renderParts(prepareMessage(frozen({ html, text: plain })), person());
  assert.match(parts.html, /&lt;b&gt;\{\u200b\{ 7 \| times: 7 \}\}&lt;\/b&gt; &amp; C\./);
  assert.match(parts.text, /<b>\{\u200b\{ 7 \| times: 7 \}\}<\/b> & C\./);
});
