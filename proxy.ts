import { randomBytes } from "node:crypto";
import { type NextRequest, NextResponse } from "next/server";

/** Pages of staff alone: not what people reach with a link, not routes for machines, not files. */
export const config = {
  matcher: ["/((?!_next/|api/|(?:f|c|u|m|v|a|p|l)(?:/|$)|fonts/|sprite\\.svg$|favicon\\.).*)"],
};

/** Mails shown in a sandboxed frame say themselves what they may do (app/_server/framed.ts). */
const FRAMED = /^\/(campaigns\/[^/]+\/preview|campaigns\/new\/[^/]+|sandbox\/[^/]+\/frame)$/;

/**
 * Gives each page of staff a Content-Security-Policy with a nonce of its own: Next reads it from the request and puts it on its scripts.
 * Headers and nothing else: who may see a page is asked by the page and by the verb.
 */
export function proxy(request: NextRequest): NextResponse {
  if (FRAMED.test(request.nextUrl.pathname)) return NextResponse.next();
  const nonce = randomBytes(16).toString("base64");
  const policy = policyWith(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

/** In development Next reloads through a socket, evaluates what it fetched, and draws its own tools with inline styles. */
function policyWith(nonce: string, development: boolean): string {
  const own = `'nonce-${nonce}'`;
  return [
    "default-src 'none'",
    `script-src ${own} 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : own}`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws:" : ""}`,
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
