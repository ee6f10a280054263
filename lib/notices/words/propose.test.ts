import assert from "node:assert/strict";
import { test } from "node:test";
import { noticeBlocks } from "./blocks.ts";
import { isInEea } from "./countries.ts";
import { missingTokens } from "./missing.ts";
import { filledLine, readConfirmPage } from "./pages.ts";
import { proposeWords, versionLine } from "./propose.ts";
import type { Controller, ListPromise, Locale, Tone } from "./types.ts";

const organization: Controller = {
  legalName: "Bottega Verdi S.r.l.",
  address: "Via dei Tigli 4, 40123 Bologna (BO)",
  taxId: "01234567890",
  privacyEmail: "privacy@bottega.example",
  dpo: "dpo@studio.example",
  processors: [
    { name: "Posta Esempio S.p.A.", country: "IT" },
    { name: "Mailer Inc.", country: "Stati Uniti", safeguard: "clausole contrattuali tipo" },
  ],
  consentMonths: 18,
};
const list: ListPromise = {
  name: "Novità",
  topics: "offerte e novità del negozio",
  frequency: "una volta al mese",
  purpose: "promo",
};
const SPEECHES: [Locale, Tone][] = [
  ["it", "tu"],
  ["it", "lei"],
  ["en", "tu"],
];
const words = (locale: Locale, tone: Tone) => proposeWords({ organization, list, locale, tone });

test("the short notice names controller, contact, DPO, content, frequency, months, processors with place and safeguard, freedom, rights and complaint (CC-03)", () => {
  for (const [locale, tone] of SPEECHES) {
    const { shortNotice } = words(locale, tone);
    for (const token of [
      ...["Bottega Verdi S.r.l.", "Via dei Tigli 4", "privacy@bottega.example", "dpo@studio.example", "Novità"],
      ...["offerte e novità del negozio", "una volta al mese", "18", "Posta Esempio S.p.A.", "Mailer Inc."],
      ...["clausole contrattuali tipo", "Garante per la protezione dei dati personali"],
      ...(locale === "it" ? ["Italia", "Stati Uniti", "facoltativo"] : ["Italy", "United States", "optional"]),
    ])
      assert.ok(shortNotice.includes(token), `${locale} ${tone}: ${token}`);
  }
});

test("the full notice says all that art. 13 asks, and that a code is kept after erasure (CC-03)", () => {
  const asks: Record<Locale, RegExp[]> = {
    it: [
      ...[/titolare del trattamento/, /Responsabile della protezione dei dati: dpo@/, /art\. 6, par\. 1, lett\. a/],
      ...[/lett\. c/, /lett\. f/, /facoltativo/, /fuori dallo Spazio economico europeo/, /18 mesi/, /7 giorni/],
      ...[/codice illeggibile/, /revocare il consenso in ogni momento/, /art+\. 15-22/, /portarli altrove/, /Garante/],
    ],
    en: [
      ...[/The controller is/, /Data protection officer: dpo@/, /art\. 6\(1\)\(a\)/, /6\(1\)\(c\)/, /6\(1\)\(f\)/],
      ...[/optional/, /outside the European Economic Area/, /18 months/, /7 days/, /unreadable code/],
      ...[/withdraw your consent at any time/, /arts\. 15-22/, /elsewhere/, /Garante/],
    ],
  };
  for (const [locale, tone] of SPEECHES)
    for (const asked of asks[locale]) assert.match(words(locale, tone).fullNotice, asked, `${locale} ${tone}`);
});

