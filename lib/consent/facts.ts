import { cleanText } from "../text/clean.ts";
import type { RequestFacts } from "./types.ts";

const cut = (text: string, most: number) => cleanText(text).slice(0, most);

/** The `request` of a record (formats.md §1): only what is known, cut to sizes that no honest client exceeds. */
export function requestFacts(r: RequestFacts) {
  return {
    ...(r.ip ? { ip: r.ip } : {}),
    ...(r.ipFrom ? { ip_from: r.ipFrom } : {}),
    ...(r.userAgent ? { user_agent: cut(r.userAgent, 512) } : {}),
    ...(r.page ? { page: cut(r.page, 2000) } : {}),
    ...(r.referrer ? { referrer: cut(r.referrer, 2000) } : {}),
    ...(r.id ? { id: cut(r.id, 64) } : {}),
  };
}

/** `months` later, in UTC; the 31st becomes the last day of a shorter month. */
export function addMonths(at: Date, months: number): Date {
  const to = new Date(at);
  const day = to.getUTCDate();
  to.setUTCMonth(to.getUTCMonth() + months, 1);
  const last = new Date(Date.UTC(to.getUTCFullYear(), to.getUTCMonth() + 1, 0)).getUTCDate();
  to.setUTCDate(Math.min(day, last));
  return to;
}
