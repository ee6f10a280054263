import type { DomainFinding } from "../../../db/schema/dkim.ts";
import { type Context, finding, type State, straightened } from "./context.ts";
import { type DmarcRecord, isDmarc, meantAsDmarc, modernised, readDmarc } from "./dmarc-record.ts";

/** RFC 9989 §4.10: eight questions at most. */
const MOST_LABELS = 7;

/** What a walk up the tree found: the record at each name that has one, the longest name first. */
type Walk = { records: { domain: string; record: DmarcRecord }[]; unknown: boolean };

/** DMARC of a From domain: the record that counts, and which domains belong to the same owner. */
export type Dmarc = { record: DmarcRecord | undefined; at: string; organizational: string; unknown: boolean };

export type Signed = { spf: { state: State; domain: string }; dkim: { state: State; domain: string | undefined } };

/** Walks from a domain towards the root (RFC 9989 §4.10). The library's own search knows the list of public suffixes of RFC 7489, and forgets `s` (strict). */
async function walk(c: Context, domain: string): Promise<Walk> {
  const labels = domain.split(".");
  const names = labels.map((_, i) => labels.slice(i).join("."));
  const asked = [domain, ...names.slice(1).filter((one) => one.split(".").length <= MOST_LABELS)];
  const found: Walk = { records: [], unknown: false };
  for (const name of asked) {
    const answer = await c.dns(`_dmarc.${name}`, "TXT");
    if (answer.is === "unknown") found.unknown = true;
    const valid = answer.is === "found" ? answer.records.filter(isDmarc) : [];
    // Several are none (§4.7).
    const record = valid.length === 1 ? readDmarc(valid[0] ?? "") : undefined;
    if (record) found.records.push({ domain: name, record });
    if (record && record.psd !== "u") break;
  }
  return found;
}

/** §4.10.2: who says `psd=n` is the organization; below who says `psd=y` is one; else the shortest name with a record. */
function organizationalOf(domain: string, { records }: Walk): string {
  for (const { domain: name, record } of records) {
    if (record.psd === "n") return name;
    if (record.psd === "y" && name !== domain)
      return domain
        .split(".")
        .slice(-(name.split(".").length + 1))
        .join(".");
  }
  return records.at(-1)?.domain ?? domain;
}

/** The policy for a From domain (§4.10.1): its own record, else that of its organization. */
export async function dmarcOf(c: Context): Promise<Dmarc> {
  const found = await walk(c, c.from);
  const organizational = organizationalOf(c.from, found);
  const own = found.records.find((one) => one.domain === c.from);
  const used = own ?? found.records.find((one) => one.domain === organizational) ?? found.records.at(-1);
  return { record: used?.record, at: used?.domain ?? c.from, organizational, unknown: found.unknown && !own };
}

/** Whether a domain that passed is that of From (§4.4): the same one, or of the same organization where that is enough. */
export async function isAligned(c: Context, dmarc: Dmarc, domain: string, mode: "r" | "s"): Promise<boolean> {
  if (domain === c.from) return true;
  if (dmarc.record && mode === "s") return false;
  // Nobody publishes anything: receivers that still ask for alignment go by the list of public suffixes.
  if (!dmarc.record) {
    const { getAlignment } = await import("mailauth/lib/tools.js"); // late, as in spf.ts
    return getAlignment(c.from, [domain], false) !== false;
  }
  return organizationalOf(domain, await walk(c, domain)) === dmarc.organizational;
}

/** What DMARC makes of this From over this server, and what is to be mended in the record. */
export async function checkDmarc(
  c: Context,
  signed: Signed,
): Promise<{ state: "pass" | "fail" | "none" | "unknown"; findings: DomainFinding[] }> {
  const dmarc = await dmarcOf(c);
  const { record } = dmarc;
  const spf = signed.spf.state === "pass" && (await isAligned(c, dmarc, signed.spf.domain, record?.aspf ?? "r"));
  const { domain: d } = signed.dkim;
  const dkim = signed.dkim.state === "pass" && d !== undefined && (await isAligned(c, dmarc, d, record?.adkim ?? "r"));
  const aligned = alignment(c, signed, { spf, dkim });
  const unsure = signed.spf.state === "unknown" || signed.dkim.state === "unknown";
  const passes = spf || dkim ? "pass" : unsure ? "unknown" : "fail";
  if (!record)
    return dmarc.unknown
      ? { state: "unknown", findings: [...aligned, finding("dmarc", "unknown", "unknown", { domain: c.from })] }
      : { state: "none", findings: [...aligned, await absent(c)] };
  return { state: passes, findings: [...aligned, ...verdict(c, dmarc, passes), ...faults(c, dmarc)] };
}

