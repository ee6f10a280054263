import { and, desc, eq, lt, sql } from "drizzle-orm";
import { domainChecks } from "../../../db/schema/dkim.ts";
import { withinLimits } from "../../consent/limits.ts";
import { inTransaction, type Services } from "../../services.ts";
import { domainOf } from "../../text/address.ts";
import { checkDomain } from "./check-domain.ts";
import type { Sender } from "./context.ts";
import { keepCheck } from "./keep-check.ts";
import type { FetchPolicy } from "./mta-sts.ts";
import { allSenders, lastNight } from "./senders.ts";

/** At once; each asks some dozens of questions. */
const TOGETHER = 4;
const KEPT = "400 days";

/**
 * Checks every sender that was not checked since three this morning, and at once those that never were (a new server, another From). One whose SPF or DKIM could not be
 * asked is tried again after an hour. Any number of workers: each sender is taken once an hour.
 */
export async function checkDueDomains(s: Services, o: { fetch?: FetchPolicy } = {}): Promise<number> {
  const due: Sender[] = [];
  for (const sender of await allSenders(s)) if (await isDue(s, sender)) due.push(sender);
  for (let i = 0; i < due.length; i += TOGETHER)
    await Promise.all(due.slice(i, i + TOGETHER).map((sender) => one(s, sender, o.fetch)));
  return due.length;
}

async function isDue(s: Services, sender: Sender & { zone: string }): Promise<boolean> {
  const domain = domainOf(sender.fromAddress);
  const mine = and(
    eq(domainChecks.server, sender.server.id),
    eq(domainChecks.organization, sender.organization),
    eq(domainChecks.domain, domain),
  );
  const unsure = sql`(${domainChecks.spf} = 'unknown' or ${domainChecks.dkim} = 'unknown')`;
  const stale = sql<boolean>`${domainChecks.at} < ${lastNight(sender.zone)} or (${unsure} and ${domainChecks.at} < (select app_now()) - interval '1 hour')`;
  const [last] = await s.db.select({ stale }).from(domainChecks).where(mine).orderBy(desc(domainChecks.at)).limit(1);
  if (last && !last.stale) return false;
  const limit = {
    scope: "domain_check",
    key: Buffer.from(`${sender.server.id} ${sender.organization} ${domain}`),
    most: 1,
    hours: 1,
  };
  return inTransaction(s, (tx) => withinLimits(tx.db, [limit]));
}

async function one(s: Services, sender: Sender, fetch: FetchPolicy | undefined): Promise<void> {
  try {
    const checked = await checkDomain(s, { sender, ...(fetch ? { fetch } : {}) });
    await keepCheck(s, { sender, checked });
  } catch (error) {
    s.log.warn("domain_check_failed", {
      server: sender.server.id,
      code: (error as { code?: string }).code ?? (error as Error).name,
    });
  }
}

/** Checks older than a year and a month are forgotten. */
export async function forgetChecks(s: Services): Promise<void> {
  await s.db.delete(domainChecks).where(lt(domainChecks.at, sql`(select app_now()) - ${KEPT}::interval`));
}
