import { showLeave } from "../../../lib/consent/leave.ts";
import { answerPage, leavePost } from "../../_server/leave-post.ts";
import { publicError } from "../../_server/public-page.ts";
import { publicRoute } from "../../_server/public-route.ts";

type Context = { params: Promise<{ token: string }> };

/** One button. Looking changes nothing, however often, with or without script (B66). */
export function GET(request: Request, { params }: Context): Promise<Response> {
  return publicRoute(request, async (s) => {
    const { token } = await params;
    const view = await showLeave(s, { token });
    if (!view) return publicError(request, 404);
    const state = view.leftAt ? "done" : "asking";
    return answerPage(request, view, { token, state, scope: "list" });
  });
}

/** Leaves. Our own server answers it before Next is asked (app/_server/answer-leave.ts): the same function, for whoever runs the routes alone. */
export async function POST(request: Request, { params }: Context): Promise<Response> {
  return leavePost(request, (await params).token);
}
