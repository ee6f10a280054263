import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { carrierSql, staffOrganizationSql } from "../servers/carrier.ts";

/** Minutes of one sample, ending where five minutes of the database's clock end. */
const BUCKET = 5;
/** Seconds after that: what was recorded at the very end is committed · later than this nobody knows how long the queue was then. */
const [LATE, TOO_LATE] = [3, 60];
const KEPT_DAYS = 400;

/**
 * Writes what each server did since its last sample, and how long its queue is: one row for a server with work or a queue, or with one of them in the last day
 * (a line that falls to zero, then a gap); none while no worker runs. Every worker asks often: the first one writes, the others find the rows there.
 */
// Once a bucket a server. "Index Only Scan Backward using server_samples…pk" gives its last sample, "Index Scan Backward using server_log_of" the newest line
// before it, "Bitmap Index Scan on server_log_of" (server = s and n > that) the lines since: 20 servers, 300,000 lines in these five minutes of 1,300,000: 130 ms.
export async function sampleServers(db: Db): Promise<void> {
  await db.execute(sql`
    with bucket as materialized (
      select ends from (select app_now() as now, date_bin(${BUCKET} * interval '1 minute', app_now() - ${LATE} * interval '1 second', 'epoch'::timestamptz) as ends) b
       where now < ends + ${TOO_LATE} * interval '1 second'
    ),
    asked as materialized (
      select s.id, b.ends, coalesce(l.at, b.ends - interval '1 hour') as last
        from bucket b cross join servers s left join lateral (select at from server_samples x where x.server = s.id order by at desc limit 1) l on true
       where s.removed_at is null and (l.at is null or l.at < b.ends)
    ),
    queued as (
      select r.server, sum(k.n) as n
        from (select id as campaign, server from campaigns where state in ('sending', 'paused') and server is not null
              union select c.id, x.server from campaigns c join campaign_servers x on x.campaign = c.id where c.state in ('sending', 'paused')) r
        join campaign_counts k on k.campaign = r.campaign and k.state in ('pending', 'claimed', 'sending', 'deferred')
       group by r.server
    ),
    mail as (
      select ${carrierSql(sql`o.organization`)} as server, o.n
        from (select coalesce(organization, ${staffOrganizationSql}) as organization, count(*) as n from outbox where state in ('queued', 'sending') group by 1) o
    )
    insert into server_samples (server, at, queue, accepted, deferred, rejected, uncertain)
    select a.id, a.ends, q.queue, done.accepted, done.deferred, done.rejected, done.uncertain
      from asked a
      cross join lateral (select (coalesce((select sum(n) from queued where server = a.id), 0) + coalesce((select sum(n) from mail where server = a.id), 0))::int as queue) q
      cross join lateral (
        select count(*) filter (where l.outcome = 'accepted') as accepted, count(*) filter (where l.outcome = 'deferred') as deferred,
               count(*) filter (where l.outcome = 'rejected') as rejected, count(*) filter (where l.outcome = 'uncertain') as uncertain, count(*) as lines
          from server_log l
         where l.server = a.id and l.at >= a.last and l.at < a.ends
           and l.n > coalesce((select n from server_log b where b.server = a.id and b.at < a.last - interval '1 minute' order by n desc limit 1), 0)) done
     where q.queue > 0 or done.lines > 0
        or 0 < (select sum(queue + accepted + deferred + rejected + uncertain)
                  from (select * from server_samples x where x.server = a.id and x.at > a.ends - interval '1 day' order by x.at desc limit 288) x)
    on conflict (server, at) do nothing`);
}

/** Forgets samples that are over. */
// Tid Scan on server_samples; per server "Index Scan using server_samples_server_at_pk" (server = s and at < …).
export async function forgetSamples(db: Db): Promise<void> {
  await db.execute(sql`
    delete from server_samples where ctid = any(array(
      select o.ctid from servers s
       cross join lateral (select ctid from server_samples where server = s.id and at < (select app_now()) - ${KEPT_DAYS} * interval '1 day' order by at limit 1000) o))`);
}
