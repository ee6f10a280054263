import type { LineFilter } from "../../../../../lib/delivery/server-lines.ts";

/** What a line of the log may have come to, in the order of the list to choose from. */
export const OUTCOMES = ["accepted", "deferred", "rejected", "uncertain", "connection"] as const;

/** The filter of an address, page and stream alike; what makes no sense is left out. */
export function lineFilter(search: URLSearchParams): LineFilter {
  const [domain, outcome] = [search.get("domain") ?? "", search.get("outcome")];
  const known = OUTCOMES.find((one) => one === outcome);
  return {
    ...(/^[a-z0-9.-]{1,253}$/i.test(domain) ? { domain: domain.toLowerCase() } : {}),
    ...(known ? { outcome: known } : {}),
  };
}
