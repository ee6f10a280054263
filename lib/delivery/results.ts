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

/** Results of this epoch, and of an older one of the same process: a late answer may correct `uncertain`; a row that was not attempted goes back. */
export const doneSql = sql`
  update deliveries d
     set state = r.state::delivery_state, reason = r.reason, reply = coalesce(case r.state when 'accepted' then regexp_replace(r.reply, '^250[ -](2[.]\\d+[.]\\d+ +)?', '') else r.reply end, d.reply),
         next_at = case when r.state = 'deferred' then m.at + r.wait * interval '1 second' end,
         sent_at = case when r.state in ('accepted', 'rejected') then m.at end,
         -- Nobody asks for the attempt of what is settled: 20 bytes of a row that is kept for years.
         attempt = case when r.state in ('accepted', 'rejected') then null else d.attempt end,
         epoch = case when r.state = 'uncertain' then d.epoch end
    from result r, moment m
   where d.campaign = r.campaign and d.position = r.position and d.attempt = r.attempt and d.epoch = r.epoch and d.state in ('sending', 'uncertain')
  returning r.*`;

/**
 * The line of each of them in the server's log (`server_log`), in the statement that records it: the log says what the rows say, and costs no round trip.
 * What was never begun has no line, unless the connection said something as it went.
 */
export function loggedSql(server: SQL): SQL {
  return sql`
  insert into server_log (server, at, organization, campaign, position, domain, outcome, reason, reply)
  select ${server}, m.at, (select organization from campaigns c where c.id = r.campaign), r.campaign, r.position, r.domain,
         case r.state when 'pending' then 'connection' else r.state end, case r.state when 'pending' then 'connection_lost' else r.reason end, r.reply
    from done r, moment m where r.state <> 'pending' or r.reply is not null`;
}

/** Only the outcomes, when no row is wanted beside them. */
const recordSql = new PgDialect().sqlToQuery(
  sql`with moment as materialized (select app_now() as at), result as materialized (${resultSql}), done as (${doneSql}) ${loggedSql(given("server", "uuid"))}`,
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
