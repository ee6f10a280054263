import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { domainRoomsSql, domainWindowsSql } from "../servers/domain-windows.ts";
import { type Wish, wished } from "./claim.ts";

/** Rounds of one call: so many blocks of a domain without room are read past at once. */
const ROUNDS = 40;

/**
 * Before a block of a campaign's rows is claimed: those whose recipients' domains have no room on this server become `deferred` until that window ends, so that
 * nothing is composed for them and the rows behind them come forward. The hand-off asks again; this only spares it what it would refuse.
 */
export async function putOff(db: Db, o: { server: string; campaign: string; n: number } & Wish): Promise<void> {
  const at = sql`(select at from moment)`;
  for (let round = 0; round < ROUNDS; round++) {
    const { rowCount } = await db.execute(sql`
      with moment as materialized (select app_now() as at),
      picked as materialized (
        select campaign, position, contact from deliveries
         where campaign = ${o.campaign}::uuid ${wished(o)} and (state = 'pending' or (state = 'deferred' and next_at <= ${at}))
         order by position limit ${o.n} for update skip locked
      ),
      aimed as materialized (
        select p.campaign, p.position, a.domain, row_number() over (partition by a.domain order by p.position) as nth
          from picked p join contacts c on c.id = p.contact cross join lateral (select split_part(c.address_key, '@', -1) as domain) a
      ),
      of_domains as materialized (${domainWindowsSql(o.server, sql`aimed`, at, "campaign")}),
      rooms as materialized (${domainRoomsSql(sql`of_domains`)})
      update deliveries d set state = 'deferred', next_at = r.ends, reason = 'domain_limit'
        from aimed a join rooms r on r.domain = a.domain
       where d.campaign = a.campaign and d.position = a.position and a.nth > r.room`);
    if (!rowCount) return;
  }
}
