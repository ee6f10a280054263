import { isIP } from "node:net";
import type { Services } from "../services.ts";
import { isPublicAddress } from "./address-policy.ts";
import { hostName } from "./target.ts";

/** The address from which a server sees us come, and who says so: its answer to EHLO, our end of the connection, or the name in PUBLIC_URL. */
export type OurAddress = { ip: string; from: "ehlo" | "socket" | "url" };

/** The public address that an answer to EHLO greets ("250-mail.example.it Hello news [93.184.216.34]"), if it names one. */
export function greetedAddress(reply: string): string | undefined {
  const [first = ""] = reply.split("\n");
  return first.split(/[\s[\]()<>,;]+/).find((word) => isIP(word) > 0 && isPublicAddress(word));
}

/**
 * The address to authorise where a server knows us by it: what the server or the connection says, else where PUBLIC_URL leads. No other service is asked.
 * Undefined: nobody knows; behind a router it is the router's.
 */
export async function ourAddress(
  s: Services,
  seen: { ehlo?: string | undefined; socket?: string | undefined } = {},
): Promise<OurAddress | undefined> {
  if (seen.ehlo) return { ip: seen.ehlo, from: "ehlo" };
  if (seen.socket && isPublicAddress(seen.socket)) return { ip: seen.socket, from: "socket" };
  const host = hostName(new URL(s.config.PUBLIC_URL).hostname);
  const addresses = !host ? [] : isIP(host) ? [host] : await s.resolve(host).catch(() => []);
  const ip = addresses.sort((a, b) => isIP(a) - isIP(b)).find(isPublicAddress);
  return ip ? { ip, from: "url" } : undefined;
}
