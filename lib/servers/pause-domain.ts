import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { serverRow } from "./find.ts";
import { routeRow } from "./lent.ts";
import { pauseServer } from "./pause.ts";
import { serverLock } from "./windows.ts";

/** Why a domain stands still: a code word, `serverScreens.domains.why.<reason>` in the catalogue. `deferred`: it asked to wait (4xx), the others are refusals (5xx). */
export type DomainReason = "policy" | "reputation" | "authentication" | "deferred";

/** Seconds of a first pause; each one that follows within a day is four times as long, a day at most. */
const FIRST = 900;
/** Two domains that refuse within so many minutes: it is not them, it is this server. */
const TOGETHER_MINUTES = 10;
/** Lines of the log that are looked at for an earlier time today. */
const MOST_LINES = 20_000;

/**
 * A recipient domain will not have what comes from this server: its rows wait (`domain_paused`), everybody else's go on. When a second domain refuses within ten
 * minutes the server itself stops: the first time for a quarter of an hour, the second time of a day until a person comes, since each try costs people their mail.
 * @returns what stands still now
 */
export async function pauseDomain(
  db: Db,
  o: { server: string; domain: string; reason: DomainReason; reply: string },
): Promise<"domain" | "server"> {
  return db.transaction(async (tx) => {
    // Two connections may hear it from two domains in the same moment: one of them must see the other.
    await tx.execute(serverLock(o.server));
    await tx.execute(stopSql(o));
    if (o.reason === "deferred") return "domain";
    const { rows } = await tx.execute<{ domains: string; before: string }>(sql`
      select (select count(*) from server_domains
               where server = ${o.server}::uuid and reason <> 'deferred' and paused_at > (select app_now()) - ${TOGETHER_MINUTES} * interval '1 minute') as domains,
             (select count(distinct domain) from (select domain, outcome, reason, at from server_log where server = ${o.server}::uuid order by n desc limit ${MOST_LINES}) l
               where l.outcome = 'rejected' and l.reason in ('policy', 'reputation', 'authentication')
                 and l.at > (select app_now()) - interval '1 day' and l.at < (select app_now()) - ${TOGETHER_MINUTES} * interval '1 minute') as before`);
    if (Number(rows[0]?.domains) < 2) return "domain";
    const again = Number(rows[0]?.before) >= 2;
    const reason = o.reason === "reputation" ? "reputation" : "policy";
    await pauseServer(tx, { server: o.server, reason, ...(again ? {} : { retrySeconds: FIRST }) });
    return "server";
  });
}

const stopSql = (o: { server: string; domain: string; reason: DomainReason; reply: string }) => sql`
  insert into server_domains as d (server, domain, paused_at, reason, reply, retry_at)
  values (${o.server}::uuid, ${o.domain}, app_now(), ${o.reason}, ${o.reply}, app_now() + ${FIRST} * interval '1 second')
  on conflict (server, domain) do update
     set paused_at = excluded.paused_at, reason = excluded.reason, reply = excluded.reply,
         retry_at = case when d.retry_at between excluded.paused_at - interval '1 day' and excluded.paused_at
                         then excluded.paused_at + least(interval '1 day', 4 * (d.retry_at - d.paused_at)) else excluded.retry_at end
   -- While it stands still already, other connections bring the same news.
   where d.retry_at <= excluded.paused_at or (d.reason = 'deferred' and excluded.reason <> 'deferred')`;

/** A domain that a server has stopped for. */
export type PausedDomain = {
  domain: string;
  reason: DomainReason;
  reply: string | null;
  pausedAt: Date;
  retryAt: Date | null;
};

/** The domains that stand still at a server, the newest first. */
export async function pausedDomains(s: Services, o: { who: Who; server: string }): Promise<PausedDomain[]> {
  requireRight(o.who, "servers.see");
  const { server } = await routeRow(s.db, { organization: o.who.organization, server: o.server });
  const { rows } = await s.db.execute<PausedDomain>(sql`
    select domain, reason, reply, paused_at as "pausedAt", retry_at as "retryAt" from server_domains
     where server = ${server.id}::uuid and (retry_at is null or retry_at > (select app_now())) order by paused_at desc limit 200`);
  return rows.map((row) => ({
    ...row,
    pausedAt: new Date(row.pausedAt),
    retryAt: row.retryAt && new Date(row.retryAt),
  }));
}

/** A person lets a domain go on: what waited for it is due now. @throws NotFound when it does not stand still */
export function resumeDomain(s: Services, o: { who: Who; server: string; domain: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  return inTransaction(s, async (tx) => {
    const server = await serverRow(tx.db, { organization: o.who.organization, server: o.server });
    // A hand-off that still saw it stand puts its rows off before this looks for them.
    await tx.db.execute(serverLock(server.id));
    const { rowCount } = await tx.db.execute(
      sql`delete from server_domains where server = ${server.id}::uuid and domain = ${o.domain}`,
    );
    if (rowCount === 0) throw new NotFound("domain");
    await tx.db.execute(sql`
      update deliveries d set next_at = app_now()
        from campaigns c, contacts p
       where c.state in ('sending', 'paused') and exists (select from campaign_servers x where x.campaign = c.id and x.server = ${server.id}::uuid)
         and d.campaign = c.id and d.state = 'deferred' and d.reason = 'domain_paused' and p.id = d.contact and split_part(p.address_key, '@', 2) = ${o.domain}`);
  });
}

/** Forgets pauses that have been over for a day: the next one is a first one again. */
export async function forgetDomains(db: Db): Promise<void> {
  await db.execute(sql`delete from server_domains where retry_at < (select app_now()) - interval '1 day'`);
}
