import { fillPlaceholders, type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";
import type { Attempt } from "./types.ts";

/** The outcome of an attempt, on its way into its row and into the server's log. */
export type Result = Attempt & {
  state: "accepted" | "rejected" | "deferred" | "uncertain" | "pending";
  reason: string | null;
  reply: string | null;
  wait: number | null;
  /** Of the recipient: what the log keeps of an address. */
  domain: string | null;
};

export const given = (name: string, type: string): SQL => sql`${sql.placeholder(name)}::${sql.raw(type)}`;

export const resultSql = sql`
  select * from unnest(${given("r_campaign", "uuid[]")}, ${given("r_position", "int[]")}, ${given("r_attempt", "uuid[]")}, ${given("r_epoch", "int[]")},
    ${given("r_state", "text[]")}, ${given("r_reason", "text[]")}, ${given("r_reply", "text[]")}, ${given("r_wait", "int[]")}, ${given("r_domain", "text[]")})
    as r(campaign, position, attempt, epoch, state, reason, reply, wait, domain)`;

/** Outcomes as changes of their rows. */
export const answeredSql = sql`
  select 'answered' as kind, 0::bigint as i, r.campaign, r.position, r.attempt, r.epoch, r.state, r.reason, r.reply, r.domain, null::uuid as basis,
         case when r.state = 'deferred' then m.at + r.wait * interval '1 second' end as next_at
    from result r, moment m`;

/**
 * The one statement part that changes rows once they are claimed: each part that changes `deliveries` opens all its indexes anew, half a millisecond of a hand-off.
 * `change` (name of a CTE) holds by kind: `answered`, the outcome of an attempt of this epoch or of an older one of the same process (a late answer may correct
 * `uncertain`; a row that was not attempted goes back); and of rows that this epoch has claimed `sending`; `refused`, settled without an attempt; `later`, put off.
 */
export const changedSql = sql`
  update deliveries d
     set state = c.state::delivery_state, reason = c.reason,
         reply = case when c.kind <> 'answered' then d.reply
                      else coalesce(case c.state when 'accepted' then regexp_replace(c.reply, '^250[ -](2[.]\\d+[.]\\d+ +)?', '') else c.reply end, d.reply) end,
         next_at = case when c.kind in ('answered', 'later') then c.next_at else d.next_at end,
         sent_at = case when c.kind <> 'answered' then d.sent_at when c.state in ('accepted', 'rejected') then m.at end,
         -- Nobody asks for the attempt of what is settled: 20 bytes of a row that is kept for years.
         attempt = case when c.kind = 'sending' then c.attempt when c.kind = 'answered' and c.state in ('accepted', 'rejected') then null else d.attempt end,
         tries = d.tries + (c.kind = 'sending')::int,
         basis = case when c.kind in ('sending', 'refused') then c.basis else d.basis end,
         decided_at = case when c.kind in ('sending', 'refused') then m.at else d.decided_at end,
         epoch = case when c.kind = 'sending' or c.kind = 'answered' and c.state = 'uncertain' then d.epoch end
    from change c, moment m
   where d.campaign = c.campaign and d.position = c.position and d.epoch = c.epoch
     and case when c.kind = 'answered' then d.attempt = c.attempt and d.state in ('sending', 'uncertain') else d.state = 'claimed' end
  returning c.*`;

/**
 * The line of each outcome in the server's log (`server_log`), in the statement that records it: the log says what the rows say, and costs no round trip.
 * What was never begun has no line, unless the connection said something as it went. Reads `changed`, a CTE made with changedSql.
 */
export function loggedSql(server: SQL): SQL {
  return sql`
  insert into server_log (server, at, organization, campaign, position, domain, outcome, reason, reply)
  select ${server}, m.at, (select organization from campaigns c where c.id = r.campaign), r.campaign, r.position, r.domain,
         case r.state when 'pending' then 'connection' else r.state end, case r.state when 'pending' then 'connection_lost' else r.reason end, r.reply
    from changed r, moment m where r.kind = 'answered' and (r.state <> 'pending' or r.reply is not null)`;
}

/** Only the outcomes, when no row is wanted beside them. */
const recordSql = new PgDialect().sqlToQuery(
  sql`with moment as materialized (select app_now() as at), result as materialized (${resultSql}), change as materialized (${answeredSql}),
  changed as (${changedSql}) ${loggedSql(given("server", "uuid"))}`,
);

/** Writes outcomes of attempts at one server without handing over anything. Idempotent: by epoch and attempt. */
export async function recordResults(pool: pg.Pool, o: { server: string; results: Result[] }): Promise<void> {
  if (o.results.length === 0) return;
  const values = { server: o.server, ...resultValues(o.results) };
  await pool.query(recordSql.sql, fillPlaceholders(recordSql.params, values));
}

export function resultValues(results: Result[]) {
  return {
    r_campaign: results.map((r) => r.campaign),
    r_position: results.map((r) => r.position),
    r_attempt: results.map((r) => r.attempt),
    r_epoch: results.map((r) => r.epoch),
    r_state: results.map((r) => r.state),
    r_reason: results.map((r) => r.reason),
    r_reply: results.map((r) => r.reply),
    r_wait: results.map((r) => r.wait),
    r_domain: results.map((r) => r.domain),
  };
}
