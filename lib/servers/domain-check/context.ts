import { isIP } from "node:net";
import type { DomainFinding } from "../../../db/schema/dkim.ts";
import type { Dns, DnsAnswer, DnsTypes } from "../../services.ts";
import { isPublicAddress } from "../address-policy.ts";
import type { DkimKey } from "../dkim-find.ts";
import type { SigningKey } from "../dkim-sign.ts";
import type { Server } from "../types.ts";

/** Whose mail over which server is looked at: the owner's, or that of an organization that borrows it. */
export type Sender = {
  organization: string;
  /** Whose server it is. */
  owner: string;
  server: Pick<Server, "id" | "name" | "kind" | "host" | "ips" | "dkim" | "dkimDomain" | "dkimSelector">;
  fromAddress: string;
  envelopeFrom: string;
};

/** What the parts of a check share. Each question is asked once. */
export type Context = {
  dns: Dns;
  sender: Sender;
  /** Domains in A-labels: of From, of MAIL FROM. */
  from: string;
  envelope: string;
  /** Public addresses that the mail leaves from, as far as is known. `unknown`: the host's own could not be asked for. */
  addresses: { list: string[]; unknown: boolean };
  /** Our keys of From's domain: all, and those that sign now, opened. */
  keys: DkimKey[];
  signing: SigningKey[];
  blocklists: string[];
  at: Date;
};

export type State = "pass" | "fail" | "unknown";

/** Host addresses that are looked at. */
const MOST_ADDRESSES = 8;

export const finding = (
  check: string,
  code: string,
  level: DomainFinding["level"],
  facts: DomainFinding["facts"] = {},
): DomainFinding => ({ check, code, level, facts });

/** Remembers answers: the parts of a check ask the same things. */
export function askOnce(dns: Dns): Dns {
  const known = new Map<string, Promise<DnsAnswer<never>>>();
  return <T extends keyof DnsTypes>(name: string, type: T, at?: string[]) => {
    const key = `${name.toLowerCase()} ${type} ${at?.join() ?? ""}`;
    const answer = known.get(key) ?? (dns(name, type, at) as Promise<DnsAnswer<never>>);
    known.set(key, answer);
    return answer as Promise<DnsAnswer<DnsTypes[T]>>;
  };
}

/** A and AAAA of a host. */
export async function hostAddresses(dns: Dns, host: string): Promise<{ list: string[]; unknown: boolean }> {
  if (isIP(host)) return { list: [host], unknown: false };
  const answers = await Promise.all([dns(host, "A"), dns(host, "AAAA")]);
  return {
    list: answers.flatMap((one) => (one.is === "found" ? one.records : [])),
    unknown: answers.some((one) => one.is === "unknown"),
  };
}

/** The public addresses of a server's host, and those that its owner entered. One inside this network says nothing about what the world sees. */
export async function sendingAddresses(dns: Dns, server: Sender["server"]): Promise<Context["addresses"]> {
  const host = await hostAddresses(dns, server.host);
  const list = [...new Set([...server.ips, ...host.list])].filter(isPublicAddress).slice(0, MOST_ADDRESSES);
  return { list, unknown: host.unknown && list.length === 0 };
}

/** The DNS as mailauth asks it: what is missing and what is unknown have the codes that it tells apart (any other it would swallow inside an include). */
export function resolverOf(dns: Dns): (name: string, type: string) => Promise<never> {
  return async (name, type) => {
    const answer = await dns(name, type as keyof DnsTypes);
    if (answer.is === "found") return (type === "TXT" ? answer.records.map((one) => [one]) : answer.records) as never;
    throw Object.assign(new Error(answer.is), { code: answer.is === "missing" ? "ENODATA" : "ETIMEOUT" });
  };
}

/** The record as it should be: what panels, word processors and mail programs make of straight quotes is no part of a value. */
export const straightened = (text: string) =>
  text
    .replace(/["'“”„‟«»‘’‚‛`´\u00a0]+/g, " ")
    .replace(/ +/g, " ")
    .trim();
