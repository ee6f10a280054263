import { isIP } from "node:net";
import type { RequestFacts } from "../../lib/consent/types.ts";
import { NotFound } from "../../lib/errors.ts";
import { networkOf } from "../../lib/forms/sign-up.ts";
import type { Services } from "../../lib/services.ts";
import { publicError } from "./public-page.ts";
import { services } from "./services.ts";

/** Codes of PostgreSQL and the network that mean: not now. */
const AWAY = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|ETIMEDOUT|57P0[123]|08\d{3}|53\d{3})$/;

/**
 * Runs a public route: what it throws becomes a page in the visitor's language. The unexpected is logged with an id, and the page shows the id;
 * the log names the error's class and code, never its text (a driver quotes values there).
 */
export async function publicRoute(request: Request, run: (s: Services) => Promise<Response>): Promise<Response> {
  let s: Services | undefined;
  try {
    s = await services();
    return await run(s);
  } catch (error) {
    if (error instanceof NotFound) return publicError(request, 404);
    if (error instanceof BadBody) return publicError(request, error.status);
    const code = String((error as { code?: unknown }).code ?? "");
    if (AWAY.test(code)) return publicError(request, 503);
    const id = crypto.randomUUID().slice(0, 8);
    const where = String((error as Error).stack ?? "")
      .split("\n")
      .slice(1, 4)
      .join(" | ");
    if (s) s.log.error("public.unexpected", { id, name: (error as Error).name, code, where });
    else process.stderr.write(`${JSON.stringify({ event: "public.unexpected", id, code, where })}\n`);
    return publicError(request, 500, id);
  }
}

export class BadBody extends Error {
  readonly status: 400 | 413;
  constructor(status: 400 | 413) {
    super("the body cannot be read");
    this.status = status;
  }
}

/**
 * Reads a form body, urlencoded or multipart, at most so many bytes.
 * @throws BadBody 413 when it is larger, 400 when it is no form
 */
export async function readForm(request: Request, most: number): Promise<FormData> {
  const body = await readAtMost(request, most);
  if (body === undefined) throw new BadBody(413);
  const type = request.headers.get("content-type") ?? "application/x-www-form-urlencoded";
  try {
    return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  } catch {
    throw new BadBody(400);
  }
}

/** Reads a body up to `most` bytes and no more. Undefined when there is more. */
export async function readAtMost(request: Request, most: number): Promise<Buffer | undefined> {
  if (!request.body) return Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request.body as unknown as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** How the request reached us (CC-05); the address was set by our own server, never by the visitor (AT-13). */
export function factsOf(request: Request): RequestFacts {
  const ip = request.headers.get("x-client-ip") ?? "";
  const from = request.headers.get("x-client-ip-from") === "proxy" ? "proxy" : "socket";
  const page = request.headers.get("origin");
  const [userAgent, referrer] = [request.headers.get("user-agent"), request.headers.get("referer")];
  return {
    ...(isIP(ip) ? { ip, ipFrom: from } : {}),
    ...(userAgent ? { userAgent } : {}),
    ...(referrer ? { referrer } : {}),
    ...(page && page !== "null" ? { page } : {}),
  };
}

/** What limits count as this visitor. */
export function visitorNetwork(request: Request): string | undefined {
  const ip = request.headers.get("x-client-ip") ?? "";
  return isIP(ip) ? networkOf(ip) : undefined;
}

/**
 * Whether a POST comes from a page of somebody else. A mail program's browser may send no Origin or `null` (these pages send no referrer, and
 * Chromium then says `null`): what counts there is the token.
 */
export function isForeign(request: Request, publicUrl: string): boolean {
  const origin = request.headers.get("origin");
  return (
    origin !== null && origin !== "null" && origin !== new URL(publicUrl).origin && !sameMachine(origin, publicUrl)
  );
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

function sameMachine(origin: string, publicUrl: string): boolean {
  if (!URL.canParse(origin)) return false;
  const [here, there] = [new URL(origin), new URL(publicUrl)];
  return LOOPBACK.has(here.hostname) && LOOPBACK.has(there.hostname) && here.port === there.port;
}
