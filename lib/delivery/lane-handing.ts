import { SETTLE_MS } from "../servers/hours.ts";
import { pauseServer } from "../servers/pause.ts";
import { replyText } from "../servers/reply.ts";
import { giveBack } from "../servers/windows.ts";
import type { Wire } from "../servers/wire.ts";
import { release } from "./claim.ts";
import type { Composed } from "./compose.ts";
import { Composing } from "./composing.ts";
import type { Line } from "./connections.ts";
import { rowKey, settleDoubt } from "./doubt.ts";
import { beyondTheRow } from "./effect.ts";
import { HandOff } from "./hand-off.ts";
import type { LaneRows } from "./lane-rows.ts";
import { codeOf, isRefusal, type LaneState, LOOK_MS } from "./lane-state.ts";
import { outcomeOf } from "./outcome.ts";
import { type Result, recordResults } from "./results.ts";
import type { Attempt, Claimed } from "./types.ts";

/** What becomes of an attempt that was never begun. */
const UNTOUCHED = { state: "pending", reason: null, reply: null, wait: null, domain: null } as const;

/** The database may have been away for a moment, a key ring may be on its way. */
const NOT_SIGNED_SECONDS = 60;

/** Composes claimed rows, hands them off, writes them to connections, and brings the outcomes home. */
export class Handing {
  private readonly state: LaneState;
  private readonly rows: LaneRows;
  /** By what their statement is made for. */
  private readonly handOffs = new Map<string, HandOff>();
  private readonly composing: Composing;
  private results: Result[] = [];
  /** Of the last hand-off, in milliseconds. */
  tookMs = 0;
  /** Attempts whose COMMIT went unanswered and looked undone: should it land late, the row goes back. */
  private readonly doubtful = new Map<string, Attempt[]>();

  constructor(state: LaneState, rows: LaneRows) {
    this.state = state;
    this.rows = rows;
    this.composing = new Composing(state);
  }

  /** Outcomes that are not yet written. */
  get waiting(): number {
    return this.results.length;
  }

  /** Rows that will be handed over next. */
  ahead(rows: Claimed[]): void {
    this.composing.ahead(rows);
  }

  /** Hands over one row for each free connection; the last outcomes go along. */
  async hand(rows: Claimed[]): Promise<void> {
    // One id for the window: an attempt is a row's place and this.
    const attempt = this.state.w.s.randomId();
    const composed = await this.composing.take(rows, attempt).catch((error: unknown) => this.notSigned(rows, error));
    if (!composed) return;
    const results = this.results.splice(0);
    const wanted = composed.map((one) => one.wanted);
    const begun = performance.now();
    const handOff = this.handOffOf(rows);
    const done = await handOff.run(this.state.w.pool, results, wanted).catch((error: unknown) => {
      this.results.unshift(...results);
      return this.afterFailure(composed, error);
    });
    if (!done) return;
    this.tookMs = performance.now() - begun;
    // Counted in one hour and written in the next one (a process that was frozen in between): it does not leave, and is not counted.
    const late = this.tookMs > SETTLE_MS;
    for (const i of done.sending) this.send(composed[i], { at: done.at, late });
    const rowsOf = (indexes: number[]) => indexes.flatMap((i) => composed[i]?.row ?? []);
    if (done.closed) {
      this.rows.putBack(composed.map((one) => one.row));
      this.state.lookAt = 0;
      this.state.limit(LOOK_MS);
      return this.rows.release();
    }
    // Where her share of the day is used up, the server's owner and others go on.
    const waiting = done.shareFull ? [] : done.waiting;
    this.rows.putBack(rowsOf(waiting));
    if (waiting.length > 0) this.state.waitForWindow(Math.max(1, done.waitMs));
    const ours = new Set([...done.sending, ...done.final, ...waiting]);
    await this.noLongerOurs(rowsOf([...composed.keys()].filter((i) => !ours.has(i))));
  }

  /** The statement for these rows: one for each organization, and for what the server and the campaigns have (`handOffSql`). */
  private handOffOf(rows: Claimed[]): HandOff {
    const { server, w } = this.state;
    const of = {
      organization: rows[0]?.organization ?? server.organization,
      paced: rows.some((row) => row.paced),
    };
    const name = JSON.stringify([of, server.organization, server.domainLimits.length > 0]);
    const known = this.handOffs.get(name) ?? new HandOff({ server, ...of, epoch: w.owner.epoch });
    this.handOffs.set(name, known);
    return known;
  }

  /** Writes outcomes when there is nothing to hand over beside them. */
  async record(): Promise<void> {
    const results = this.results.splice(0);
    try {
      await recordResults(this.state.w.pool, { server: this.state.server.id, results });
    } catch (error) {
      this.results.unshift(...results);
      throw error;
    }
  }

