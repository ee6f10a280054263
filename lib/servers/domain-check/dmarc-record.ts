import { tagList } from "../dkim-record.ts";

export type Policy = "none" | "quarantine" | "reject";

/** A DMARC policy record (RFC 9989 §4.7). */
export type DmarcRecord = {
  text: string;
  policy: Policy;
  /** For subdomains, and for those that do not exist. */
  sp: Policy | null;
  np: Policy | null;
  adkim: "r" | "s";
  aspf: "r" | "s";
  psd: "y" | "n" | "u";
  /** The policy is being tried out: receivers lower it by one step. */
  testing: boolean;
  reports: boolean;
  /** Tags of RFC 7489 that RFC 9989 took out; receivers pass over them. */
  removed: string[];
  unknown: string[];
  /** Tags whose value says nothing to a receiver. */
  invalid: string[];
};

const KNOWN = ["v", "p", "sp", "np", "rua", "ruf", "adkim", "aspf", "fo", "psd", "t"];
const REMOVED = ["pct", "rf", "ri"];

/** `v=DMARC1` first and spelled like this: whatever else is no record (§4.7). */
export const isDmarc = (text: string) => /^\s*v\s*=\s*DMARC1\s*(;|$)/.test(text);

/** A record that a person meant, and no receiver takes: quotes, letters, a space too many. */
export const meantAsDmarc = (text: string) => !isDmarc(text) && /^[^a-z0-9]*v\s*=\s*dmarc1\b/i.test(text);

/** Reads a record; what is not understood falls back as receivers do. Undefined for what is no list of tags. */
export function readDmarc(text: string): DmarcRecord | undefined {
  const tags = isDmarc(text) ? tagList(text) : undefined;
  if (!tags) return undefined;
  const invalid: string[] = [];
  const one = <T extends string>(tag: string, values: readonly T[], usual: T | null): T | null => {
    const value = tags.get(tag)?.toLowerCase();
    if (value === undefined) return usual;
    if ((values as readonly string[]).includes(value)) return value as T;
    invalid.push(`${tag}=${value.slice(0, 40)}`);
    return usual;
  };
  const policies = ["none", "quarantine", "reject"] as const;
  const record = {
    ...{
      text,
      policy: one("p", policies, null) ?? "none",
      sp: one("sp", policies, null),
      np: one("np", policies, null),
    },
    ...{ adkim: one("adkim", ["r", "s"], "r") ?? "r", aspf: one("aspf", ["r", "s"], "r") ?? "r" },
    ...{ psd: one("psd", ["y", "n", "u"], "u") ?? "u", testing: one("t", ["y", "n"], "n") === "y" },
  };
  const names = [...tags.keys()];
  if (!tags.has("p")) invalid.push("p");
  return {
    ...record,
    reports: /^mailto:/i.test(tags.get("rua") ?? ""),
    removed: names.filter((name) => REMOVED.includes(name)),
    unknown: names.filter((name) => !KNOWN.includes(name) && !REMOVED.includes(name)),
    invalid,
  };
}

/** The record as RFC 9989 has it: without what was taken out; a `pct` below 100 meant "try it out", which `t=y` says now (§A.6 of the draft). */
export function modernised(text: string): string {
  const parts = text
    .split(";")
    .map((one) => one.trim())
    .filter(Boolean);
  const pct = parts.find((one) => /^pct\s*=/i.test(one));
  const kept = parts.filter((one) => !/^(pct|rf|ri)\s*=/i.test(one));
  const tried = pct !== undefined && Number(pct.split("=")[1]) < 100 && !kept.some((one) => /^t\s*=/i.test(one));
  return [...kept, ...(tried ? ["t=y"] : [])].join("; ");
}
