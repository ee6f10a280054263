import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { installation } from "../../db/schema/installation.ts";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { isPublicAddress } from "./address-policy.ts";

/** Ports of mail submission and relay; 8081 is what some shared hosts offer where 25 is closed. */
export const SMTP_PORTS = [25, 465, 587, 2525, 8081];

/** Where a connection goes: the address that was checked, and the name that its certificate must carry. */
export type Target = { address: string; port: number; servername: string };

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The one spelling of a host name or IP address, or undefined. Every other spelling of an address that a resolver would accept
 * (127.1, 0x7f.1, 2130706433, full-width or circled digits, a trailing dot, brackets) is refused or brought to its plain form (B51).
 */
export function hostName(typed: string): string | undefined {
  const text = typed
    .trim()
    .replace(/^\[([^\]]*)\]$/, "$1")
    .toLowerCase();
  if (text.length === 0 || text.length > 253) return undefined;
  if (isIP(text)) return text.includes("%") ? undefined : text;
  const ascii = domainToASCII(text); // UTS #46; also turns ①②⑦.⓪.⓪.① and 0x7f.1 into what they mean
  if (!ascii) return undefined;
  if (isIP(ascii)) return ascii;
  const labels = ascii.split(".");
  if (!labels.every((label) => LABEL.test(label))) return undefined;
  return /^\d+$|^0x/.test(labels.at(-1) ?? "") ? undefined : ascii;
}

/**
 * Decides where a connection to a sending server may go. The caller connects to `address` and to nothing else, so that a name which answers
 * differently the next time (DNS rebinding) leads nowhere; TLS is checked against `servername`.
 *
 * @param o ports: those allowed instead of the ports of SMTP
 * @throws DomainError SERVER_HOST_INVALID · SERVER_PORT_REFUSED · SERVER_HOST_UNKNOWN (no address) · SERVER_HOST_REFUSED (a private, local or special address)
 */
export async function checkTarget(
  s: Services,
  o: { host: string; port: number; ports?: readonly number[] },
): Promise<Target> {
  const host = hostName(o.host);
  if (!host) throw new DomainError("SERVER_HOST_INVALID", { field: "host" });
  const allowed = await isAllowed(s, host, o.port);
  if (!allowed && !(o.ports ?? SMTP_PORTS).includes(o.port))
    throw new DomainError("SERVER_PORT_REFUSED", { port: o.port, field: "port" });
  const addresses = isIP(host) ? [host] : await s.resolve(host).catch(() => []);
  const [address] = [...addresses].sort((a, b) => isIP(a) - isIP(b));
  if (!address) throw new DomainError("SERVER_HOST_UNKNOWN", { field: "host" });
  // One bad address among good ones is how a rebinding name looks: all must be public.
  if (!allowed && !addresses.every(isPublicAddress)) throw new DomainError("SERVER_HOST_REFUSED", { field: "host" });
  return { address, port: o.port, servername: host };
}

/** Whether the operator put this host and port on the list, in /installation or in ASSENSO_SMTP_ALLOW. */
async function isAllowed(s: Services, host: string, port: number): Promise<boolean> {
  const wanted = `${host}:${port}`;
  if (s.config.ASSENSO_SMTP_ALLOW.some((one) => `${hostName(one.host)}:${one.port}` === wanted)) return true;
  const [row] = await s.db.select({ allow: installation.smtpAllow }).from(installation);
  return (row?.allow ?? []).some((pair) => {
    const [, name, number] = /^(.+):(\d+)$/.exec(pair) ?? [];
    return name !== undefined && `${hostName(name)}:${Number(number)}` === wanted;
  });
}
