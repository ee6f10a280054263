import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";

/** Large mailbox providers: half a country signs up from them, so no limit by their domain (design: §6). */
export const LARGE_PROVIDERS = new Set(
  "gmail.com googlemail.com outlook.com outlook.it hotmail.com hotmail.it live.com live.it msn.com yahoo.com yahoo.it ymail.com icloud.com me.com mac.com aol.com libero.it iol.it inwind.it blu.it virgilio.it alice.it tim.it tin.it tiscali.it fastwebnet.it email.it aruba.it pec.it legalmail.it proton.me protonmail.com gmx.com gmx.de web.de t-online.de orange.fr free.fr laposte.net".split(
    " ",
  ),
);

/** One limit: at most `most` within `hours`, counted over everything that has this scope and key. */
export type Limit = { scope: string; key: Buffer; most: number; hours: number };

/**
 * The limits of design §6 on confirmation mails of an organization, over all its lists.
 * @param address suppression key of the address (identity) · @param abuse abuse key (a+1@ and a+2@ are one)
 * @param network IPv4 address or IPv6 /64 · @param domain A-labels
 */
export function confirmationLimits(o: {
  organization: string;
  list: string;
  address: Buffer;
  abuse: Buffer;
  network?: string;
  domain: string;
}): Limit[] {
  const of = (what: string) => `${what}:${o.organization}`;
  return [
    { scope: `${of("confirm_list")}:${o.list}`, key: o.address, most: 1, hours: 24 },
    { scope: of("confirm_address"), key: o.address, most: 3, hours: 24 * 30 },
    { scope: of("confirm_abuse_day"), key: o.abuse, most: 3, hours: 24 },
    { scope: of("confirm_abuse_month"), key: o.abuse, most: 6, hours: 24 * 30 },
    ...(o.network ? [{ scope: of("confirm_network"), key: Buffer.from(o.network), most: 20, hours: 1 }] : []),
    ...(LARGE_PROVIDERS.has(o.domain)
      ? []
      : [{ scope: of("confirm_domain"), key: Buffer.from(o.domain), most: 100, hours: 1 }]),
  ];
}

/**
 * Counts one attempt against all limits, or against none: over one of them nothing is counted and nothing leaves.
 * Attempts of one key are put in line by an advisory lock, taken in one order so that two requests never wait for each other.
 * @returns false when a limit is reached
 */
export async function withinLimits(db: Db, limits: Limit[]): Promise<boolean> {
  const inOrder = [...limits].sort((a, b) => (a.scope < b.scope ? -1 : 1));
  for (const { scope, key } of inOrder)
    await db.execute(sql`select pg_advisory_xact_lock(4, hashtext(${scope + key.toString("hex")}))`);
  for (const { scope, key, most, hours } of inOrder) {
    const { rows } = await db.execute<{ full: boolean }>(sql`
      select count(*) >= ${most} as full from (
        select from attempts where scope = ${scope} and key = ${key} and at > (select app_now()) - ${hours} * interval '1 hour' limit ${most}) a`);
    if (rows[0]?.full) return false;
  }
  for (const { scope, key } of inOrder)
    await db.execute(sql`insert into attempts (scope, key, at) values (${scope}, ${key}, app_now())`);
  return true;
}

/** Forgets attempts older than 30 days (DO-06: counters, not addresses, and not for ever). */
export async function forgetAttempts(db: Db): Promise<void> {
  await db.execute(sql`delete from attempts where at < (select app_now()) - interval '30 days'`);
}
