import { isIP, isIPv6 } from "node:net";
import type { DomainFinding } from "../../../db/schema/dkim.ts";
import { type Context, finding, resolverOf, type State, straightened } from "./context.ts";
import {
  asks,
  isSpf,
  meantAsSpf,
  mergedSpf,
  spfTerms,
  targetOf,
  unknownTerms,
  withTerm,
  withTerms,
} from "./spf-record.ts";

/** RFC 7208 §4.6.4. */
const MOST_LOOKUPS = 10;
const MOST_DEPTH = 10;

type Spf = { state: State; findings: DomainFinding[] };

/** SPF of the MAIL FROM domain for the addresses that the server sends from; mailauth evaluates, the record is read beside it for what a person can mend. */
export async function checkSpf(c: Context): Promise<Spf> {
  const answer = await c.dns(c.envelope, "TXT");
  const domain = c.envelope;
  if (answer.is === "unknown")
    return { state: "unknown", findings: [finding("spf", "unknown", "unknown", { domain })] };
  const texts = answer.is === "found" ? answer.records : [];
  const records = texts.filter(isSpf);
  const [record] = records;
  if (record === undefined) return { state: "fail", findings: [await absent(c, texts)] };
  if (records.length > 1) {
    const facts = { domain, n: records.length, name: domain, record: mergedSpf(records) };
    return { state: "fail", findings: [finding("spf", "two", "bad", facts)] };
  }
  const mended = await faults(c, record);
  const { state, found } = await evaluate(c, record);
  return { state, findings: [...found, ...mended] };
}

/** No record that a receiver would take: because somebody wrote it with the wrong quotes, under the wrong name, or not at all. */
async function absent(c: Context, texts: string[]): Promise<DomainFinding> {
  const domain = c.envelope;
  const meant = texts.find(meantAsSpf);
  if (meant !== undefined)
    return finding("spf", "quotes", "bad", {
      domain,
      name: domain,
      found: meant.slice(0, 300),
      record: straightened(meant),
    });
  const twice = `${domain}.${domain}`;
  const other = await c.dns(twice, "TXT");
  const record = other.is === "found" ? other.records.find(isSpf) : undefined;
  if (record !== undefined) return finding("spf", "wrong_name", "bad", { domain, at: twice, name: domain, record });
  const mx = await c.dns(domain, "MX");
  const words = ["v=spf1", ...(mx.is === "found" ? ["mx"] : []), ...wordsFor(c), "~all"];
  return finding("spf", "missing", "bad", { domain, name: domain, record: words.join(" ") });
}

/** What lets this server's addresses through: its host by name where it has one, then what the owner entered. */
function wordsFor(c: Context): string[] {
  const { host, ips } = c.sender.server;
  const byAddress = (one: string) => (isIPv6(one) ? `ip6:${one}` : `ip4:${one}`);
  const known = c.addresses.list.filter((one) => ips.includes(one) || one === host);
  return [...(isIP(host) ? [] : [`a:${host}`]), ...known.map(byAddress)];
}

async function evaluate(c: Context, record: string): Promise<{ state: State; found: DomainFinding[] }> {
  const domain = c.envelope;
  const { list } = c.addresses;
  if (list.length === 0)
    return {
      state: "unknown",
      found: [finding("spf", "no_address", "unknown", { domain, host: c.sender.server.host })],
    };
  const resolver = resolverOf(c.dns);
  // mailauth costs each process that starts 0.15 s of CPU, and is asked once a night.
  const { spf } = await import("mailauth/lib/spf/index.js");
  const results = await Promise.all(
    list.map(async (ip) => {
      const said = await spf({
        sender: c.sender.envelopeFrom,
        ip,
        helo: c.sender.server.host,
        mta: "assenso",
        resolver,
      });
      return { ip, result: said.status.result as string };
    }),
  );
  const of = (...wanted: string[]) => results.filter((one) => wanted.includes(one.result)).map((one) => one.ip);
  const [passed, unknown, broken] = [of("pass"), of("temperror"), of("permerror")];
  const refused = list.filter((ip) => !passed.includes(ip) && !unknown.includes(ip));
  const facts = { domain, name: domain, addresses: refused.join(", "), record: withTerms(record, wordsFor(c)) };
  if (broken.length > 0 && passed.length === 0)
    return { state: "fail", found: [finding("spf", "broken", "bad", { domain, found: record })] };
  if (passed.length === list.length)
    return { state: "pass", found: [finding("spf", "ok", "ok", { domain, addresses: list.join(", ") })] };
  if (passed.length > 0)
    return {
      state: "pass",
      found:
        refused.length > 0
          ? [finding("spf", "some", "warn", facts)]
          : [finding("spf", "ok", "ok", { domain, addresses: passed.join(", ") })],
    };
  if (unknown.length > 0) return { state: "unknown", found: [finding("spf", "unknown", "unknown", { domain })] };
  return { state: "fail", found: [finding("spf", "not_listed", "bad", facts)] };
}

