import type { DkimSeen } from "../../db/schema/dkim.ts";
import type { Dns, DnsAnswer } from "../services.ts";
import { type DkimAlgorithm, dkimName, isSameKey } from "./dkim-record.ts";

/** Name servers of one domain that are asked. */
const MOST_SERVERS = 4;
/** Aliases that are followed: a provider's record often stands behind one. */
const MOST_ALIASES = 4;

type Key = { domain: string; selector: string; algorithm: DkimAlgorithm; public: string };

/**
 * Whether a key's record stands in the DNS, by two who are asked: the system's resolvers, which may still remember that it was not there, and the domain's own
 * name servers, which know first. Each says same, other, missing or timeout; the last is no answer and never "missing".
 */
export async function lookAtKey(dns: Dns, key: Key): Promise<DkimSeen[]> {
  const name = dkimName(key);
  const [system, authority] = await Promise.all([dns(name, "TXT"), askAuthority(dns, name)]);
  const seen = [verdict("system", system, key), verdict("authority", authority, key)];
  if (!seen.some((one) => one.found === "missing")) return seen;
  const wrong = await underWrongName(dns, key);
  return seen.map((one) => (one.found === "missing" && wrong ? { ...one, at: wrong } : one));
}

function verdict(resolver: DkimSeen["resolver"], answer: DnsAnswer<string>, key: Key): DkimSeen {
  if (answer.is === "unknown") return { resolver, found: "timeout" };
  if (answer.is === "missing") return { resolver, found: "missing" };
  if (isSameKey(answer.records, key)) return { resolver, found: "same" };
  return { resolver, found: "other", value: answer.records.join(" · ").slice(0, 1000) };
}

/** Panels add the domain by themselves: who pastes the whole name gets it twice, who cuts too much loses `_domainkey`. */
async function underWrongName(dns: Dns, key: Key): Promise<string | undefined> {
  const names = [`${dkimName(key)}.${key.domain}`, `${key.selector}.${key.domain}`, `_domainkey.${key.domain}`];
  for (const name of names) {
    const answer = await dns(name, "TXT");
    if (answer.is === "found" && answer.records.some((one) => isSameKey([one], key))) return name;
  }
  return undefined;
}

/**
 * The TXT records of a name as the zone's own name servers give them, aliases followed. When they disagree (the second one has not fetched the change yet),
 * what is missing or other counts: some receivers will see that.
 */
export async function askAuthority(dns: Dns, name: string, aliases = MOST_ALIASES): Promise<DnsAnswer<string>> {
  const servers = await nameServersOf(dns, name);
  if (servers.length === 0) return { is: "unknown" };
  const answers = await Promise.all(servers.map((address) => dns(name, "TXT", [address])));
  const missing = answers.some((one) => one.is === "missing");
  const told = answers.filter((one) => one.is === "found");
  const [first] = told;
  if (missing) {
    // Who answers for this zone alone names an alias and no more.
    const alias = aliases > 0 && !first ? await dns(name, "CNAME", servers) : undefined;
    const [to] = alias?.is === "found" ? alias.records : [];
    return to ? askAuthority(dns, to, aliases - 1) : { is: "missing" };
  }
  if (!first) return { is: "unknown" };
  const differs = told.find((one) => one.records.join("\n") !== first.records.join("\n"));
  return differs ? { is: "found", records: [...first.records, ...differs.records] } : first;
}

/** Addresses of the name servers of the zone that a name is in, found from the name upwards. None: they could not be asked for. */
async function nameServersOf(dns: Dns, name: string): Promise<string[]> {
  const labels = name.split(".");
  for (let i = 0; i < labels.length - 1; i++) {
    const answer = await dns(labels.slice(i).join("."), "NS");
    if (answer.is === "unknown") return [];
    if (answer.is === "found") return addressesOf(dns, answer.records.slice(0, MOST_SERVERS));
  }
  return [];
}

async function addressesOf(dns: Dns, hosts: string[]): Promise<string[]> {
  const answers = await Promise.all(hosts.flatMap((host) => [dns(host, "A"), dns(host, "AAAA")]));
  const addresses = hosts.map((_, i) => {
    const [four, six] = [answers[2 * i], answers[2 * i + 1]];
    // One address of each: of a host without IPv6 the other one never answers.
    return four?.is === "found" ? four.records[0] : six?.is === "found" ? six.records[0] : undefined;
  });
  return [...new Set(addresses.filter((one) => one !== undefined))];
}
