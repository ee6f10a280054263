import { type LeaveView, leave, readLeaveToken, showLeave } from "../../../lib/consent/leave.ts";
import { undoLeave } from "../../../lib/consent/undo-leave.ts";
import { isUuid } from "../../../lib/crypto/uuid.ts";
import type { Services } from "../../../lib/services.ts";
import { publicError, publicLocale } from "../../_server/public-page.ts";
import { factsOf, publicRoute, readAtMost } from "../../_server/public-route.ts";
import { type LeaveState, leavePage } from "./leave-page.ts";

type Context = { params: Promise<{ token: string }> };

/** What a POST may bring; more is not read, and the person is out all the same (design: §6, Links). */
const BODY = 65_536;

/** One button. Looking changes nothing, however often, with or without script (B66). */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    const { token } = await params;
    const view = await showLeave(s, { token });
    if (!view) return publicError(request, 404);
    const state = view.leftAt ? "done" : "asking";
    return page(request, view, { token, state, scope: "list" });
  });
}

/**
 * RFC 8058 §3.1: a POST to this address with a good token leaves, whatever its body says: no session, no cookie, no redirect, 200, as often as it
 * is repeated. Only the page's own button sends one more field, and is answered with the page that says so.
 */
export function POST(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    const { token } = await params;
    if (!readLeaveToken(s, token)) return publicError(request, 404);
    const sent = await fields(request);
    const scope = sent?.get("scope") === "all" ? "all" : "list";
    const pressed = sent?.get("do");
    if (pressed === "undo") return undone(s, request, { token, scope, event: String(sent?.get("event")) });
    const method = pressed === "leave" ? "unsub_page" : "one_click_post";
    await leave(s, { token, scope, method, request: factsOf(request) });
    if (pressed !== "leave") return new Response("Unsubscribed\n", { headers: PLAIN });
    const view = await showLeave(s, { token, scope }).catch(() => undefined);
    return page(request, view ?? { organization: undefined, list: undefined }, { token, scope, state: "done" });
  });
}

const PLAIN = {
  "Content-Type": "text/plain; charset=utf-8",
  "Cache-Control": "no-store",
  "Referrer-Policy": "no-referrer",
};

/** The fields of a body that is a form; a body that is none, or too large, has no fields and stops nobody. */
async function fields(request: Request): Promise<FormData | undefined> {
  const body = await readAtMost(request, BODY).catch(() => undefined);
  const type = request.headers.get("content-type") ?? "";
  if (!body || body.length === 0) return undefined;
  return new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData().catch(() => undefined);
}

async function undone(s: Services, request: Request, o: { token: string; scope: "list" | "all"; event: string }) {
  const back = isUuid(o.event) && (await undoLeave(s, { token: o.token, event: o.event, request: factsOf(request) }));
  const view = await showLeave(s, { token: o.token, scope: o.scope });
  return view ? page(request, view, { ...o, state: back ? "undone" : "late" }) : publicError(request, 404);
}

function page(
  request: Request,
  view: LeaveView,
  o: { token: string; scope: "list" | "all"; state: LeaveState },
): Response {
  return leavePage(view, {
    ...o,
    locale: publicLocale(request, view.list?.locale ?? view.organization?.locale ?? "it"),
  });
}
