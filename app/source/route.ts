import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { publicError } from "../_server/public-page.ts";
import { publicRoute } from "../_server/public-route.ts";

/**
 * The source of the running program, for whoever uses it over a network (AGPL-3.0 §13): the archive that the build made of what it built, changes
 * included; or where the operator says that it stands.
 */
export function GET(request: Request): Promise<Response> {
  return publicRoute(request, async ({ config }) => {
    if (config.SOURCE_URL) return Response.redirect(config.SOURCE_URL, 302);
    // Next would trace the whole folder.
    const path = join(/* turbopackIgnore: true */ process.cwd(), "dist", "source.tar.gz");
    const found = await stat(path).catch(() => undefined);
    if (!found) return publicError(request, 404);
    return new Response(Readable.toWeb(createReadStream(path)) as ReadableStream, {
      headers: {
        "Content-Type": "application/gzip",
        "Content-Length": String(found.size),
        "Content-Disposition": 'attachment; filename="assenso-source.tar.gz"',
      },
    });
  });
}
