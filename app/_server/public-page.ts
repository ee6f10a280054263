import { createTranslator } from "use-intl/core";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };
import { type Html, html } from "./html.ts";
import { PUBLIC_HEADERS, PUBLIC_STYLE } from "./public-style.ts";

export type PublicLocale = "it" | "en";
export type Translate = (key: string, values?: Record<string, string | number>) => string;

const CATALOGUE = { it, en };

/**
 * Texts of the pages that people reach with a link. Keys are below `public`; where tu and Lei differ, `x_tu` and `x_lei` stand there and `x` is asked.
 */
export function publicTexts(locale: PublicLocale, tone: "tu" | "lei", timeZone = "Europe/Rome"): Translate {
  const messages = CATALOGUE[locale].public as Record<string, unknown>;
  const translate = createTranslator({
    locale,
    messages: messages as never,
    timeZone,
    onError: (error) => {
      throw error;
    },
  }) as unknown as Translate;
  return (key, values) => translate(has(messages, `${key}_${tone}`) ? `${key}_${tone}` : key, values);
}

function has(messages: Record<string, unknown>, key: string): boolean {
  let at: unknown = messages;
  for (const step of key.split(".")) at = (at as Record<string, unknown> | undefined)?.[step];
  return typeof at === "string";
}

export type PublicPage = {
  status?: number;
  locale: PublicLocale;
  title: string;
  /** Whose page it is: her name comes first, the product's nowhere. */
  organization?: { legalName: string; slug: string; privacyEmail: string; address: string; taxId: string };
  body: Html;
  /** The same page in the other languages. */
  languages?: { path: string };
  t: Translate;
};

/** A whole page: no script, no other host, under 14 KB. */
export function publicPage(o: PublicPage): Response {
  const { organization, locale, t } = o;
  const page = html`<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${o.title}${organization && ` · ${organization.legalName}`}</title><style>${raw(PUBLIC_STYLE)}</style></head>
<body><a class="skip" href="#content">${t("skip")}</a><div class="wrap">
${organization && html`<header><p class="org">${organization.legalName}</p></header>`}
<main id="content" class="sheet"><h1>${o.title}</h1>${o.body}</main>
<footer>${organization && html`<p>${organization.legalName} · ${organization.address} · ${organization.taxId} · ${organization.privacyEmail}</p>`}
<nav aria-label="${t("languages")}">${organization && html`<a href="/p/${organization.slug}/privacy">${t("privacy")}</a>`}${o.languages && languageLinks(o.languages.path, locale)}<a href="/source">${t("source")}</a></nav></footer>
</div></body></html>`;
  return new Response(page.text, { status: o.status ?? 200, headers: PUBLIC_HEADERS });
}

const NAMES: Record<PublicLocale, string> = { it: "Italiano", en: "English" };

function languageLinks(path: string, locale: PublicLocale): Html[] {
  return (["it", "en"] as const).map((other) =>
    other === locale
      ? html`<span lang="${other}" aria-current="true">${NAMES[other]}</span>`
      : html`<a lang="${other}" hreflang="${other}" href="${path}?lang=${other}">${NAMES[other]}</a>`,
  );
}

function raw(text: string): Html {
  return Object.assign(html``, { text }) as Html;
}

/** `?lang=` of a link on the page, else what the browser asks for, else the list's language. */
export function publicLocale(request: Request, otherwise: PublicLocale): PublicLocale {
  const asked = new URL(request.url).searchParams.get("lang");
  if (asked === "it" || asked === "en") return asked;
  const accepted = (request.headers.get("accept-language") ?? "").toLowerCase().split(",")[0]?.trim().slice(0, 2);
  return accepted === "it" || accepted === "en" ? accepted : otherwise;
}

export type PublicStatus = 400 | 403 | 404 | 413 | 429 | 500 | 503;

/** What went wrong, what to do, and for the unexpected a number to quote. */
export function publicError(request: Request, status: PublicStatus, id = ""): Response {
  const locale = publicLocale(request, "it");
  const t = publicTexts(locale, "tu");
  const response = publicPage({
    status,
    locale,
    t,
    title: t(`errors.${status}_title`),
    body: html`<p>${t(`errors.${status}`, { id })}</p>`,
  });
  if (status === 503) response.headers.set("Retry-After", "60");
  return response;
}
