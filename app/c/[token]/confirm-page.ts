import type { ConfirmationView } from "../../../lib/consent/show-confirmation.ts";
import { NotFound } from "../../../lib/errors.ts";
import { filledLine, type PageLine } from "../../../lib/notices/words/pages.ts";
import { formatInstant } from "../../../lib/text/dates.ts";
import { type Html, html } from "../../_server/html.ts";
import { type PublicLocale, publicPage, publicTexts, type Translate } from "../../_server/public-page.ts";

type Known = Exclude<ConfirmationView, { state: "unknown" }>;

/** The page behind a confirmation link, as the request stands. It shows the words, and only a press sends anything. */
export function confirmPage(view: ConfirmationView, o: { token: string; locale: PublicLocale }): Response {
  if (view.state === "unknown") throw new NotFound("confirmation");
  const t = publicTexts(o.locale, view.tone, view.organization.timeZone);
  const when = (at: Date) => formatInstant(at, { language: o.locale, zone: view.organization.timeZone });
  const { title, body } = contentOf(view, { ...o, t, when });
  const languages = { path: `/c/${o.token}` };
  return publicPage({ locale: o.locale, t, organization: view.organization, title, body, languages });
}

type Tools = { token: string; locale: PublicLocale; t: Translate; when: (at: Date) => string };
type Content = { title: string; body: Html };

function contentOf(view: Known, o: Tools): Content {
  const { t, when } = o;
  const at = view.at ? when(view.at) : "";
  const toForm = html`<p><a href="/f/${view.form}">${t("confirm.to_form")}</a></p>`;
  switch (view.state) {
    case "open":
      return view.refusing ? refusing(view, o) : confirming(view, o);
    case "confirmed":
      return confirmed(view, o);
    case "refused":
      return { title: t("confirm.refused_title"), body: html`<p>${t("confirm.refused", { at })}</p>` };
    case "expired":
      return {
        title: t("confirm.expired_title"),
        body: html`<p>${t("confirm.expired", { at: when(view.expiresAt) })}</p>${toForm}`,
      };
    case "superseded":
      return { title: t("confirm.superseded_title"), body: html`<p>${t("confirm.superseded")}</p>${toForm}` };
  }
}

/** Question, words and buttons are the published text's; title and small print are the frame's, in the reader's language. */
function confirming(view: Known, o: Tools): Content {
  const { t, token } = o;
  const { confirm, refuse } = view.page;
  return {
    title: t("confirm.title", { list: view.list.name }),
    body: html`<div lang="${view.locale}">${linesOf(view.page.asks, view, t)}
<form method="post" action="/c/${token}"><input type="hidden" name="do" value="confirm"><button type="submit">${confirm}</button></form>
<form method="post" action="/c/${token}"><input type="hidden" name="do" value="refuse"><button class="second" type="submit">${refuse}</button></form></div>
${view.locale !== o.locale && html`<p class="note apart">${t("confirm.other_language", { confirm, refuse })}</p>`}
<p class="note apart">${t("confirm.until", { at: o.when(view.expiresAt) })} ${source(view, t)}</p>`,
  };
}

function confirmed(view: Known, o: Tools): Content {
  const { t } = o;
  return {
    title: t("confirm.confirmed_title"),
    body: html`<div lang="${view.locale}">${linesOf(view.page.done, view, t)}</div>
<h2>${t("confirm.words")}</h2>${quotes(view, t)}
<p class="note">${t("confirm.leave", { email: view.organization.privacyEmail })} ${source(view, t)}</p>`,
  };
}

/** The other link of the mail was pressed: one button, and nothing to confirm. */
function refusing(view: Known, { token, t }: Tools): Content {
  const about = { address: view.maskedAddress ?? "", organization: view.organization.legalName };
  return {
    title: t("confirm.refuse_title"),
    body: html`<p>${t("confirm.refuse_about", about)}</p>
<form method="post" action="/c/${token}"><input type="hidden" name="do" value="refuse"><button type="submit">${t("confirm.refuse_button")}</button></form>`,
  };
}

/** The published lines with this person's values, which are written as the text's own language writes them. */
function linesOf(lines: PageLine[], view: Known, t: Translate): Html[] {
  const reader = { language: view.locale, zone: view.organization.timeZone };
  const values = {
    address: view.maskedAddress ?? "",
    words: view.words.map((w) => w.text).join(" · "),
    ...(view.at ? { at: formatInstant(view.at, reader) } : {}),
  };
  return lines.map((line) =>
    line.kind === "words" ? html`${quotes(view, t)}` : html`<p>${filledLine(line.text, values)}</p>`,
  );
}

function quotes(view: Known, t: Translate): Html[] {
  return view.words.map(
    (w) =>
      html`<blockquote lang="${view.locale}">${w.text} <span class="note">(${t("text_number", { n: w.version })})</span></blockquote>`,
  );
}

/** Which version of the page this is, and where its bytes stand, hash beside them. */
function source(view: Known, t: Translate): Html {
  const { version, sha256 } = view.page;
  return html`<a href="/p/${view.organization.slug}/texts/${sha256}">${t("confirm.page_text", { n: version })}</a>`;
}
