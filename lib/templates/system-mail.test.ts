import assert from "node:assert/strict";
import { test } from "node:test";
import { headerNames, headerValue, judge } from "./mime/judges.fixture.ts";
import { type SystemMailInput, systemMail } from "./system-mail.ts";
import { systemMessage } from "./system-message.ts";
import { CONTROLLER } from "./template.fixture.ts";

const confirmation = (change: Partial<SystemMailInput["confirmation"]> = {}): SystemMailInput["confirmation"] => ({
  locale: "it",
  tone: "tu",
  zone: "Europe/Rome",
  organization: CONTROLLER,
  list: { name: "Novità", topics: "offerte e novità", frequency: "una volta al mese", purpose: "promo" },
  facts: {
    at: "2026-11-24T08:12:00.000Z",
    expiresAt: "2026-12-01T08:12:00.000Z",
    page: "https://bottega.example/offerte?COMPRA=ora",
    words: [{ text: "Acconsento a ricevere da Bottega Verdi S.r.l. e-mail promozionali su offerte.", version: 3 }],
    confirmLink: "https://news.bottega.example/c/v1.k1.AAAA.BBBB",
    refuseLink: "https://news.bottega.example/c/v1.k1.CCCC.DDDD",
  },
  ...change,
});
const envelope = {
  to: "mario@posta.example",
  from: { name: "Bottega Verdi", address: "news@bottega.example" },
  messageId: "<o.1@bottega.example>",
  date: "2026-11-24T08:12:01.000Z",
};
const links = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);

test("the confirmation mail is no advertising: three links, no image, says that it is automatic, offers nothing to leave (DO-02, HD-03, B60)", async () => {
  const parts = systemMail("confirmation", confirmation());
  const { raw } = systemMessage({ ...envelope, ...parts });
  const names = ["from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type"];
  assert.deepEqual(headerNames(raw), names);
  assert.equal(headerValue(raw, "Auto-Submitted"), "auto-generated");
  const { postal, mailparser } = await judge(raw);
  const { facts, organization } = confirmation();
  const three = [facts.confirmLink, facts.refuseLink, organization.privacyUrl];
  for (const judged of [postal, mailparser]) {
    assert.equal(judged.subject, "Conferma: vuoi ricevere Novità?");
    assert.deepEqual(links(judged.html), three);
    assert.deepEqual(judged.text.match(/https?:\/\/\S+/g), three);
    assert.doesNotMatch(judged.html, /<img|<script|url\(|<link|background=/i);
    for (const part of [judged.html, judged.text]) {
      assert.match(
        part,
        /Il 24 novembre 2026 alle 9\.12 questo indirizzo è stato scritto nel modulo su bottega\.example/,
      );
      assert.match(part, /«Acconsento a ricevere .* offerte\.» \(testo n\. 3\)/);
      assert.match(part, /il 1 dicembre 2026 l’indirizzo viene cancellato/);
      assert.doesNotMatch(part, /COMPRA|\{(date|time|where|expires|words|confirm|refuse|notice)\}/);
    }
  }
});

test("it speaks tu, Lei and English, and is filled from the published text where there is one (DO-02, CC-04)", () => {
  assert.match(systemMail("confirmation", confirmation({ tone: "lei" })).text, /Se la richiesta è Sua, apra la pagina/);
  const english = systemMail("confirmation", confirmation({ locale: "en" }));
  assert.equal(english.subject, "Please confirm: do you want Novità?");
  assert.match(english.text, /On 24 November 2026 at 9:12 this address was entered in the form at bottega\.example/);
  const template = "Oggetto pubblicato\n\nParole del {date}:\n{words}\n\n{confirm}\n\n{refuse}\n\n{notice}\n\nFirma";
  const published = systemMail("confirmation", confirmation({ template }));
  assert.equal(published.subject, "Oggetto pubblicato");
  assert.ok(published.text.startsWith("Parole del 24 novembre 2026:\n\n«Acconsento"));
  assert.equal(links(published.html).length, 3);
});

test("a page that is no address, or hides a text in its name, is not printed (B60)", () => {
  for (const page of [null, "vinci un premio", "https://", "data:text/plain,COMPRA"]) {
    const { text } = systemMail("confirmation", confirmation({ facts: { ...confirmation().facts, page } }));
    assert.match(text, /è stato scritto in un nostro modulo per ricevere/, String(page));
  }
});

test("the same facts give the same bytes: each copy of a mail is the same mail", () => {
  const make = () => systemMessage({ ...envelope, ...systemMail("confirmation", confirmation()) });
  assert.equal(make().sha256, make().sha256);
});

test("invitation, reset and alert say what to do, in both languages", () => {
  for (const locale of ["it", "en"] as const) {
    const staff = { locale, zone: "Europe/Rome" };
    const link = "https://news.bottega.example/i/v1.k1.A.B";
    const invitation = systemMail("invitation", {
      ...{ ...staff, link, organization: "Bottega", inviter: "Luca <b>", expiresAt: "2026-11-27T08:00:00.000Z" },
    });
    const reset = systemMail("reset", { ...staff, link, minutes: 10 });
    const alert = systemMail("alert", { ...staff, link, organization: "Bottega", title: "Ferma", text: "Uno\n\nDue" });
    for (const mail of [invitation, reset, alert]) {
      assert.ok(mail.subject && mail.text.includes(link));
      assert.deepEqual(links(mail.html), [link]);
      assert.doesNotMatch(mail.html, /<b>/);
    }
    assert.match(reset.text, /10 min/);
  }
});

test("a test of a campaign says so in subject, text and HTML", () => {
  const mail = systemMail("campaign_test", {
    locale: "it",
    subject: "Novità",
    text: "Ciao",
    html: "<html><body class='a'><p>Ciao</p></body></html>",
  });
  assert.equal(mail.subject, "[Prova] Novità");
  assert.match(mail.text, /^Prova di una campagna/);
  assert.match(mail.html, /<body class='a'><p [^>]*>Prova di una campagna/);
});

test("headers of a caller's own cannot route, sign or ask for a receipt, and no text becomes a header (B01, B04, HD-04)", () => {
  const mail = (change: object) => () => systemMessage({ ...envelope, subject: "a", text: "b", ...change });
  for (const name of [
    "Bcc",
    "List-Unsubscribe",
    "Return-Path",
    "DKIM-Signature",
    "Received",
    "Disposition-Notification-To",
    "X: a",
    "X\r\nBcc",
  ])
    assert.throws(mail({ headers: { [name]: "x@y.example" } }), { name: "HeaderRefused" }, name);
  assert.throws(mail({ headers: { "X-Note": "a\r\nBcc: e@z.example" } }), { name: "HeaderRefused" });
  assert.throws(mail({ to: "a@b.example\r\nBcc: e@z.example" }), { name: "HeaderRefused" });
  const { raw } = mail({ subject: "a\r\nBcc: e@z.example", headers: { "X-Assenso": "città" } })();
  assert.deepEqual(
    headerNames(raw).filter((name) => name === "bcc"),
    [],
  );
});
