import type { PublishedNotice } from "../../lib/notices/published.ts";
import { formatDate } from "../../lib/text/dates.ts";
import { type Html, html } from "./html.ts";
import { type PublicLocale, publicPage, publicTexts } from "./public-page.ts";

/** A published text, word for word: paragraphs by empty lines, a line that begins with "## " is a heading, lines that begin with "- " are a list. */
export function noticePage(o: PublishedNotice, page: { locale: PublicLocale; path: string }): Response {
  const { organization, notice } = o;
  const t = publicTexts(page.locale, organization.tone, organization.timeZone);
  const reader = { language: page.locale, zone: organization.timeZone };
  const at = formatDate(notice.publishedAt ?? notice.createdAt, reader);
  return publicPage({
    ...{ locale: page.locale, t, organization, languages: { path: page.path } },
    title: t(notice.kind === "full_notice" ? "notice.title" : "notice.title_text"),
    body: html`<div lang="${notice.locale}">${paragraphs(notice.body)}</div><p class="note">${t("notice.version", { n: notice.version, at })} · SHA-256 ${notice.sha256.toString("hex").slice(0, 16)}…</p>`,
  });
}

function paragraphs(body: string): Html[] {
  return body
    .split(/\n{2,}/)
    .filter((text) => text.trim())
    .map((text) => {
      const lines = text.split("\n");
      if (text.startsWith("## ")) return html`<h2>${text.slice(3)}</h2>`;
      if (lines.every((line) => line.startsWith("- ")))
        return html`<ul>${lines.map((line) => html`<li>${line.slice(2)}</li>`)}</ul>`;
      return html`<p>${text}</p>`;
    });
}
