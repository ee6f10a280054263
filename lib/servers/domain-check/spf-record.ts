/** One word of an SPF record (RFC 7208 §4.6). */
export type SpfTerm = { text: string; qualifier: string; name: string; value: string; modifier: boolean };

const MECHANISMS = ["all", "include", "a", "mx", "ptr", "ip4", "ip6", "exists"];
/** What costs a look-up (RFC 7208 §4.6.4). */
const ASKS = ["include", "a", "mx", "ptr", "exists", "redirect"];

/** Whether a TXT record is an SPF record for a receiver. */
export const isSpf = (text: string) => /^v=spf1( |$)/i.test(text);

/** Whether a person meant it to be one: with quotes that belong to no record, spaces before it. */
export const meantAsSpf = (text: string) => !isSpf(text) && /^[^a-z0-9]*v\s*=\s*spf1\b/i.test(text);

export function spfTerms(record: string): SpfTerm[] {
  const words = record.trim().split(/ +/).slice(1).filter(Boolean);
  return words.map((text) => {
    const modifier = /^([a-z][a-z0-9_.-]*)=(.*)$/i.exec(text);
    if (modifier)
      return { text, qualifier: "", name: (modifier[1] ?? "").toLowerCase(), value: modifier[2] ?? "", modifier: true };
    const [, qualifier = "", name = "", rest = ""] = /^([+~?-]?)([a-z0-9]*)(.*)$/i.exec(text) ?? [];
    return {
      text,
      qualifier: qualifier || "+",
      name: name.toLowerCase(),
      value: rest.replace(/^:/, ""),
      modifier: false,
    };
  });
}

/** Words that no receiver understands: the whole record then counts for nothing (permerror). */
export const unknownTerms = (terms: SpfTerm[]) =>
  terms.filter((one) => !one.modifier && !MECHANISMS.includes(one.name)).map((one) => one.text);

export const asks = (term: SpfTerm) => ASKS.includes(term.name);

/** The domain of an `a`, `mx` or `include`, without a prefix length. Undefined where it has a macro, which stands for something else in each message. */
export function targetOf(term: SpfTerm, domain: string): string | undefined {
  const value = term.value.replace(/\/.*$/, "").replace(/\.$/, "");
  return value.includes("%") ? undefined : value === "" ? domain : value.toLowerCase();
}

/** The record with one word in the place of another. */
export function withTerm(record: string, term: string, instead: string): string {
  return record
    .trim()
    .split(/ +/)
    .map((word) => (word === term ? instead : word))
    .join(" ");
}

/** The record with more words, before the one that ends the reading. */
export function withTerms(record: string, more: string[]): string {
  const words = record.trim().split(/ +/);
  const end = words.findIndex((word) => /^([+~?-]?all|redirect=.*)$/i.test(word));
  const at = end < 0 ? words.length : end;
  const missing = more.filter((word) => !words.includes(word));
  return [...words.slice(0, at), ...missing, ...words.slice(at)].join(" ");
}

/** One record of several: every word once, in order, and one end, the mildest of them. */
export function mergedSpf(records: string[]): string {
  const terms = records.flatMap(spfTerms);
  const isEnd = (one: SpfTerm) => one.name === "all" && !one.modifier;
  const ends = terms.filter(isEnd).map((one) => one.qualifier);
  const words = [...new Set(terms.filter((one) => !isEnd(one)).map((one) => one.text))];
  return ["v=spf1", ...words, ends.every((one) => one === "-") && ends.length > 0 ? "-all" : "~all"].join(" ");
}
