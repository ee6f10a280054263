import { Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";
import type { Dns, DnsAnswer, DnsTypes } from "../services.ts";
import { isPublicAddress } from "./address-policy.ts";

export type DnsOptions = {
  /** In place of the system's resolvers: `127.0.0.1:5353`. */
  servers?: string[];
  /** Where name servers that are asked themselves listen. */
  port?: number;
  /** Whether an address may be asked: a domain's owner writes what its name servers are, also addresses inside this network (B51). */
  mayAsk?: (address: string) => boolean;
  timeoutMs?: number;
};

/** Two tries: two and four seconds at most, then the answer is unknown. */
const TIMEOUT_MS = 2000;
const TRIES = 2;
/** There is no such name, no record of this type, or nothing can have such a name. All else (SERVFAIL, REFUSED, silence) says nothing. */
const MISSING = ["ENOTFOUND", "ENODATA", "EBADNAME"];

/** The DNS of the world outside. */
export function openDns(o: DnsOptions = {}): Dns {
  const mayAsk = o.mayAsk ?? isPublicAddress;
  return async (name, type, at) => {
    const resolver = new Resolver({ timeout: o.timeoutMs ?? TIMEOUT_MS, tries: TRIES });
    const servers = at ? at.filter(mayAsk).map((address) => withPort(address, o.port ?? 53)) : o.servers;
    if (at && servers?.length === 0) return { is: "unknown" };
    try {
      if (servers) resolver.setServers(servers);
      return (await ask(resolver, name, type)) as DnsAnswer<DnsTypes[typeof type]>;
    } catch (error) {
      return { is: MISSING.includes((error as { code?: string }).code ?? "") ? "missing" : "unknown" };
    }
  };
}

const withPort = (address: string, port: number) => (isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`);

async function ask(resolver: Resolver, name: string, type: keyof DnsTypes): Promise<DnsAnswer<unknown>> {
  const records = type === "TXT" ? (await resolver.resolveTxt(name)).map(textOf) : await resolver.resolve(name, type);
  return Array.isArray(records) && records.length > 0 ? { is: "found", records } : { is: "missing" };
}

/** The strings of one record are one text (RFC 7208 §3.3, RFC 6376 §3.6.2.2). The library reads bytes as Latin-1: curly quotes are UTF-8. */
function textOf(strings: string[]): string {
  const bytes = Buffer.from(strings.join(""), "latin1");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return bytes.toString("latin1");
  }
}