  /** Paused, cancelled, or taken by somebody else: given back where they are still ours. A COMMIT that landed late, after it looked undone, is taken back. */
  private async noLongerOurs(lost: Claimed[]): Promise<void> {
    for (const row of lost) {
      for (const attempt of this.doubtful.get(rowKey(row)) ?? []) this.results.push({ ...attempt, ...UNTOUCHED });
      this.doubtful.delete(rowKey(row));
    }
    const { s, owner } = this.state.w;
    if (lost.length > 0) await release(s.db, { epoch: owner.epoch, rows: lost });
  }

  /** What should be signed and cannot be does not leave: the server waits, and says why. */
  private async notSigned(rows: Claimed[], error: unknown): Promise<undefined> {
    const { w, server } = this.state;
    w.s.log.error("not_signed", { server: server.id, code: codeOf(error) });
    this.rows.putBack(rows);
    await pauseServer(w.s.db, { server: server.id, reason: "dkim", retrySeconds: NOT_SIGNED_SECONDS });
    this.state.lookAt = 0;
    this.state.limit(LOOK_MS);
  }

  private send(one: Composed | undefined, { at, late }: { at: Date; late: boolean }): void {
    const to = one?.row.recipient?.values.to;
    if (!one?.message || !to) return;
    const attempt: Attempt = {
      campaign: one.row.campaign,
      position: one.row.position,
      attempt: one.wanted.attempt,
      epoch: this.state.w.owner.epoch,
    };
    const line = late ? undefined : this.state.connections.take();
    if (line) this.state.work(this.write(line, one, { attempt, to, at, message: one.message }));
    else {
      // Too late, or the connection went between the hand-off and now: nothing was begun.
      this.results.push({ ...attempt, ...UNTOUCHED });
      void this.giveBack(one, at);
    }
  }

  private async write(
    line: Line,
    one: Composed,
    o: { attempt: Attempt; to: string; at: Date; message: Buffer | Wire },
  ): Promise<void> {
    const { w, server, connections } = this.state;
    const answer = await this.state.carry(line, { from: one.row.envelopeFrom, to: o.to }, o.message);
    if (one.memory && answer.flushed) w.buffers.give(one.memory);
    const outcome = outcomeOf(answer, one.row.tries + 1);
    const reply = replyText(answer.reply, o.to);
    const domain = one.wanted.domain ?? "";
    // Before the outcome: dying in between leaves an uncertain row and a suppressed address, not a dead address that is written to again.
    if (outcome.effect !== "none")
      await beyondTheRow(w, { outcome, server, domain, reply, row: one.row, organization: one.row.organization });
    if (outcome.effect === "slower") connections.slower();
    connections.put(line);
    const { state, reason, wait } = outcome;
    if (answer.untouched && answer.code === undefined) this.results.push({ ...o.attempt, ...UNTOUCHED, reply, domain });
    else this.results.push({ ...o.attempt, state, reason, reply, wait, domain });
    if (answer.untouched) await this.giveBack(one, o.at);
  }

  private async giveBack({ row, wanted: { domain, campaign } }: Composed, at: Date): Promise<void> {
    const { w, server } = this.state;
    const { organization } = row;
    const counted = {
      server: server.id,
      organization,
      kind: "campaign",
      domain: domain ?? "",
      pace: campaign,
      at,
    } as const;
    await giveBack(w.s.db, counted).catch(() => undefined);
  }

  /** A hand-off whose answer was lost, or that PostgreSQL refused. Nothing of it was begun; what committed is asked, by attempt id. */
  private async afterFailure(composed: Composed[], error: unknown): Promise<undefined> {
    const { w, server, signal } = this.state;
    w.s.log.warn("hand_off_failed", { server: server.id, code: codeOf(error) });
    if (isRefusal(error)) {
      this.rows.putBack(composed.map((one) => one.row));
      await signal.wait(500);
      return;
    }
    const attempts = composed.map(({ wanted: { campaign, position, attempt } }) => ({
      campaign,
      position,
      attempt,
      epoch: w.owner.epoch,
    }));
    // An epoch that is lost asks on: only a process that ends cannot wait for PostgreSQL to come back.
    while (!(w.ending() && w.owner.lost())) {
      const settled = await settleDoubt(w.s.db, attempts).catch(() => undefined);
      if (settled) return this.afterDoubt(composed, attempts, settled);
      await signal.wait(250);
    }
  }

  private afterDoubt(
    composed: Composed[],
    attempts: Attempt[],
    settled: { committed: Set<string>; claimed: Set<string> },
  ): undefined {
    for (const [i, one] of composed.entries()) {
      const attempt = attempts[i];
      if (!attempt) continue;
      if (settled.committed.has(rowKey(attempt))) this.results.push({ ...attempt, ...UNTOUCHED });
      else if (settled.claimed.has(rowKey(attempt))) {
        this.doubtful.set(rowKey(one.row), [...(this.doubtful.get(rowKey(one.row)) ?? []), attempt]);
        this.rows.putBack([one.row]);
      }
    }
  }
}
