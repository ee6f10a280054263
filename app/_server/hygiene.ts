import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import proxyaddr from "proxy-addr";

/** `public`: reached with a link or a form, no session, no script. `page`: staff, signed in or about to. `static`: built files. */
export type Kind = "public" | "page" | "auth" | "api" | "static" | "health";

export type Raw = { method: string; url: string; headers: IncomingHttpHeaders; peer: string };
export type Refusal = { status: 400 | 403 | 404 | 405 | 413 | 414; why: string };
export type Passed = { kind: Kind; path: string; headers: IncomingHttpHeaders };

/** @param peer address of the socket @param trusts whether an address is a reverse proxy of ours */
export type Rules = { appUrl: string; trusts: (address: string, hop: number) => boolean };

/** First segments of what people reach with a link (design: form, confirm, leave, my data, view, archive, privacy, ledger; the source). */
const PUBLIC = new Set(["f", "c", "u", "m", "v", "a", "p", "l", "source"]);

/** The routes of next-auth that the program uses; the others exist whether wanted or not. */
const AUTH = new Map([
  ["/api/auth/csrf", ["GET"]],
  ["/api/auth/session", ["GET"]],
  ["/api/auth/callback/credentials", ["POST"]],
  ["/api/auth/signout", ["POST"]],
]);

const READING = new Set(["GET", "HEAD"]);
const METHODS: Record<Kind, ReadonlySet<string>> = {
  public: new Set(["GET", "HEAD", "POST"]),
  page: new Set(["GET", "HEAD", "POST"]),
  auth: new Set(["GET", "HEAD", "POST"]),
  api: new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
  static: READING,
  health: READING,
};

/** Said by whoever stands before us, or by nobody: never by a visitor. */
const DROP =
  /^(forwarded|x-forwarded-.*|x-real-ip|x-client-ip(-from)?|x-left-open|x-original-.*|x-rewrite-url|x-http-method.*|x-method-override|x-nonce|x-middleware-.*|x-invoke-.*|x-matched-path|x-now-.*|x-vercel-.*|x-nextjs-.*|next-resume|content-security-policy)$/;