/** What is wrong with the record itself, each with the record as it should be. */
async function faults(c: Context, record: string): Promise<DomainFinding[]> {
  const domain = c.envelope;
  const terms = spfTerms(record);
  const facts = { domain, name: domain };
  const found: DomainFinding[] = [];
  const unknown = unknownTerms(terms);
  if (unknown.length > 0)
    found.push(
      finding("spf", "word", "bad", {
        ...facts,
        word: unknown.join(" "),
        record: straightened(unknown.reduce((text, word) => withTerm(text, word, ""), record)),
      }),
    );
  const all = terms.find((one) => one.name === "all" && !one.modifier);
  const redirect = terms.some((one) => one.name === "redirect");
  if (all?.qualifier === "+")
    found.push(finding("spf", "plus_all", "bad", { ...facts, record: withTerm(record, all.text, "~all") }));
  if (all?.qualifier === "?")
    found.push(finding("spf", "neutral_all", "warn", { ...facts, record: withTerm(record, all.text, "~all") }));
  if (!all && !redirect) found.push(finding("spf", "no_all", "warn", { ...facts, record: `${record.trim()} ~all` }));
  if (terms.some((one) => one.name === "ptr")) found.push(finding("spf", "ptr", "warn", facts));
  const targets = await Promise.all(terms.map((term) => target(c, record, term)));
  found.push(...targets.flatMap((one) => one ?? []));
  const n = await lookups(c, record, domain, 0);
  if (n > MOST_LOOKUPS) found.push(finding("spf", "too_many", "bad", { ...facts, n }));
  return found;
}

type Term = ReturnType<typeof spfTerms>[number];

/** A word that names a host or a domain where there is nothing of what it asks for. */
async function target(c: Context, record: string, term: Term): Promise<DomainFinding | undefined> {
  const host = term.value ? targetOf(term, c.envelope) : undefined;
  if (host === undefined || !["a", "mx", "include"].includes(term.name) || term.modifier) return undefined;
  const facts = { domain: c.envelope, name: c.envelope, word: term.text, host };
  if (term.name === "include") {
    const answer = await c.dns(host, "TXT");
    const missing = answer.is === "missing" || (answer.is === "found" && !answer.records.some(isSpf));
    return missing
      ? finding("spf", "include_missing", "bad", { ...facts, record: straightened(withTerm(record, term.text, "")) })
      : undefined;
  }
  const [mx, a, aaaa] = await Promise.all([c.dns(host, "MX"), c.dns(host, "A"), c.dns(host, "AAAA")]);
  const hasAddress = a.is === "found" || aaaa.is === "found";
  const noAddress = a.is === "missing" && aaaa.is === "missing";
  // The provider's own page proposes `mx:mail.…`: a host has addresses, a domain has mail exchangers.
  if (term.name === "mx" && mx.is === "missing" && hasAddress)
    return finding("spf", "mx_without_mx", "bad", {
      ...facts,
      record: withTerm(record, term.text, term.text.replace(/mx/i, "a")),
    });
  if (noAddress && (term.name === "a" || mx.is === "missing"))
    return finding("spf", "target_missing", "warn", {
      ...facts,
      record: straightened(withTerm(record, term.text, "")),
    });
  return undefined;
}

/** How many look-ups a record may cost a receiver, all that it includes counted in. What cannot be asked costs what is seen of it. */
async function lookups(c: Context, record: string, domain: string, depth: number): Promise<number> {
  if (depth > MOST_DEPTH) return MOST_LOOKUPS + 1;
  let n = 0;
  for (const term of spfTerms(record).filter(asks)) {
    n++;
    const inner = term.name === "include" || term.name === "redirect" ? targetOf(term, domain) : undefined;
    const answer = inner && n <= MOST_LOOKUPS ? await c.dns(inner, "TXT") : undefined;
    const included = answer?.is === "found" ? answer.records.find(isSpf) : undefined;
    if (included !== undefined) n += await lookups(c, included, inner ?? domain, depth + 1);
  }
  return n;
}
