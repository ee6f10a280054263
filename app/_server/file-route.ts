import { failure, statusOf } from "./failure.ts";
import { services } from "./services.ts";
import { currentSession, reading, type SignedIn } from "./session.ts";

type Params = Record<string, string>;
/** A file to keep: its name gets the browser's "save as", so it must be plain ASCII. */
export type DownloadFile = { name: string; type: string; body: BodyInit };

/**
 * A GET handler that answers a file to somebody signed in. Changes nothing; what goes wrong is a sentence with its status, an id of another organization is 404.
 * The verb that the run calls asks for the right.
 */
export function fileRoute<P extends Params>(
  run: (world: SignedIn, params: P, search: URLSearchParams) => Promise<DownloadFile>,
): (request: Request, context: { params: Promise<P> }) => Promise<Response> {
  return async (request, { params }) => {
    const session = await currentSession();
    if (!session?.organization) return new Response(null, { status: 401 });
    const world = reading(await services(), session, session.organization);
    try {
      return download(await run(world, await params, new URL(request.url).searchParams));
    } catch (error) {
      const said = failure(world.s, error, world.t, "file");
      return new Response(said.text, { status: statusOf(said.code) });
    }
  };
}

/** The answer that a browser saves. */
export function download({ name, type, body }: DownloadFile): Response {
  const safe = name.replace(/[^A-Za-z0-9._-]+/g, "-").slice(0, 100);
  return new Response(body, {
    headers: {
      "Content-Type": type,
      "Content-Disposition": `attachment; filename="${safe}"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}
