import { sql } from "drizzle-orm";
import type pg from "pg";
import type { Services } from "../lib/services.ts";
import type { TestDatabase } from "../tests/support/database.ts";
import { launched, type Scene } from "../tests/support/sending.ts";
import { filling } from "./fill.ts";

/** A row that is over, as real ones are: of a hundred 95 accepted, two refused, three stopped by the gate; of 50,000 one uncertain. */
const OVER = {
  state: `case when n % 50000 = 7 then 'uncertain' when n % 100 in (3, 4) then 'rejected' when n % 100 in (5, 6, 8) then 'excluded' else 'accepted' end`,
  reason: `case when n % 50000 = 7 then 'owner_gone' when n % 100 = 3 then 'hard_bounce' when n % 10000 = 4 then 'policy' when n % 100 = 4 then 'mailbox_full'
                when n % 10000 = 5 then 'objected' when n % 100 in (5, 6, 8) then 'suppressed' end`,
};
/** One that is still to do: of 20 two are deferred, due again later. */
const TO_DO = {
  state: `case when n % 100 in (5, 6, 8) then 'excluded' when n % 10 = 1 then 'deferred' else 'pending' end`,
  reason: `case when n % 100 in (5, 6, 8) then 'suppressed' when n % 10 = 1 then 'greylisted' end`,
};

/**
 * Campaigns to everybody on the list, one a week; the last one is under way and half sent. Counted by the trigger, in order of position.
 * @param o.people on the list, as many as each campaign has · `logged` of the newest campaigns: their lines in the server's log
 */
export async function fillCampaigns(
  s: Services,
  d: TestDatabase,
  o: { here: Scene; server: string; campaigns: number; people: number; logged: number },
): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < o.campaigns; i++) {
    const last = i === o.campaigns - 1;
    const at = new Date(Date.now() - (o.campaigns - 1 - i) * 7 * 86_400_000 - 3_600_000);
    const campaign = await launched(s, { scene: o.here, server: o.server, at });
    const upto = last ? o.people / 2 : o.people;
    await filling(d, (client) => deliveries(client, { ...o.here, campaign, at, people: o.people, upto }), {
      triggers: true,
    });
    await s.db.execute(sql`
      update campaigns set size = ${o.people}, upto = ${upto - 1}, snapshot_done = true, planned = ${o.people}, state = ${last ? "sending" : "ended"},
             ended_at = ${last ? null : new Date(at.getTime() + 7_200_000)} where id = ${campaign}::uuid`);
    if (i >= o.campaigns - o.logged)
      await filling(d, (client) => logLines(client, { ...o.here, server: o.server, campaign }));
    ids.push(campaign);
  }
  await filling(d, (client) => samples(client, o.server));
  await d.owner.pool.query("vacuum (analyze) deliveries, server_log, server_samples, campaigns, campaign_counts");
  return ids;
}

async function deliveries(
  client: pg.PoolClient,
  o: { organization: string; list: string; campaign: string; at: Date; people: number; upto: number },
): Promise<void> {
  // Foreign keys are asked row by row, the counting trigger once: this one alone is kept out.
  await client.query("alter table deliveries disable trigger all; alter table deliveries enable trigger user");
  await client.query(
    `insert into deliveries (campaign, position, contact, list, basis, state, reason, decided_at, tries, next_at, sent_at, reply)
     select $1::uuid, n, contact, $2::uuid, case when state = 'excluded' then null else id end, state::delivery_state, reason, $3::timestamptz,
            (state in ('accepted', 'rejected', 'uncertain', 'deferred'))::int, case when state = 'deferred' then now() + interval '1 hour' end,
            case when state in ('accepted', 'rejected') then $3::timestamptz + n * interval '7 milliseconds' end,
            case state when 'accepted' then 'Ok: queued as 4F1A2' || n when 'rejected' then '550 5.1.1 no such user here' when 'deferred' then '450 4.2.0 Greylisted, come back later' end
       from (select n, contact, id, case when n < $4 then ${OVER.state} else ${TO_DO.state} end as state, case when n < $4 then ${OVER.reason} else ${TO_DO.reason} end as reason
               from (select row_number() over (order by contact) - 1 as n, contact, id from bases where list = $2::uuid) b) x`,
    [o.campaign, o.list, o.at, o.upto],
  );
  await client.query("alter table deliveries enable trigger all");
}

async function logLines(
  client: pg.PoolClient,
  o: { organization: string; server: string; campaign: string },
): Promise<void> {
  await client.query(
    `insert into server_log (server, at, organization, campaign, position, domain, outcome, reason, reply)
     select $1::uuid, sent_at, $2::uuid, campaign, position, split_part(c.address_key, '@', 2), d.state::text, d.reason, '250 2.0.0 ' || d.reply
       from deliveries d join contacts c on c.id = d.contact where campaign = $3::uuid and sent_at is not null order by position`,
    [o.server, o.organization, o.campaign],
  );
}

/** 400 days of samples. */
async function samples(client: pg.PoolClient, server: string): Promise<void> {
  await client.query(
    `insert into server_samples (server, at, queue, accepted, deferred, rejected, uncertain)
     select $1::uuid, date_bin('5 minutes', now(), 'epoch') - n * interval '5 minutes', n % 1000, n % 300, n % 7, n % 5, 0 from generate_series(1, 400 * 288) n`,
    [server],
  );
}