/** What Next's own client sends; outside signed-in pages it turns an answer into a redirect or a fragment. */
const NEXT_CLIENT = /^(rsc|next-.*)$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const NOT_IN_A_URL = /[\x00-\x20\x7f-\uffff\\#]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const NOT_IN_A_PATH = /[\x00-\x1f\x7f-\x9f\\]|\/\/|\/\.{1,2}(\/|$)/;

/**
 * Decides over a request before anything else sees it: refuses what is malformed, foreign or not ours, drops headers that only we may
 * set, and says who asks (`x-client-ip`, whole; `x-client-ip-from`: socket or proxy; `x-left-open`: nobody, a page asks by itself). Pure: reads nothing but its arguments.
 *
 * @returns the answer to give at once, or the headers that the rest of the program may see
 */
export function inspect(raw: Raw, rules: Rules): { refused: Refusal } | { passed: Passed } {
  const path = decodedPath(raw.url);
  if (typeof path !== "string") return { refused: path };
  const kind = kindOf(path);
  if (!kind) return refused(404, "no such path");
  if (!METHODS[kind].has(raw.method)) return refused(405, `${raw.method} is not served here`);
  if (kind === "auth" && !AUTH.get(path)?.includes(raw.method === "HEAD" ? "GET" : raw.method))
    return refused(404, "no such path");
  if (!READING.has(raw.method) && kind !== "public") {
    const foreign = crossOrigin(raw.headers, rules.appUrl);
    if (foreign) return refused(403, foreign);
  }
  return { passed: { kind, path, headers: cleaned(raw, kind, rules) } };
}

/** The path, decoded, so that no spelling of it passes for another one; or what is wrong with the URL. A NUL in the query would reach the database. */
function decodedPath(url: string): string | Refusal {
  if (url.length > 8000) return { status: 414, why: "the address is too long" };
  const bad: Refusal = { status: 400, why: "the address is malformed" };
  const [path = "", ...query] = url.split("?");
  if (!path.startsWith("/") || NOT_IN_A_URL.test(url) || /%00/i.test(query.join("?"))) return bad;
  try {
    const decoded = decodeURIComponent(path);
    return NOT_IN_A_PATH.test(decoded) ? bad : decoded;
  } catch {
    return bad;
  }
}

/** @returns undefined for what nobody serves here: Next's fragments, data and image routes */
export function kindOf(path: string): Kind | undefined {
  if (path === "/healthz" || path === "/readyz") return "health";
  if (/\.rsc$|\.segments(\/|$)/i.test(path)) return undefined;
  const [first = "", second = ""] = path.slice(1).split("/");
  if (first === "_next") return second === "static" ? "static" : undefined;
  if (first === "api") return second === "auth" ? "auth" : "api";
  return PUBLIC.has(first) ? "public" : "page";
}

/**
 * Why a request that changes something is not from our own pages, or undefined. `null` (a sandboxed frame, a redirect across origins) is
 * foreign. Without an Origin only a machine asks, and a machine brings no cookie.
 */
export function crossOrigin(headers: IncomingHttpHeaders, appUrl: string): string | undefined {
  const { origin } = headers;
  if (headers["sec-fetch-site"] === "cross-site") return "the request comes from another site";
  if (origin === undefined)
    return headers.cookie === undefined ? undefined : "the request does not say where it comes from";
  if (origin === appUrl || sameMachine(origin, appUrl, headers.host)) return undefined;
  return `the request comes from another address than ${appUrl}`;
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** APP_URL says localhost and the browser 127.0.0.1: the same page under its other name, when it was also asked for by that name. */
function sameMachine(origin: string, appUrl: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const [here, app] = [new URL(origin), new URL(appUrl)];
  if (here.host !== host) return false;
  return (
    LOOPBACK.has(app.hostname) &&
    LOOPBACK.has(here.hostname) &&
    here.port === app.port &&
    here.protocol === app.protocol
  );
}

function cleaned(raw: Raw, kind: Kind, rules: Rules): IncomingHttpHeaders {
  const kept = Object.entries(raw.headers).filter(
    ([name]) => !DROP.test(name) && (kind === "page" || !NEXT_CLIENT.test(name)),
  );
  const headers: IncomingHttpHeaders = Object.fromEntries(kept);
  const { ip, from } = clientIp(raw, rules);
  if (ip) Object.assign(headers, { "x-client-ip": ip, "x-client-ip-from": from });
  if (kind === "page" && asksByItself(raw)) headers["x-left-open"] = "yes";
  // Next compares an action's Origin with Host; what passed the check above is ours, whatever the proxy made of Host.
  if (kind === "page" && raw.method === "POST" && headers.origin) headers.host = new URL(headers.origin).host;
  return headers;
}

/**
 * Whether a page that stands open asks, and no person: for events of a stream, or for all of itself anew (Next's `router.refresh()`, which marks the root of its tree).
 * Such a request is answered like any other, and does not keep a session from idling out.
 */
function asksByItself({ method, headers }: Pick<Raw, "method" | "headers">): boolean {
  if (method !== "GET") return false;
  if (headers.accept === "text/event-stream") return true;
  try {
    return (JSON.parse(decodeURIComponent(String(headers["next-router-state-tree"]))) as unknown[])[3] === "refetch";
  } catch {
    return false;
  }
}

/**
 * Who asks: the right-most address that no proxy of ours stands at. An IPv6 address is given whole, an IPv4 one without `::ffff:`.
 * What is no address (a proxy hands on whatever it was told) counts as not said.
 */
export function clientIp(
  raw: Pick<Raw, "headers" | "peer">,
  rules: Pick<Rules, "trusts">,
): { ip: string; from: "socket" | "proxy" } {
  const peer = bare(raw.peer);
  const forwarded = String(raw.headers["x-forwarded-for"] ?? "");
  const request = { headers: { "x-forwarded-for": forwarded }, socket: { remoteAddress: peer } };
  const found = forwarded && rules.trusts(peer, 0) ? bare(proxyaddr(request as never, rules.trusts)) : peer;
  return isIP(found) && found !== peer ? { ip: found, from: "proxy" } : { ip: isIP(peer) ? peer : "", from: "socket" };
}

function bare(address: string): string {
  const plain = address.trim().replace(/%.*$/, "");
  return /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(plain) ? plain.slice(7) : plain.toLowerCase();
}

function refused(status: Refusal["status"], why: string): { refused: Refusal } {
  return { refused: { status, why } };
}
