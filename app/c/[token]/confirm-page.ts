import type { ConfirmationView } from "../../../lib/consent/show-confirmation.ts";
import { NotFound } from "../../../lib/errors.ts";
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

type Tools = { token: string; t: Translate; when: (at: Date) => string };

function contentOf(view: Known, o: Tools): { title: string; body: Html } {
  const { t, when } = o;
  const list = view.list.name;
  const at = view.at ? when(view.at) : "";
  const toForm = html`<p><a href="/f/${view.form}">${t("confirm.to_form")}</a></p>`;
  switch (view.state) {
    case "open":
      return view.refusing ? refusing(view, o) : confirming(view, o);
    case "confirmed":
      return {
        title: t("confirm.confirmed_title"),
        body: html`<p>${t("confirm.confirmed", { list, at })}</p>${wordsOf(view, t)}<p class="note">${t("confirm.leave", { email: view.organization.privacyEmail })}</p>`,
      };
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

function confirming(view: Known, { token, t, when }: Tools): { title: string; body: Html } {
  const { list, organization } = view;
  const about = {
    address: view.maskedAddress ?? "",
    list: list.name,
    organization: organization.legalName,
    frequency: list.frequency,
  };
  return {
    title: t("confirm.title", { list: list.name }),
    body: html`<p>${t("confirm.about", about)}</p>${wordsOf(view, t)}
<form method="post" action="/c/${token}"><input type="hidden" name="do" value="confirm"><button type="submit">${t("confirm.button")}</button></form>
<form method="post" action="/c/${token}"><input type="hidden" name="do" value="refuse"><button class="second" type="submit">${t("confirm.not_me")}</button></form>
<p class="note apart">${t("confirm.until", { at: when(view.expiresAt) })}</p>`,
  };
}

/** The other link of the mail was pressed: one button, and nothing to confirm. */
function refusing(view: Known, { token, t }: Tools): { title: string; body: Html } {
  const about = { address: view.maskedAddress ?? "", organization: view.organization.legalName };
  return {
    title: t("confirm.refuse_title"),
    body: html`<p>${t("confirm.refuse_about", about)}</p>
<form method="post" action="/c/${token}"><input type="hidden" name="do" value="refuse"><button type="submit">${t("confirm.refuse_button")}</button></form>`,
  };
}

function wordsOf(view: Known, t: Translate): Html {
  const words = view.words.map(
    (w) =>
      html`<blockquote lang="${view.locale}">${w.text} <span class="note">(${t("text_number", { n: w.version })})</span></blockquote>`,
  );
  return html`<h2>${t("confirm.words")}</h2>${words}`;
}
