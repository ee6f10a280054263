import { isUuid } from "../../../../lib/crypto/uuid.ts";
import { NotFound } from "../../../../lib/errors.ts";
import { publicForm } from "../../../../lib/forms/published-form.ts";
import { html } from "../../../_server/html.ts";
import { publicLocale, publicPage, publicTexts } from "../../../_server/public-page.ts";
import { publicRoute } from "../../../_server/public-route.ts";

/** The same words for everybody: whether the address was known, suppressed, over a limit or new (B55). */
export function GET(request: Request, { params }: { params: Promise<{ form: string }> }): Promise<Response> {
  return publicRoute(request, async (s) => {
    const id = (await params).form;
    const form = isUuid(id) ? await publicForm(s.db, { form: id }) : undefined;
    if (!form) throw new NotFound("form");
    const locale = publicLocale(request, form.locale);
    const t = publicTexts(locale, form.tone);
    return publicPage({
      ...{ locale, t, organization: form.organization, title: t("form.done_title") },
      body: html`<p>${t("form.done")}</p><p class="note">${t("form.spam")}</p>`,
      languages: { path: `/f/${id}/ok` },
    });
  });
}
