import type { LeaveView } from "../../lib/consent/leave.ts";
import { formatInstant, formatTime } from "../../lib/text/dates.ts";
import { type Html, html } from "./html.ts";
import { type PublicLocale, publicPage, publicTexts, type Translate } from "./public-page.ts";

/** `asking`: one button. `done`: what happened, and for 30 minutes the way back. `late`, `undone`: after a press on it. */
export type LeaveState = "asking" | "done" | "undone" | "late";

type Options = { token: string; locale: PublicLocale; scope: "list" | "all"; state: LeaveState };

/** The page behind a leave link: what will stop and one button; no question before, no login, no field (WD-01). */
export function leavePage(view: LeaveView, o: Options): Response {
  const { organization } = view;
  const tone = view.list?.tone ?? organization?.tone ?? "tu";
  const t = publicTexts(o.locale, tone, organization?.timeZone);
  const { title, body } = CONTENT[o.state](view, { ...o, t, names: namesOf(view) });
  const languages = { path: `/u/${o.token}` };
  return publicPage({ locale: o.locale, t, title, body, languages, ...(organization ? { organization } : {}) });
}

type Tools = Options & { t: Translate; names: { list: string; organization: string } };
type Content = { title: string; body: Html };

const namesOf = (view: LeaveView) => {
  const organization = view.organization?.legalName ?? "—";
  return { organization, list: view.list?.name ?? organization };
};

const CONTENT: Record<LeaveState, (view: LeaveView, o: Tools) => Content> = {
  asking: (view, { token, t, names }) => ({
    title: view.list ? t("leave.title", names) : t("leave.title_all", names),
    body: html`${masked(view, t)}
${view.list && button(token, "list", t("leave.button", names))}
${button(token, "all", t("leave.all", names), view.list !== undefined)}`,
  }),
  done: (view, { token, t, names, scope, locale }) => {
    const reader = { language: locale, zone: view.organization?.timeZone ?? "Europe/Rome" };
    const at = view.leftAt && formatInstant(view.leftAt, reader);
    const said = scope === "all" || !view.list ? "leave.done_all" : "leave.done";
    const undo = view.undo;
    return {
      title: t("leave.done_title"),
      body: html`<p role="status">${at ? t(said, { ...names, at }) : t("leave.waits")}</p>${masked(view, t)}<p>${t("leave.code")}</p>
${undo && html`<p>${t("leave.undo_about", { time: formatTime(undo.until, reader) })}</p><form method="post" action="/u/${token}"><input type="hidden" name="do" value="undo"><input type="hidden" name="scope" value="${scope}"><input type="hidden" name="event" value="${undo.event}"><button class="second" type="submit">${t("leave.undo")}</button></form>`}`,
    };
  },
  undone: (_view, { t, names }) => ({
    title: t("leave.undone_title"),
    body: html`<p role="status">${t("leave.undone", names)}</p>`,
  }),
  late: (_view, { t }) => ({ title: t("leave.done_title"), body: html`<p role="status">${t("leave.undo_late")}</p>` }),
};

function button(token: string, scope: "list" | "all", words: string, second = false): Html {
  return html`<form method="post" action="/u/${token}"><input type="hidden" name="do" value="leave"><input type="hidden" name="scope" value="${scope}"><button${second && html` class="second"`} type="submit">${words}</button></form>`;
}

/** A forwarded mail brings somebody else here: the page says whose address it is, masked (B68). */
function masked(view: LeaveView, t: Translate): Html {
  return view.maskedAddress
    ? html`<p class="note">${t("address_masked", { address: view.maskedAddress })}</p>`
    : html``;
}
