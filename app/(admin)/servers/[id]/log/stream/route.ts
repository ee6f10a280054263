import { serverLines } from "../../../../../../lib/delivery/server-lines.ts";
import { NotFound } from "../../../../../../lib/errors.ts";
import { hasRight } from "../../../../../../lib/users/roles.ts";
import { stillSignedIn } from "../../../../../../lib/users/still-signed-in.ts";
import { services } from "../../../../../_server/services.ts";
import { currentSession, reading, type SignedIn } from "../../../../../_server/session.ts";
import { lineText } from "../line-words.ts";

/** How often new lines are looked for; each look asks for the session again, so that a revoked one ends within seconds, and one that idles is not kept alive. */
const LOOK_MS = 2000;

/** New lines of a server's log as server-sent events, from the line that the page has. Ends with the page, or with the session. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const session = await currentSession();
  if (!session?.organization || !hasRight(session.who, "servers.see")) return new Response(null, { status: 401 });
  const s = await services();
  const [{ id }, search] = [await params, new URL(request.url).searchParams];
  const world = reading(s, session, session.organization);
  const last = request.headers.get("last-event-id") ?? search.get("after") ?? "0";
  const domain = search.get("domain") ?? undefined;
  const o = { server: id, after: /^\d{1,15}$/.test(last) ? Number(last) : 0, ...(domain ? { domain } : {}) };
  try {
    await serverLines(s, { who: world.who, ...o });
  } catch (error) {
    if (error instanceof NotFound) return new Response(null, { status: 404 });
    throw error;
  }
  return new Response(events(world, o, request.signal), {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" },
  });
}

type Asked = { server: string; after: number; domain?: string };

function events(world: SignedIn, o: Asked, signal: AbortSignal): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  let after = o.after;
  return new ReadableStream({
    start: (to) => to.enqueue(utf8.encode(": open\n\n")),
    async pull(to) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const { s, who, session } = world;
      if (signal.aborted || !(await stillSignedIn(s.db, session))) return to.close();
      const lines = await serverLines(s, { who, ...o, after });
      after = lines.at(-1)?.n ?? after;
      const text = lines.map((line) => `id: ${line.n}\ndata: ${JSON.stringify(lineText(world, line))}\n\n`).join("");
      to.enqueue(utf8.encode(text || ": still here\n\n"));
    },
  });
}