test("no text promises what does not work: replying, a code, preferences, a receipt, reasons (design: §7.11)", () => {
  const promised =
    /rispond(i|a|endo) |replying|reply |prefer|ricevuta|receipt|codice \{|perché ricevo|why am I|ogni apertura/i;
  for (const [locale, tone] of SPEECHES)
    for (const [kind, text] of Object.entries(words(locale, tone)))
      assert.doesNotMatch(text, promised, `${locale} ${kind}`);
});

test("Italian says tu or Lei throughout, and never both", () => {
  const tu = /\b(tuo|tua|tuoi|inviarti|scriverti|vuoi|puoi|confermi|spunti|premi|apri)\b/i;
  const lei = /\b(Suo|Sua|Suoi|inviarLe|scriverLe|Lei)\b|\b(vuole|può cambiare|può revocare|spunta la|prema)\b/i;
  for (const [kind, text] of Object.entries(words("it", "tu"))) assert.doesNotMatch(text, lei, kind);
  for (const [kind, text] of Object.entries(words("it", "lei"))) assert.doesNotMatch(text, tu, kind);
});

test("the box is one purpose in one sentence, said by the person (CC-04)", () => {
  assert.equal(
    words("it", "tu").consentBox,
    "Acconsento a ricevere da Bottega Verdi S.r.l. e-mail promozionali su offerte e novità del negozio.",
  );
  const editorial = proposeWords({ organization, list: { ...list, purpose: "editorial" }, locale: "en", tone: "tu" });
  assert.equal(
    editorial.consentBox,
    "I agree to receive e-mails from Bottega Verdi S.r.l. about offerte e novità del negozio.",
  );
});

test("the confirmation page is read back in its parts; her own values alone are filled in (DO-03, CC-04)", () => {
  for (const [locale, tone] of SPEECHES) {
    const page = readConfirmPage(words(locale, tone).confirmPage);
    assert.deepEqual(
      page.asks.map(({ kind }) => kind),
      ["text", "text", "words"],
    );
    const [first] = page.asks;
    assert.match(first?.kind === "text" ? first.text : "", /\{address\}.*Novità.*Bottega Verdi S\.r\.l\./);
    assert.equal(page.done.length, 1);
    assert.notEqual(page.confirm, page.refuse);
  }
  assert.equal(filledLine("{address} {at} {list} {words}", { address: "{at}", words: "sì" }), "{at} {at} {list} sì");
  assert.throws(() => readConfirmPage("Confermi?\n\n[Confermo]"));
});

test("without processors nobody else is named, and all stays in the EEA", () => {
  const alone = proposeWords({
    organization: { ...organization, processors: [], dpo: null },
    list,
    locale: "it",
    tone: "tu",
  });
  assert.match(alone.shortNotice, /I dati li tratta soltanto il nostro personale autorizzato\./);
  assert.match(alone.fullNotice, /I dati restano nello Spazio economico europeo\./);
  assert.doesNotMatch(alone.fullNotice, /responsabile della protezione/i);
});

test("what is empty keeps a text from being published, field by field (CC-03)", () => {
  assert.deepEqual(missingTokens({ organization, list }), []);
  const empty: Controller = {
    ...{ legalName: " ", address: "", taxId: "", privacyEmail: "privacy", consentMonths: 0 },
    processors: [
      { name: "", country: "" },
      { name: "A", country: "Svizzera" },
      { name: "B", country: "olanda" },
    ],
  };
  assert.deepEqual(missingTokens({ organization: empty, list: { ...list, topics: "", frequency: " " } }), [
    ...["legalName", "address", "taxId", "privacyEmail", "processors.0.name", "processors.0.country"],
    ...["processors.1.safeguard", "consentMonths", "list.topics", "list.frequency"],
  ]);
});

test("a country is known by its name or its two letters; one that nobody knows lies outside", () => {
  for (const country of [
    "IT",
    "it",
    "Italia",
    "Germania",
    "GERMANY",
    "Repubblica Ceca",
    "Norvegia",
    "Irlanda",
    "UE",
    "Österreich",
  ])
    assert.ok(isInEea(country), country);
  for (const country of ["US", "Stati Uniti", "UK", "Svizzera", "Atlantide", ""]) assert.ok(!isInEea(country), country);
});

test("a notice is read as headings, points and paragraphs, nothing else", () => {
  assert.deepEqual(noticeBlocks("## A\n\nb <c>\nd\r\n\r\n- e\n- f\n"), [
    { kind: "heading", text: "A" },
    { kind: "paragraph", text: "b <c>\nd" },
    { kind: "points", points: ["e", "f"] },
  ]);
  const kinds = noticeBlocks(words("it", "tu").fullNotice).map(({ kind }) => kind);
  assert.equal(kinds.filter((kind) => kind === "heading").length, 8);
});

test("the version is printed with its number grouped and the day in the zone", () => {
  const at = new Date("2026-11-24T23:30:00Z");
  assert.equal(
    versionLine({ version: 1200, at, locale: "it", zone: "Europe/Rome" }),
    "testo n. 1.200 del 25 novembre 2026",
  );
  assert.equal(versionLine({ version: 3, at, locale: "en", zone: "Europe/London" }), "text no. 3 of 24 November 2026");
});
