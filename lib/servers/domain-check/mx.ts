import { isIP } from "node:net";
import type { DomainFinding } from "../../../db/schema/dkim.ts";
import { type Context, finding, hostAddresses } from "./context.ts";

/** Whether replies (From) and missed deliveries (MAIL FROM) find their way back. */
export async function checkMx(c: Context): Promise<DomainFinding[]> {
  const domains = [...new Set([c.from, c.envelope])];
  return Promise.all(domains.map((domain) => ofDomain(c, domain)));
}

async function ofDomain(c: Context, domain: string): Promise<DomainFinding> {
  const answer = await c.dns(domain, "MX");
  if (answer.is === "unknown") return finding("mx", "unknown", "unknown", { domain });
  if (answer.is === "missing") {
    const own = await hostAddresses(c.dns, domain);
    // RFC 5321 §5.1: without MX the domain's own address takes the mail; few mean that.
    if (own.list.length > 0) return finding("mx", "implicit", "warn", { domain });
    return own.unknown ? finding("mx", "unknown", "unknown", { domain }) : finding("mx", "missing", "bad", { domain });
  }
  const hosts = answer.records.map((one) => one.exchange);
  // RFC 7505: one `.` says that nobody takes mail here. Gmail and others refuse mail from such a domain.
  if (hosts.every((host) => host === "" || host === ".")) return finding("mx", "null", "bad", { domain });
  const literal = hosts.find((host) => isIP(host.replace(/\.$/, "")) > 0);
  if (literal !== undefined) return finding("mx", "address", "bad", { domain, host: literal });
  const found = await Promise.all(hosts.slice(0, 5).map((host) => hostAddresses(c.dns, host)));
  if (found.some((one) => one.list.length > 0)) return finding("mx", "ok", "ok", { domain, host: hosts[0] ?? "" });
  if (found.some((one) => one.unknown)) return finding("mx", "unknown", "unknown", { domain });
  return finding("mx", "no_host", "bad", { domain, host: hosts[0] ?? "" });
}
