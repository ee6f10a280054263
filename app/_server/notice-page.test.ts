import assert from "node:assert/strict";
import { test } from "node:test";
import type { PublishedNotice } from "../../lib/notices/published.ts";
import { noticePage } from "./notice-page.ts";

const at = new Date("2026-12-01T09:00:00Z");
const published = (body: string) =>
  ({
    organization: {
      legalName: "Libreria",
      address: "Via Roma 1",
      taxId: "1",
      privacyEmail: "p@l.it",
      slug: "libreria",
      tone: "tu",
      timeZone: "Europe/Rome",
    },
    notice: {
      kind: "full_notice",
      locale: "it",
      version: 1,
      body,
      createdAt: at,
      publishedAt: at,
      sha256: Buffer.alloc(32),
    },
  }) as unknown as PublishedNotice;

test("a published text keeps its headings, paragraphs and lists", async () => {
  const body =
    "## Per quanto tempo\n\n- Una richiesta: 7 giorni.\n- La prova: 24 mesi <b>.\n\nScrivici.\n- Non è un elenco.";
  const page = await noticePage(published(body), { locale: "it", path: "/p/libreria/privacy" }).text();
  assert.match(
    page,
    /<h2>Per quanto tempo<\/h2><ul><li>Una richiesta: 7 giorni\.<\/li><li>La prova: 24 mesi &lt;b&gt;\.<\/li><\/ul>/,
  );
  assert.match(page, /<p>Scrivici\.\n- Non è un elenco\.<\/p>/);
});
