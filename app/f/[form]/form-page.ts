import { appNow } from "../../../lib/clock.ts";
import { withAnswers } from "../../../lib/forms/form-html.ts";
import { makeFormToken } from "../../../lib/forms/form-token.ts";
import type { PublicForm } from "../../../lib/forms/published-form.ts";
import type { Services } from "../../../lib/services.ts";
import { Html, html } from "../../_server/html.ts";
import { type PublicLocale, publicPage, publicTexts, type Translate } from "../../_server/public-page.ts";

export type Typed = { email: string; ticked: string[]; faults: ("address" | "box" | "again")[] };

const TARGET = { address: "email", box: "box-0", again: "email" } as const;

/** The hosted form: words above the button, boxes unticked unless the person ticked them herself a moment ago, what she typed kept. */
export async function formPage(
  s: Services,
  o: { form: PublicForm; locale: PublicLocale; typed?: Typed; status?: number },
): Promise<Response> {
  const { form, locale, typed } = o;
  const { organization, list } = form;
  const t = publicTexts(locale, form.tone, organization.timeZone);
  const token = makeFormToken(s.keys, { form: form.id, version: form.version, at: await appNow(s.db) });
  const faulty = (fault: keyof typeof TARGET) => typed?.faults.includes(fault) ?? false;
  const body = html`<p>${t("form.promise", { topics: capital(list.topics), frequency: list.frequency })}</p>
${typed && typed.faults.length > 0 && faultSummary(typed.faults, t)}
<form method="post" action="/f/${form.id}" novalidate>
<label for="email">${t("form.email")}</label>
<input id="email" name="email" type="email" autocomplete="email" inputmode="email" maxlength="254" required value="${typed?.email ?? ""}"${faulty("address") && html` aria-invalid="true" aria-describedby="email-fault"`}>
${faulty("address") && html`<p class="bad" id="email-fault">${t("form.address")}</p>`}
<p class="trap" aria-hidden="true"><label for="website">${t("form.trap")}</label><input id="website" name="website" tabindex="-1" autocomplete="off"></p>
${new Html(withAnswers(form.html, { ticked: typed?.ticked ?? [], faulty: faulty("box") }))}
${faulty("box") && html`<p class="bad" id="box-fault">${t("form.box")}</p>`}
<input type="hidden" name="token" value="${token}"><input type="hidden" name="lang" value="${locale}">
<button type="submit">${t("form.submit")}</button></form>`;
  return publicPage({
    ...{ status: o.status ?? 200, locale, t, organization, body },
    title: t("form.title", { list: list.name }),
    languages: { path: `/f/${form.id}` },
  });
}

function faultSummary(faults: Typed["faults"], t: Translate) {
  const lines = faults.map((fault) => html`<li><a href="#${TARGET[fault]}">${t(`form.${fault}`)}</a></li>`);
  return html`<div class="fault" role="alert"><strong>${t("form.faults")}</strong><ul>${lines}</ul></div>`;
}

const capital = (text: string) => text.charAt(0).toLocaleUpperCase() + text.slice(1);
