import { type LeaveView, leave, readLeaveToken, showLeave } from "../../lib/consent/leave.ts";
import { undoLeave } from "../../lib/consent/undo-leave.ts";
import { isUuid } from "../../lib/crypto/uuid.ts";
import type { Services } from "../../lib/services.ts";
import { type LeaveState, leavePage } from "./leave-page.ts";
import { publicError, publicLocale } from "./public-page.ts";
import { factsOf, publicRoute, readAtMost } from "./public-route.ts";

/** What a POST may bring; more is not read, and the person is out all the same (design: §6, Links). */
export const LEAVE_BODY = 65_536;

/**
 * RFC 8058 §3.1: a POST to this address with a good token leaves, whatever its body says: no session, no cookie, no redirect, 200, as often as it
 * is repeated. Only the page's own button sends one more field, and is answered with the page that says so.
 */
export function leavePost(request: Request, token: string): Promise<Response> {
  return publicRoute(request, async (s) => {
    if (!readLeaveToken(s, token)) return publicError(request, 404);
    const sent = await fields(request);
    const scope = sent?.get("scope") === "all" ? "all" : "list";
    const pressed = sent?.get("do");
    if (pressed === "undo") return undone(s, request, { token, scope, event: String(sent?.get("event")) });
    const method = pressed === "leave" ? "unsub_page" : "one_click_post";
    await leave(s, { token, scope, method, request: factsOf(request) });
    if (pressed !== "leave") return new Response("Unsubscribed\n", { headers: PLAIN });
    const view = await showLeave(s, { token, scope }).catch(() => undefined);
    return answerPage(request, view ?? { organization: undefined, list: undefined }, { token, scope, state: "done" });
  });
}

const PLAIN = {
  "Content-Type": "text/plain; charset=utf-8",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
};

/** The fields of a body that is a form; a body that is none, or too large, has no fields and stops nobody. */
async function fields(request: Request): Promise<FormData | undefined> {
  const body = await readAtMost(request, LEAVE_BODY).catch(() => undefined);
  const type = request.headers.get("content-type") ?? "";
  if (!body || body.length === 0) return undefined;
  return new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData().catch(() => undefined);
}

async function undone(s: Services, request: Request, o: { token: string; scope: "list" | "all"; event: string }) {
  const back = isUuid(o.event) && (await undoLeave(s, { token: o.token, event: o.event, request: factsOf(request) }));
  const view = await showLeave(s, { token: o.token, scope: o.scope });
  return view ? answerPage(request, view, { ...o, state: back ? "undone" : "late" }) : publicError(request, 404);
}

/** The page, in the language of the list or the organization. */
export function answerPage(
  request: Request,
  view: LeaveView,
  o: { token: string; scope: "list" | "all"; state: LeaveState },
): Response {
  return leavePage(view, {
    ...o,
    locale: publicLocale(request, view.list?.locale ?? view.organization?.locale ?? "it"),
  });
}
