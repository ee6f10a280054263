import { LINES, serverLines } from "../../../../../../lib/delivery/server-lines.ts";
import { NotFound } from "../../../../../../lib/errors.ts";
import { hasRight } from "../../../../../../lib/users/roles.ts";
import { stillSignedIn } from "../../../../../../lib/users/still-signed-in.ts";
import { services } from "../../../../../_server/services.ts";
import { currentSession, reading, type SignedIn } from "../../../../../_server/session.ts";
import { lineFilter } from "../line-filter.ts";
import { lineText } from "../line-words.ts";

/** How often new lines are looked for; each look asks for the session again, so that a revoked one ends within seconds, and one that idles is not kept alive. */
const LOOK_MS = 1000;

/** New lines of a server's log as server-sent events, from the line that the page has. Ends with the page, or with the session. */
export async function GET(request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const session = await currentSession();
  if (!session?.organization || !hasRight(session.who, "servers.see")) return new Response(null, { status: 401 });
  const s = await services();
  const [{ id }, search] = [await params, new URL(request.url).searchParams];
  const world = reading(s, session, session.organization);
  const last = request.headers.get("last-event-id") ?? search.get("after") ?? "";
  const asked = { server: id, after: /^\d{1,15}$/.test(last) ? Number(last) : 0, ...lineFilter(search) };
  try {
    await serverLines(s, { who: world.who, ...asked });
  } catch (error) {
    if (error instanceof NotFound) return new Response(null, { status: 404 });
    throw error;
  }
  return new Response(events(world, asked, request.signal), {
    headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" },
  });
}

type Asked = Omit<Parameters<typeof serverLines>[1], "who"> & { after: number };

function events(world: SignedIn, asked: Asked, signal: AbortSignal): ReadableStream<Uint8Array> {
  const utf8 = new TextEncoder();
  let { after } = asked;
  return new ReadableStream({
    start: (to) => to.enqueue(utf8.encode(": open\n\n")),
    async pull(to) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      const { s, who, session } = world;
      if (signal.aborted || !(await stillSignedIn(s.db, session))) return to.close();
      const lines = await serverLines(s, { ...asked, who, after });
      after = lines.at(-1)?.n ?? after;
      // As many as are read at once: of more, the oldest were left out.
      const skipped = lines.length === LINES ? "event: skipped\ndata:\n\n" : "";
      const text = lines.map((line) => `id: ${line.n}\ndata: ${JSON.stringify(lineText(world, line))}\n\n`).join("");
      // A comment is the heartbeat: it keeps proxies from cutting a quiet stream.
      to.enqueue(utf8.encode(skipped + text || ": still here\n\n"));
    },
  });
}
