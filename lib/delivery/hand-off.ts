import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { fillPlaceholders, type Query, type SQL, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";
import { inTime } from "../campaigns/not-after.ts";
import { gate } from "../consent/gate.ts";
import { sharedLock } from "../contacts/lock.ts";
import { chargeDomainsSql, domainRoomsSql, domainWindowsSql } from "../servers/domain-windows.ts";
import { chargeShareSql, mayUseSql } from "../servers/loan-windows.ts";
import type { Server } from "../servers/types.ts";
import { chargeSql, serverLock, windowsSql } from "../servers/windows.ts";
import { chargePacesSql, paceLock, paceSql } from "./campaign-pace.ts";
import { notPaused } from "./pause-sending.ts";
import { doneSql, given, loggedSql, type Result, resultSql, resultValues } from "./results.ts";

/** A row that a connection is free for, with its message composed. `fault`: it could not be composed. */
export type Wanted = {
  campaign: string;
  position: number;
  attempt: string;
  contact: string;
  list: string;
  /** Of the recipient; null with a fault. */
  domain: string | null;
  fault: string | null;
  sha256: Buffer | null;
  subject: string | null;
  sealed: Buffer | null;
};

export type HandedOff = {
  /** Indexes of the wanted rows that are in `sending` now: to be attempted at once. */
  sending: number[];
  /** Those that are settled for now: refused by the gate, not to be composed, or put off because their domain stands still, or has no room in its windows. */
  final: number[];
  /**
   * Those that wait for a limit of the server: still claimed. The rest shall be given back where it is still ours: their campaign is paused, cancelled, or over its own
   * pace, or another epoch has taken them.
   */
  waiting: number[];
  at: Date;
  /** Until the fullest window of the server ends. */
  waitMs: number;
  /** It is the borrower's share of the day that is used up: those that wait have nothing to wait for here today. */
  shareFull: boolean;
  /** The server is paused or removed, or not lent any more, sending is locked, or this epoch is over: nothing moved. */
  closed: boolean;
};

type Row = {
  sending: number[] | null;
  final: number[] | null;
  waiting: number[] | null;
  at: Date;
  wait: string | null;
  share_full: boolean | null;
  open: boolean;
};

const dialect = new PgDialect();

/**
 * The hand-off of one server's connections (design: §5, States): in one round trip and one transaction
 * 1. shared advisory locks of the people, so that of a withdrawal and a hand-off one is first; then the server's lock and those of campaigns with a pace of their own,
 *    so that limits are exact;
 * 2. one statement, whose snapshot is taken after those locks: records the last outcomes and their lines of the log, takes the instant, asks restore lock, server, campaign state, the gate
 *    and the limits again, and moves rows to `sending` with epoch and attempt id, their sealed values beside them;
 * 3. COMMIT: the SMTP transactions begin right after it.
 */
export class HandOff {
  private readonly main: Query;
  private readonly epoch: number;
  private readonly locks: Query;
  private readonly name: string;

  /** @param o.organization whose rows it hands over; left out: those of the server's owner */
  constructor(o: { server: Server; organization?: string; epoch: number }) {
    this.epoch = o.epoch;
    this.main = dialect.sqlToQuery(mainSql({ ...o, organization: o.organization ?? o.server.organization }));
    // One text is prepared once, for whichever server and organization.
    this.name = `hand_off_${createHash("sha256").update(this.main.sql).digest("hex").slice(0, 16)}`;
    this.locks = dialect.sqlToQuery(sql`
      with people as materialized (select count(${sharedLock(sql`c`)}) from unnest(${given("people", "uuid[]")}) c),
      server as materialized (${serverLock(o.server.id)} from people)
      select count(${paceLock(sql`c.id`)}) from server left join (
        select id from campaigns where id = any(${given("campaigns", "uuid[]")}) and per_hour is not null order by id) c on true`);
  }

  /**
   * @param pool of connections with `pipeline`: the four queries leave in one packet
   * @throws what the database throws; whether it committed is then to be asked (`settleDoubt`) unless it was an SQL error
   */
  async run(pool: pg.Pool, results: Result[], wanted: Wanted[]): Promise<HandedOff> {
    const client = await pool.connect();
    let broken: Error | undefined;
    try {
      // In one order everywhere: two hand-offs never wait for each other.
      const people = wanted.map((row) => row.contact).sort();
      const campaigns = [...new Set(wanted.map((row) => row.campaign))];
      const answers = await Promise.allSettled(
        together(client, () => [
          client.query("begin"),
          client.query({
            name: "hand_off_locks",
            text: this.locks.sql,
            values: fillPlaceholders(this.locks.params, { people, campaigns }),
          }),
          client.query<Row>({
            name: this.name,
            text: this.main.sql,
            values: this.values(results, wanted),
          }),
          client.query("commit"),
        ]),
      );
      const failed = answers.find((answer) => answer.status === "rejected");
      if (failed) throw failed.reason;
      const main = answers[2] as PromiseFulfilledResult<pg.QueryResult<Row>>;
      return read(main.value.rows[0]);
    } catch (error) {
      broken = error as Error;
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private values(results: Result[], wanted: Wanted[]): unknown[] {
    return fillPlaceholders(this.main.params, {
      epoch: this.epoch,
      ...resultValues(results),
      w_campaign: wanted.map((w) => w.campaign),
      w_position: wanted.map((w) => w.position),
      w_attempt: wanted.map((w) => w.attempt),
      w_contact: wanted.map((w) => w.contact),
      w_list: wanted.map((w) => w.list),
      w_domain: wanted.map((w) => w.domain),
      w_fault: wanted.map((w) => w.fault),
      w_sha256: wanted.map((w) => w.sha256),
      w_subject: wanted.map((w) => w.subject),
      w_sealed: wanted.map((w) => w.sealed),
    });
  }
}

/** Writes what `ask` asks of a pipelined connection at once: one system call instead of four. */
function together<T>(client: pg.PoolClient, ask: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.cork();
  try {
    return ask();
  } finally {
    stream.uncork();
  }
}

function read(row: Row | undefined): HandedOff {
  const list = (numbers: number[] | null | undefined) => (numbers ?? []).map((n) => Number(n) - 1);
  return {
    sending: list(row?.sending),
    final: list(row?.final),
    waiting: list(row?.waiting),
    at: new Date(row?.at ?? 0),
    waitMs: Math.ceil(Number(row?.wait ?? 0)),
    shareFull: row?.share_full === true,
    closed: row?.open === false,
  };
}

const wantedSql = sql`
  select * from unnest(${given("w_campaign", "uuid[]")}, ${given("w_position", "int[]")}, ${given("w_attempt", "uuid[]")}, ${given("w_contact", "uuid[]")},
    ${given("w_list", "uuid[]")}, ${given("w_domain", "text[]")}, ${given("w_fault", "text[]")}, ${given("w_sha256", "bytea[]")}, ${given("w_subject", "uuid[]")}, ${given("w_sealed", "bytea[]")})
    with ordinality as w(campaign, position, attempt, contact, list, domain, fault, sha256, subject, sealed, i)`;

// Each wanted row is found by its primary key once (`offset 0` keeps the planner from reading all rows that this epoch holds) and then by where it stands.
function mainSql(o: { server: Server; organization: string }): SQL {
  const { organization } = o;
  const server = o.server.id;
  const epoch = given("epoch", "int");
  return sql`
  with moment as materialized (select app_now() as at),
  result as materialized (${resultSql}),
  done as (${doneSql}),
  logged as (${loggedSql(sql`${server}::uuid`)}),
  wanted as materialized (${wantedSql}),
  door as materialized (
    select exists (select from servers s where s.id = ${server}::uuid and s.paused_at is null and s.removed_at is null)
       and exists (select from processes p where p.epoch = ${epoch} and p.ended_at is null)
       and ${mayUseSql(server, organization)} and ${notPaused(organization)}
       and not exists (select from installation where locked_since is not null) as open
  ),
  held as materialized (
    select w.*, d.row from wanted w
     cross join lateral (select d.ctid as row, d.state, d.epoch from deliveries d where d.campaign = w.campaign and d.position = w.position offset 0) d
     cross join lateral (select c.state, c.not_after from campaigns c where c.id = w.campaign offset 0) c
     where (select open from door) and d.state = 'claimed' and d.epoch = ${epoch} and c.state = 'sending' and ${inTime(sql`c`, sql`(select at from moment)`)}
       and exists (select from campaign_servers u where u.campaign = w.campaign and u.server = ${server}::uuid)
  ),
  verdict as materialized (${gate({
    candidates: sql`select contact, list from held`,
    organization,
    at: sql`select at from moment`,
    real: o.server.kind !== "sandbox",
  })}),
  still as materialized (select p.domain, coalesce(p.retry_at, m.at + interval '1 day') as until from server_domains p, moment m
    where p.server = ${server}::uuid and (p.retry_at is null or p.retry_at > m.at)),
  ${limitsSql(server, organization)},
  moved as (
    update deliveries d
       set state = 'sending', attempt = g.attempt, tries = d.tries + 1, basis = g.basis, decided_at = m.at, reason = null
      from granted g, moment m
     where d.ctid = g.row and d.state = 'claimed' and d.epoch = ${epoch}
    returning g.i
  ),
  kept as (
    insert into delivery_values (campaign, position, subject, sealed, sha256) select campaign, position, subject, sealed, sha256 from granted
    on conflict (campaign, position) do update set subject = excluded.subject, sealed = excluded.sealed, sha256 = excluded.sha256
  ),
  refused as (
    update deliveries d
       set state = (case when v.reason is null then 'rejected' else 'excluded' end)::delivery_state, reason = coalesce(v.reason, h.fault),
           basis = null, decided_at = m.at, epoch = null
      from held h join verdict v on v.contact = h.contact, moment m
     where d.ctid = h.row and d.state = 'claimed' and d.epoch = ${epoch} and (v.reason is not null or h.fault is not null)
    returning h.i
  ),
  parked as ( -- her domain stands still at this server: others go on
    update deliveries d set state = 'deferred', reason = 'domain_paused', next_at = still.until, epoch = null
      from held h join verdict v on v.contact = h.contact join still on still.domain = h.domain
     where d.ctid = h.row and d.state = 'claimed' and d.epoch = ${epoch} and v.reason is null and h.fault is null
    returning h.i
  ),
  crowded as ( -- the windows of her domain are full: others go on
    update deliveries d set state = 'deferred', reason = 'domain_limit', next_at = a.ends, epoch = null
      from allowed a where d.ctid = a.row and d.state = 'claimed' and d.epoch = ${epoch} and a.nth > a.room
    returning a.i
  )
  select (select array_agg(i::int) from moved) as sending,
         (select array_agg(i::int) from (select i from refused union all select i from parked union all select i from crowded) x) as final,
         (select array_agg(i::int) from fit where n > (select count(*) from granted)) as waiting,
         (select at from moment) as at, (select open from door) as open,
         (select extract(epoch from max(ends) - (select at from moment)) * 1000 from windows
           where room_campaign <= (select count(*) from granted)) as wait,
         (select room_campaign <= (select count(*) from granted) from windows where unit = 'share') as share_full`;
}

/**
 * Of the rows that the gate lets pass (`allowed`), in their order: those that their recipients' domains have room for, then those that the pace of their campaign
 * has room for (`fit`), then as many as the server has room for (`granted`); these are counted in all windows.
 */
function limitsSql(server: string, organization: string): SQL {
  const at = sql`(select at from moment)`;
  return sql`
  windows as materialized (${windowsSql(server, at, organization)}),
  of_domains as materialized (${domainWindowsSql(server, sql`held`, at, "campaign")}),
  rooms as materialized (${domainRoomsSql(sql`of_domains`)}),
  paces as materialized (select c.id as campaign, p.* from campaigns c cross join lateral (${paceSql(sql`c`, at)}) p where c.id in (select campaign from held)),
  allowed as materialized (
    select h.*, v.basis, r.room, r.ends, row_number() over (partition by h.domain order by h.i) as nth
      from held h join verdict v on v.contact = h.contact left join rooms r on r.domain = h.domain
     where v.reason is null and h.fault is null and not exists (select from still where still.domain = h.domain)
  ),
  paced as materialized (
    select a.*, p.room as pace, row_number() over (partition by a.campaign order by a.i) as mine
      from allowed a join paces p on p.campaign = a.campaign where a.room is null or a.nth <= a.room
  ),
  fit as materialized (select p.*, row_number() over (order by p.i) as n from paced p where p.pace is null or p.mine <= p.pace),
  granted as materialized (select * from fit where n <= coalesce((select min(room_campaign) from windows), 2147483647)),
  charged as (${chargeSql(server, sql`windows`, { kind: "campaign", n: sql`(select count(*)::int from granted)` })}),
  charged_share as (${chargeShareSql({ server, organization, windows: sql`windows`, kind: "campaign", n: sql`(select count(*)::int from granted)` })}),
  charged_domains as (${chargeDomainsSql(server, sql`granted`, sql`of_domains`)}),
  charged_paces as (${chargePacesSql(sql`granted`, sql`paces`)})`;
}