/** What passed for another name than the one that people read. */
function alignment(c: Context, { spf, dkim }: Signed, is: { spf: boolean; dkim: boolean }): DomainFinding[] {
  const found: DomainFinding[] = [];
  const facts = { from: c.from };
  if (dkim.state === "pass" && !is.dkim)
    found.push(finding("alignment", "dkim", "warn", { ...facts, domain: dkim.domain ?? "" }));
  if (spf.state === "pass" && !is.spf)
    found.push(finding("alignment", "spf", "warn", { ...facts, domain: spf.domain }));
  if (is.spf || is.dkim)
    found.push(finding("alignment", is.dkim ? (is.spf ? "both" : "by_dkim") : "by_spf", "ok", facts));
  return found;
}

function verdict(c: Context, { record, at }: Dmarc, passes: State): DomainFinding[] {
  if (!record) return [];
  const sub = at !== c.from;
  const policy = (sub ? record.sp : null) ?? record.policy;
  const facts = { domain: at, from: c.from, policy, name: `_dmarc.${at}` };
  if (passes === "fail") return [finding("dmarc", "fails", policy === "none" ? "warn" : "bad", facts)];
  if (passes === "unknown") return [finding("dmarc", "unsure", "unknown", facts)];
  return [finding("dmarc", policy === "none" ? "watching" : "ok", "ok", facts)];
}

/** No record that counts: several of them, one with the wrong quotes, one under a wrong name, or none. */
async function absent(c: Context): Promise<DomainFinding> {
  const [domain, name] = [c.from, `_dmarc.${c.from}`];
  const answer = await c.dns(name, "TXT");
  const texts = answer.is === "found" ? answer.records : [];
  const valid = texts.filter(isDmarc);
  if (valid.length > 1)
    return finding("dmarc", "two", "warn", { domain, name, n: valid.length, record: modernised(valid[0] ?? "") });
  const meant = texts.find(meantAsDmarc) ?? valid.find((text) => !readDmarc(text));
  if (meant !== undefined)
    return finding("dmarc", "quotes", "warn", {
      domain,
      name,
      found: meant.slice(0, 300),
      record: straightened(meant).replace(/^v\s*=\s*dmarc1/i, "v=DMARC1"),
    });
  for (const at of [`${name}.${domain}`, domain, `dmarc.${domain}`]) {
    const other = await c.dns(at, "TXT");
    const record = other.is === "found" ? other.records.find(isDmarc) : undefined;
    if (record !== undefined) return finding("dmarc", "wrong_name", "warn", { domain, at, name, record });
  }
  return finding("dmarc", "missing", "warn", {
    domain,
    name,
    record: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}`,
  });
}

function faults(c: Context, { record, at }: Dmarc): DomainFinding[] {
  if (!record) return [];
  const facts = { domain: at, name: `_dmarc.${at}` };
  const found: DomainFinding[] = [];
  if (record.removed.length > 0)
    found.push(
      finding("dmarc", "removed", "warn", {
        ...facts,
        tags: record.removed.join(", "),
        record: modernised(record.text),
      }),
    );
  if (record.unknown.length > 0)
    found.push(finding("dmarc", "tags", "warn", { ...facts, tags: record.unknown.join(", ") }));
  if (record.invalid.length > 0)
    found.push(finding("dmarc", "values", "warn", { ...facts, tags: record.invalid.join(", ") }));
  if (record.testing) found.push(finding("dmarc", "testing", "ok", facts));
  if (record.psd === "y" && at === c.from) found.push(finding("dmarc", "psd", "warn", facts));
  if (!record.reports)
    found.push(
      finding("dmarc", "no_reports", "warn", {
        ...facts,
        record: `${modernised(record.text)}; rua=mailto:postmaster@${at}`,
      }),
    );
  return found;
}
