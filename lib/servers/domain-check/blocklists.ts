import { isIPv4 } from "node:net";
import type { DomainFinding } from "../../../db/schema/dkim.ts";
import type { Dns } from "../../services.ts";
import { type Context, finding } from "./context.ts";
import { reversed } from "./ptr.ts";

/** An answer of a list: listed lies in 127.0.0.0/8; 127.255.255.0/24 is how lists refuse who asks (too much, by a public resolver). */
const isListed = (records: string[]) => records.some((one) => /^127\./.test(one) && !/^127\.255\.255\./.test(one));
const isRefusal = (records: string[]) => records.some((one) => /^127\.255\.255\./.test(one) || !/^127\./.test(one));

type Kinds = { addresses: boolean; domains: boolean; works: boolean; unknown: boolean };

/**
 * The server's public addresses and the From domain on the lists that the operator asks. Each list is tried first with the entries that RFC 5782 §5 gives it: one that
 * lists everything (they do, when they are given up) or nothing says nothing.
 */
export async function checkBlocklists(c: Context): Promise<DomainFinding[]> {
  const found = await Promise.all(c.blocklists.map((zone) => onList(c, zone)));
  return found.flat();
}

async function onList(c: Context, zone: string): Promise<DomainFinding[]> {
  const kinds = await kindsOf(c.dns, zone);
  if (!kinds.works) return [finding("blocklist", kinds.unknown ? "unknown" : "no_list", "unknown", { zone })];
  const subjects = [
    ...(kinds.addresses ? c.addresses.list.map((subject) => ({ subject, name: `${reversed(subject)}.${zone}` })) : []),
    ...(kinds.domains ? [{ subject: c.from, name: `${c.from}.${zone}` }] : []),
  ];
  const found = await Promise.all(subjects.map((one) => ofSubject(c.dns, zone, one)));
  const told = found.filter((one) => one !== undefined);
  const what = subjects.map((one) => one.subject).join(", ");
  return told.length > 0 || subjects.length === 0 ? told : [finding("blocklist", "ok", "ok", { zone, subject: what })];
}

async function kindsOf(dns: Dns, zone: string): Promise<Kinds> {
  const [listed, never, domain, noDomain] = await Promise.all(
    ["2.0.0.127", "1.0.0.127", "test", "invalid"].map((name) => dns(`${name}.${zone}`, "A")),
  );
  const is = (answer: typeof listed) => answer?.is === "found" && isListed(answer.records);
  const kinds = { addresses: is(listed) && !is(never), domains: is(domain) && !is(noDomain) };
  const unknown = [listed, domain].some(
    (one) => one?.is === "unknown" || (one?.is === "found" && isRefusal(one.records)),
  );
  return { ...kinds, unknown, works: kinds.addresses || kinds.domains };
}

async function ofSubject(
  dns: Dns,
  zone: string,
  o: { subject: string; name: string },
): Promise<DomainFinding | undefined> {
  const answer = await dns(o.name, "A");
  const facts = { zone, subject: o.subject };
  if (answer.is === "unknown" || (answer.is === "found" && isRefusal(answer.records)))
    return finding("blocklist", "unknown", "unknown", facts);
  if (answer.is === "missing") return undefined;
  const why = await dns(o.name, "TXT");
  const text = why.is === "found" ? (why.records[0] ?? "").replace(/\p{Cc}/gu, " ").slice(0, 300) : "";
  const code = isIPv4(o.subject) || o.subject.includes(":") ? "address" : "domain";
  return finding("blocklist", code, "bad", { ...facts, text });
}
