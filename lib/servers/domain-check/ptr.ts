import { isIPv6 } from "node:net";
import type { DomainFinding } from "../../../db/schema/dkim.ts";
import type { Dns } from "../../services.ts";
import { type Context, finding, hostAddresses } from "./context.ts";

const MOST = 4;

/** Whether the addresses that the mail leaves from have names that lead back to them: without one Gmail and others refuse (RFC 1912 §2.1). */
export async function checkPtr(c: Context): Promise<DomainFinding[]> {
  const level = c.sender.server.kind === "dedicated" ? "bad" : "warn";
  return Promise.all(c.addresses.list.slice(0, MOST).map((address) => ofAddress(c.dns, address, level)));
}

async function ofAddress(dns: Dns, address: string, level: "bad" | "warn"): Promise<DomainFinding> {
  const answer = await dns(`${reversed(address)}.${isIPv6(address) ? "ip6" : "in-addr"}.arpa`, "PTR");
  if (answer.is === "unknown") return finding("ptr", "unknown", "unknown", { address });
  if (answer.is === "missing") return finding("ptr", "missing", level, { address });
  const host = answer.records[0] ?? "";
  const back = await hostAddresses(dns, host);
  const same = back.list.some((one) => reversed(one) === reversed(address));
  if (same) return finding("ptr", "ok", "ok", { address, host });
  return back.unknown
    ? finding("ptr", "unknown", "unknown", { address })
    : finding("ptr", "not_back", level, { address, host });
}

/** An address as zones of addresses spell it: its bytes, or its nibbles, from the end (RFC 1035 §3.5, RFC 3596 §2.5). */
export function reversed(address: string): string {
  if (!isIPv6(address)) return address.split(".").reverse().join(".");
  const [head = "", tail] = dotless(address).split("::");
  const groups = (text: string) => text.split(":").filter(Boolean);
  const [left, right] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill("0");
  const nibbles = [...left, ...zeros, ...right].map((one) => one.padStart(4, "0")).join("");
  return [...nibbles.toLowerCase()].reverse().join(".");
}

/** `::ffff:1.2.3.4` with its end in hex. */
function dotless(address: string): string {
  return address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((n) => n.toString(16)).join(":"),
  );
}
