import { request } from "node:https";
import { isIPv6 } from "node:net";
import { parsePolicy, validateMx } from "mailauth/lib/mta-sts.js";
import type { DomainFinding } from "../../../db/schema/dkim.ts";
import { isPublicAddress } from "../address-policy.ts";
import { tagList } from "../dkim-record.ts";
import { type Context, finding, hostAddresses } from "./context.ts";

/** The policy file of a domain from an address that was checked. @throws when it cannot be had */
export type FetchPolicy = (o: { host: string; address: string; port?: number; ca?: string }) => Promise<string>;

const TIMEOUT_MS = 10_000;
/** RFC 8461 §3.2 has no limit; a policy is some hundred bytes. */
const MOST_BYTES = 64 * 1024;

/** RFC 8461 §3.3: HTTPS with a valid certificate, no redirect. The connection goes to the address that was looked at, and to no other. */
export const fetchPolicy: FetchPolicy = ({ host, address, port = 443, ca }) =>
  new Promise((resolve, reject) => {
    const family = isIPv6(address) ? 6 : 4;
    const asked = request({
      ...{
        host,
        port,
        ...(ca ? { ca } : {}),
        servername: host,
        path: "/.well-known/mta-sts.txt",
        timeout: TIMEOUT_MS,
        agent: false,
      },
      lookup: (_, options, found) =>
        options.all
          ? found(null, [{ address, family }])
          : (found as (e: null, a: string, f: number) => void)(null, address, family),
    });
    asked.on("timeout", () => asked.destroy(new Error("timeout")));
    asked.on("error", reject);
    asked.on("response", (answer) => {
      let text = "";
      if (answer.statusCode !== 200) return asked.destroy(new Error(`status ${answer.statusCode}`));
      answer.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
        if (text.length > MOST_BYTES) asked.destroy(new Error("too long"));
      });
      answer.on("end", () => resolve(text));
      answer.on("error", reject);
    });
    asked.end();
  });

/** MTA-STS of the From domain: whether mail that comes back to it must be encrypted, and whether its policy keeps any of it out. */
export async function checkMtaSts(c: Context, fetch: FetchPolicy): Promise<DomainFinding> {
  const domain = c.from;
  const answer = await c.dns(`_mta-sts.${domain}`, "TXT");
  if (answer.is === "unknown") return finding("mta_sts", "unknown", "unknown", { domain });
  const records = answer.is === "found" ? answer.records.filter((one) => /^v\s*=\s*STSv1\b/.test(one)) : [];
  const name = `_mta-sts.${domain}`;
  if (records.length === 0) return finding("mta_sts", "none", "ok", { domain });
  if (records.length > 1 || !/^[A-Za-z0-9]{1,32}$/.test(tagList(records[0] ?? "")?.get("id") ?? ""))
    return finding("mta_sts", "record", "warn", { domain, name });
  const host = `mta-sts.${domain}`;
  const found = await hostAddresses(c.dns, host);
  const address = found.list.find(isPublicAddress);
  if (!address)
    return found.unknown
      ? finding("mta_sts", "unknown", "unknown", { domain })
      : finding("mta_sts", "no_file", "warn", { domain, host });
  const text = await fetch({ host, address }).catch(() => undefined);
  if (text === undefined) return finding("mta_sts", "no_file", "warn", { domain, host });
  return ofPolicy(c, text);
}

async function ofPolicy(c: Context, text: string): Promise<DomainFinding> {
  const domain = c.from;
  const policy = parsed(text);
  if (!policy) return finding("mta_sts", "policy", "warn", { domain });
  const mx = await c.dns(domain, "MX");
  const hosts = mx.is === "found" ? mx.records.map((one) => one.exchange) : [];
  const out = hosts.filter((host) => !validateMx(host, policy).valid);
  const facts = { domain, mode: policy.mode, host: out.join(", ") };
  if (out.length > 0) return finding("mta_sts", "mx_out", policy.mode === "enforce" ? "bad" : "warn", facts);
  return finding("mta_sts", "ok", "ok", facts);
}

function parsed(text: string) {
  try {
    return parsePolicy(text);
  } catch {
    return undefined;
  }
}
