import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";
import { networkOf } from "../../lib/forms/sign-up.ts";
import { crossOrigin } from "./hygiene.ts";

/** Where a request comes from, as our own server saw it (never as the visitor says it). */
export type Origin = {
  /** Address, whole; undefined where nothing stands in front (tests, development). */
  ip?: string;
  /** What limits count: the IPv4 address, or the /64 of an IPv6 one. */
  network?: string;
  userAgent?: string;
};

type Head = Pick<Headers, "get">;

export function originOf(head: Head): Origin {
  const ip = head.get("x-client-ip") ?? "";
  const userAgent = head.get("user-agent")?.slice(0, 300);
  return { ...(isIP(ip) ? { ip, network: networkOf(ip) } : {}), ...(userAgent ? { userAgent } : {}) };
}

/**
 * Whether a request that changes something comes from a page of ours. Stricter than our HTTP server, which lets machines in: here a request
 * without Origin is refused (B79: Next lets such an action through).
 */
export function fromOurPages(head: Head, appUrl: string): boolean {
  const said: IncomingHttpHeaders = {};
  for (const name of ["origin", "host", "cookie", "sec-fetch-site"] as const) {
    const value = head.get(name);
    if (value !== null) said[name] = value;
  }
  return said.origin !== undefined && crossOrigin(said, appUrl) === undefined;
}
