import { isIP } from "node:net";
import { hostName } from "./target.ts";

/**
 * What we call ourselves in EHLO (RFC 5321 4.1.1.1): the public host where it is a name with a dot, else an address literal.
 * Only letters, digits, hyphens and dots can be in it: a setting never writes a second command (GHSA-vvjj-xcjg-gr5g, B89).
 */
export function ehloName(publicUrl: string): string {
  const host = hostName(new URL(publicUrl).hostname);
  return host && !isIP(host) && host.includes(".") ? host : "[127.0.0.1]";
}
