import { confirm } from "../../../lib/consent/confirm.ts";
import { refuse } from "../../../lib/consent/refuse.ts";
import { showConfirmation } from "../../../lib/consent/show-confirmation.ts";
import { publicError, publicLocale } from "../../_server/public-page.ts";
import { factsOf, isForeign, publicRoute, readForm } from "../../_server/public-route.ts";
import { confirmPage } from "./confirm-page.ts";

type Context = { params: Promise<{ token: string }> };

/** A scanner opens links, and so does a preview: looking changes nothing (DO-03). HEAD is served by this too. */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    const { token } = await params;
    const view = await showConfirmation(s, { token });
    const locale = publicLocale(request, view.state === "unknown" ? "it" : view.locale);
    return confirmPage(view, { token, locale });
  });
}

/** A press on one of the page's buttons. The link "it was not me" cannot confirm, whatever its body says. */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    if (isForeign(request, s.config.PUBLIC_URL)) return publicError(request, 403);
    const { token } = await params;
    const sent = await readForm(request, 65_536);
    const shown = await showConfirmation(s, { token });
    const refusing = sent.get("do") === "refuse";
    const pressed = sent.get("do") === "confirm" && shown.state !== "unknown" && !shown.refusing;
    const view = refusing
      ? await refuse(s, { token })
      : pressed
        ? await confirm(s, { token, request: factsOf(request) })
        : shown;
    return confirmPage(view, { token, locale: publicLocale(request, view.state === "unknown" ? "it" : view.locale) });
  });
}
