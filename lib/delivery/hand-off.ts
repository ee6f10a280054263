import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { fillPlaceholders, type Query, sql } from "drizzle-orm";
import { PgDialect } from "drizzle-orm/pg-core";
import type pg from "pg";
import { sharedLock } from "../contacts/lock.ts";
import type { Server } from "../servers/types.ts";
import { serverLock } from "../servers/windows.ts";
import { paceLock } from "./campaign-pace.ts";
import { handOffSql } from "./hand-off-sql.ts";
import { given, type Result, resultValues } from "./results.ts";

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
   * pace (also one that it was given since they were taken), or another epoch has taken them.
   */
  waiting: number[];
  at: Date;
  /** Until the fullest window of the server ends. */
  waitMs: number;
  /** It is the borrower's share of the day that is used up: those that wait have nothing to wait for here today. */
  shareFull: boolean;
  /** The server is paused, removed, not lent any more or other than the lane has read it, sending is locked, or this epoch is over: nothing moved. */
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
  private readonly paced: boolean;
  private readonly locks: Query;
  private readonly name: string;

  /** @param o.organization whose rows it hands over; left out: those of the server's owner · `paced`: some of their campaigns have a pace or hours of their own */
  constructor(o: { server: Server; organization?: string; paced?: boolean; epoch: number }) {
    this.epoch = o.epoch;
    this.paced = o.paced ?? true;
    const organization = o.organization ?? o.server.organization;
    this.main = dialect.sqlToQuery(handOffSql({ server: o.server, organization, paced: this.paced }));
    // One text is prepared once, for whichever server and organization.
    this.name = `hand_off_${createHash("sha256").update(this.main.sql).digest("hex").slice(0, 16)}`;
    const paces = sql`
      select count(${paceLock(sql`c.id`)}) from server left join (
        select id from campaigns where id = any(${given("campaigns", "uuid[]")}) and per_hour is not null order by id) c on true`;
    this.locks = dialect.sqlToQuery(sql`
      with people as materialized (select count(${sharedLock(sql`c`)}) from unnest(${given("people", "uuid[]")}) c),
      server as materialized (${serverLock(o.server.id)} from people) ${this.paced ? paces : sql`select from server`}`);
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
            name: this.paced ? "hand_off_locks_paced" : "hand_off_locks",
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
