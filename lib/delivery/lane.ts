import { eq } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { DomainError } from "../errors.ts";
import { pauseServer } from "../servers/pause.ts";
import { replyText } from "../servers/reply.ts";
import type { Server } from "../servers/types.ts";
import { giveBack } from "../servers/windows.ts";
import { type CampaignFacts, claim, release } from "./claim.ts";
import { type Composed, compose } from "./compose.ts";
import { Connections, connectAnswer, type Line } from "./connections.ts";
import { cover } from "./cover.ts";
import { settleDoubt } from "./doubt.ts";
import { applyEffect } from "./effect.ts";
import { type HandedOff, HandOff, type Result, recordResults } from "./hand-off.ts";
import { look } from "./lane-look.ts";
import { outcomeOf } from "./outcome.ts";
import { connectTo } from "./route.ts";
import { Signal } from "./signal.ts";
import { recordSystem, systemDue, systemMessageId, takeSystem } from "./system-mail.ts";
import type { Attempt, Claimed } from "./types.ts";
import type { World } from "./world.ts";

/** How often a lane looks when nobody rings. */
const LOOK_MS = 1000;
/** Most rows of one block (formats.md §4): about what a server takes in a second. */
const BLOCK = 500;
/** Gathers steps of connections for so long, while others are still busy. */
const GATHER_MS = 4;
/** A wait that is longer than this gives claimed rows back. */
const SHORT_MS = 3000;
/** Idle connections are ended after so long, and then the lane. */
const IDLE_MS = 20_000;
/** Back-off in seconds while a server does not answer. */
const UNREACHABLE = [5, 15, 30, 60, 120, 300];

/**
 * Everything that one process hands over to one server: system mail first, then its campaigns, over at most as many connections as the server allows.
 * A loop of turns: look, claim, compose, hand off, write to the connections; whatever fails in a turn is tried again in a later one.
 */
export class Lane {
  readonly server: string;
  private readonly w: World;
  private row: Server;
  private readonly connections: Connections;
  private readonly handOff: HandOff;
  private readonly signal = new Signal();
  private readonly prepared = new Map<string, Promise<unknown>>();
  private ready: Claimed[] = [];
  private results: Result[] = [];
  /** Attempts whose COMMIT went unanswered and looked undone: should it land late, the row goes back. */
  private readonly doubtful = new Map<string, Attempt[]>();
  private busy = 0;
  private due = 0;
  /** The last look found rows to take, and room for them. */
  private work = false;
  private stopping = false;
  private failures = 0;
  private lookAt = 0;
  private limitedUntil = 0;
  private usedAt = performance.now();
  private refilling: Promise<void> | undefined;

  constructor(w: World, row: Server) {
    this.w = w;
    this.row = row;
    this.server = row.id;
    this.handOff = new HandOff({ server: row, epoch: w.owner.epoch });
    this.connections = new Connections({
      server: row.id,
      most: row.connections,
      owner: w.owner,
      connect: async () => {
        const connection = await connectTo(w.s, this.row, w);
        this.failures = 0;
        return connection;
      },
      onChange: () => this.signal.wake(),
      onFail: (error) => void this.couldNotConnect(error),
    });
  }

  /** Something may have become due. */
  wake(): void {
    this.lookAt = 0;
    this.signal.wake();
  }

  /** Nothing to do for a while. */
  idle(): boolean {
    return (
      this.busy === 0 &&
      this.ready.length === 0 &&
      this.results.length === 0 &&
      performance.now() - this.usedAt > IDLE_MS
    );
  }

  /** Works until `stop`, or until the epoch is lost. Outcomes of what is with the server at that moment are still written. */
  async run(): Promise<void> {
    while (!this.stopping && !this.w.owner.lost()) {
      try {
        await this.turn();
      } catch (error) {
        this.w.s.log.warn("lane_turn_failed", { server: this.server, code: codeOf(error) });
        await this.signal.wait(500);
      }
    }
    await this.drain();
  }

  stop(): void {
    this.stopping = true;
    this.signal.wake();
  }

  private async turn(): Promise<void> {
    const now = performance.now();
    if (now >= this.lookAt) await this.look();
    if (this.due > 0) await this.sendSystem();
    if (this.work) this.connections.grow(1); // a connection first: who has none takes no rows
    if (
      this.work &&
      this.connections.size() > 0 &&
      this.ready.length < this.row.connections * 2 &&
      now >= this.limitedUntil
    )
      this.refill();
    if (this.ready.length === 0 && this.refilling) await Promise.race([this.refilling, this.signal.wait(LOOK_MS)]);
    const limited = performance.now() < this.limitedUntil;
    this.connections.grow(this.busy + (limited ? 0 : this.ready.length) + this.due);
    const free = limited ? 0 : Math.min(this.connections.free(), this.ready.length);
    if (free > 0 && this.busy > 0) await this.gather();
    const rows = limited ? [] : this.pick(this.connections.free());
    if (rows.length > 0) await this.hand(rows);
    else if (this.results.length > 0) await this.record();
    else await this.rest();
  }

  /** A statement for one row costs nearly as much as for ten: waits a moment for the connections that are about to be free. */
  private async gather(): Promise<void> {
    for (const end = performance.now() + GATHER_MS; this.busy > 0 && performance.now() < end; )
      await this.signal.wait(GATHER_MS);
  }

  private async rest(): Promise<void> {
    if (this.idle()) this.connections.closeIdle();
    if (this.ready.length > 0 && this.connections.starved()) {
      // Whoever has the connections shall have the rows.
      await this.giveRowsBack();
      this.limit(LOOK_MS);
    }
    const now = performance.now();
    const until = Math.min(Math.max(this.lookAt, now + 5), this.limitedUntil > now ? this.limitedUntil : now + LOOK_MS);
    await this.signal.wait(Math.max(5, until - now));
  }

  private async look(): Promise<void> {
    this.lookAt = performance.now() + LOOK_MS;
    const [row] = await this.w.s.db.select().from(servers).where(eq(servers.id, this.server));
    if (row) this.row = row;
    const whose = { organization: this.row.organization, staff: this.w.staffServer() === this.server };
    const open = this.row.pausedAt === null && this.row.removedAt === null;
    this.due = open ? await systemDue(this.w.s, whose) : 0;
    const found = await look(this.w.s.db, this.server);
    this.work = found.open && found.room > 0 && found.campaigns.length > 0;
    if (found.open && found.room === 0) this.limit(found.waitMs);
    if (!open) {
      this.connections.closeIdle();
      await this.giveRowsBack();
      this.limitedUntil = performance.now() + LOOK_MS;
    }
  }

  /** Claims the next rows of this server's campaigns, oldest launch first, as many as its limits let through at once. */
  private refill(): void {
    this.refilling ??= this.claimMore()
      .catch((error) => this.w.s.log.warn("claim_failed", { server: this.server, code: codeOf(error) }))
      .finally(() => {
        this.refilling = undefined;
      });
  }

  private async claimMore(): Promise<void> {
    const { s, owner, covered } = this.w;
    const found = await look(s.db, this.server);
    if (!found.open || found.room === 0) {
      this.limit(found.open ? found.waitMs : LOOK_MS);
      return;
    }
    let room = Math.min(BLOCK, found.room - this.ready.length - this.busy);
    let got = 0;
    for (const facts of found.campaigns) {
      if (room <= 0 || owner.lost() || this.stopping) break;
      const campaign: CampaignFacts = { ...facts, server: this.row };
      const upto = await cover(s, covered, { campaign: facts.id, block: room });
      if (upto < 0) continue;
      const rows = await claim(s, { campaign, epoch: owner.epoch, covered: upto, n: room });
      this.ready.push(...rows);
      room -= rows.length;
      got += rows.length;
    }
    if (got > 0) {
      this.usedAt = performance.now();
      this.signal.wake();
    } else this.work = false;
  }

  private limit(ms: number): void {
    this.limitedUntil = performance.now() + Math.max(5, Math.min(ms, LOOK_MS * 5));
  }

  /** The next rows, no person twice in one window: the gate gives one answer a person. */
  private pick(n: number): Claimed[] {
    const people = new Set<string>();
    const [picked, left]: [Claimed[], Claimed[]] = [[], []];
    for (const row of this.ready) {
      if (picked.length < n && !people.has(row.contact)) {
        people.add(row.contact);
        picked.push(row);
      } else left.push(row);
    }
    this.ready = left;
    return picked;
  }

  private async hand(rows: Claimed[]): Promise<void> {
    const composed = (await Promise.all(rows.map((row) => this.compose(row)))).filter((one) => one !== undefined);
    const results = this.results.splice(0);
    let done: HandedOff;
    try {
      done = await this.handOff.run(
        this.w.pool,
        results,
        composed.map((one) => one.wanted),
      );
    } catch (error) {
      this.results.unshift(...results);
      await this.afterFailure(composed, error);
      return;
    }
    this.usedAt = performance.now();
    const all = new Set([...done.sending, ...done.final, ...done.waiting]);
    for (const i of done.sending) this.send(composed[i], done.at);
    if (done.closed) {
      this.ready.unshift(...composed.map((one) => one.row));
      this.lookAt = 0;
      this.limit(LOOK_MS);
      await this.giveRowsBack();
      return;
    }
    this.ready.unshift(...done.waiting.map((i) => composed[i]?.row).filter((row) => row !== undefined));
    if (done.waiting.length > 0) await this.waitForWindow(done.waitMs);
    await this.noLongerOurs(composed.filter((_, i) => !all.has(i)));
  }

  private async waitForWindow(ms: number): Promise<void> {
    this.limitedUntil = performance.now() + Math.max(5, ms);
    if (ms > SHORT_MS) await this.giveRowsBack();
    if (ms > LOOK_MS) this.limit(ms);
  }

  /** Paused, cancelled, or taken by somebody else: given back where they are still ours. A COMMIT that landed late, after it looked undone, is taken back. */
  private async noLongerOurs(lost: Composed[]): Promise<void> {
    for (const { row } of lost) {
      for (const attempt of this.doubtful.get(keyOf(row)) ?? []) this.results.push({ ...attempt, ...UNTOUCHED });
      this.doubtful.delete(keyOf(row));
    }
    if (lost.length > 0) await release(this.w.s.db, { epoch: this.w.owner.epoch, rows: lost.map((one) => one.row) });
  }

  private async compose(row: Claimed): Promise<Composed | undefined> {
    const { s, mailer } = this.w;
    let prepared = this.prepared.get(row.campaign);
    if (!prepared) {
      prepared = mailer.prepare(s, { campaign: row.campaign });
      this.prepared.set(row.campaign, prepared);
    }
    try {
      return compose(s, { mailer, prepared: await prepared, row });
    } catch (error) {
      // The frozen texts themselves cannot be used: nobody of this campaign is to blame.
      this.prepared.delete(row.campaign);
      await this.stopCampaign(row, error);
      return undefined;
    }
  }

  private async stopCampaign(row: Claimed, error: unknown): Promise<void> {
    const { s } = this.w;
    s.log.error("campaign_not_prepared", { campaign: row.campaign, code: codeOf(error) });
    await applyEffect.pauseCampaign(s.db, { campaign: row.campaign, reason: "cannot_prepare" });
    await release(s.db, { epoch: this.w.owner.epoch, rows: [row] });
  }

  private send(one: Composed | undefined, at: Date): void {
    const recipient = one?.row.recipient;
    if (!one?.raw || !recipient) return;
    const line = this.connections.take();
    const attempt: Attempt = {
      campaign: one.row.campaign,
      position: one.row.position,
      attempt: one.wanted.attempt,
      epoch: this.w.owner.epoch,
    };
    if (!line) {
      // The connection went between the hand-off and now: nothing was begun.
      this.results.push({ ...attempt, ...UNTOUCHED });
      void this.giveBack(at);
      return;
    }
    this.busy++;
    this.write(line, one, { attempt, to: recipient.values.to, at }).finally(() => {
      this.busy--;
      this.signal.wake();
    });
  }

  private async write(line: Line, one: Composed, o: { attempt: Attempt; to: string; at: Date }): Promise<void> {
    const answer = await line.smtp.send({ from: this.row.envelopeFrom, to: o.to }, one.raw as Buffer);
    const outcome = outcomeOf(answer, one.row.tries + 1);
    const reply = replyText(answer.reply, o.to);
    // Before the outcome: dying in between leaves an uncertain row and a suppressed address, not a dead address that is written to again.
    if (outcome.effect !== "none")
      await applyEffect.beyondTheRow(this.w, { outcome, server: this.row, contact: one.row.contact, reply });
    if (outcome.effect === "slower") this.connections.slower();
    this.connections.put(line);
    if (answer.untouched && answer.code === undefined) this.results.push({ ...o.attempt, ...UNTOUCHED, reply });
    else this.results.push({ ...o.attempt, state: outcome.state, reason: outcome.reason, reply, wait: outcome.wait });
    if (answer.untouched) await this.giveBack(o.at);
  }

  private async giveBack(at: Date): Promise<void> {
    await giveBack(this.w.s.db, { server: this.server, kind: "campaign", n: 1, at }).catch(() => undefined);
  }

  private async record(): Promise<void> {
    const results = this.results.splice(0);
    try {
      await recordResults(this.w.pool, results);
    } catch (error) {
      this.results.unshift(...results);
      throw error;
    }
  }

  /** A hand-off whose answer was lost, or that PostgreSQL refused. Nothing of it was begun; what committed is asked, by attempt id. */
  private async afterFailure(composed: Composed[], error: unknown): Promise<void> {
    const { s, owner } = this.w;
    s.log.warn("hand_off_failed", { server: this.server, code: codeOf(error) });
    if (isRefusal(error)) {
      this.ready.unshift(...composed.map((one) => one.row));
      await this.signal.wait(500);
      return;
    }
    const attempts = composed.map(({ wanted: { campaign, position, attempt } }) => ({
      campaign,
      position,
      attempt,
      epoch: owner.epoch,
    }));
    for (;;) {
      const settled = await settleDoubt(s.db, attempts).catch(() => undefined);
      if (settled) {
        this.afterDoubt(composed, attempts, settled);
        return;
      }
      if (this.stopping && owner.lost()) return;
      await this.signal.wait(250);
    }
  }

  private afterDoubt(
    composed: Composed[],
    attempts: Attempt[],
    settled: { committed: Set<string>; claimed: Set<string> },
  ): void {
    for (const [i, one] of composed.entries()) {
      const attempt = attempts[i] as Attempt;
      if (settled.committed.has(attempt.attempt)) {
        this.results.push({ ...attempt, ...UNTOUCHED });
      } else if (settled.claimed.has(attempt.attempt)) {
        this.doubtful.set(keyOf(one.row), [...(this.doubtful.get(keyOf(one.row)) ?? []), attempt]);
        this.ready.push(one.row);
      }
    }
  }

  private async sendSystem(): Promise<void> {
    const { s, owner } = this.w;
    this.connections.grow(this.busy + this.due);
    const n = Math.min(this.connections.free(), this.due);
    if (n === 0) return;
    const whose = { organization: this.row.organization, staff: this.w.staffServer() === this.server };
    const taken = await takeSystem(s, { server: this.row, whose, epoch: owner.epoch, n });
    this.due = taken.mails.length === n ? this.due - n : 0;
    this.usedAt = performance.now();
    for (const mail of taken.mails) {
      const line = this.connections.take();
      if (!line) break;
      this.busy++;
      this.writeSystem(line, mail, taken.at).finally(() => {
        this.busy--;
        this.wake();
      });
    }
  }

  private async writeSystem(line: Line, mail: Parameters<World["composeSystem"]>[1]["mail"], at: Date): Promise<void> {
    const { s, composeSystem } = this.w;
    const messageId = systemMessageId(mail.id, this.row);
    try {
      const { to, raw } = await composeSystem(s, { mail, server: this.row, messageId });
      const answer = await line.smtp.send({ from: this.row.envelopeFrom, to }, raw);
      this.connections.put(line);
      const outcome = await this.untilWritten(() =>
        recordSystem(s, { mail, server: this.row, messageId, raw, answer, reservedAt: at }),
      );
      if (outcome?.effect === "slower") this.connections.slower();
      if (outcome && outcome.effect !== "suppress")
        await applyEffect.beyondTheRow(this.w, { outcome, server: this.row, contact: "", reply: "" });
    } catch (error) {
      this.connections.put(line);
      s.log.error("system_mail_failed", { id: mail.id, kind: mail.kind, code: codeOf(error) });
      await applyEffect.postponeSystem(s.db, { id: mail.id, reason: "not_composed" }).catch(() => undefined);
    }
  }

  /** An answer is worth keeping: tried until PostgreSQL takes it, or this process ends. */
  private async untilWritten<T>(write: () => Promise<T>): Promise<T | undefined> {
    for (let i = 0; i < 600; i++) {
      try {
        return await write();
      } catch (error) {
        if (isRefusal(error) && i > 5) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
    return undefined;
  }

  private async couldNotConnect(error: unknown): Promise<void> {
    const { s } = this.w;
    const answer = connectAnswer(error);
    s.log.warn("server_not_reached", {
      server: this.server,
      code: answer?.code ?? codeOf(error),
      command: answer?.command ?? "host",
    });
    this.limitedUntil = performance.now() + LOOK_MS;
    if (this.stopping || this.w.owner.lost()) return;
    const pause = (reason: Parameters<typeof pauseServer>[1]["reason"], retrySeconds?: number) =>
      pauseServer(s.db, { server: this.server, reason, ...(retrySeconds === undefined ? {} : { retrySeconds }) }).catch(
        () => undefined,
      );
    if (error instanceof DomainError) await pause("host", 300);
    else if (answer?.command === "auth" && (answer.code ?? 0) >= 500) await pause("auth");
    else if (answer?.command === "tls") await pause("tls", 900);
    else if (answer?.code === 421 && this.connections.size() > 0) this.connections.slower();
    // Others of its connections may still work; only a server that takes none stands still.
    else if (this.connections.size() === 0)
      await pause("unreachable", UNREACHABLE[Math.min(this.failures++, UNREACHABLE.length - 1)]);
    this.wake();
  }

  private async giveRowsBack(): Promise<void> {
    if (this.ready.length === 0 || this.w.owner.lost()) return;
    const rows = this.ready.splice(0);
    await release(this.w.s.db, { epoch: this.w.owner.epoch, rows });
  }

  /** Lets what is with the server end, writes its outcomes, gives the rest back. */
  private async drain(): Promise<void> {
    await this.refilling;
    for (let i = 0; this.busy > 0 || this.results.length > 0; i++) {
      if (this.results.length > 0) await this.record().catch(() => undefined);
      if (this.busy > 0 || this.results.length > 0) await this.signal.wait(250);
      if (this.stopping && this.busy === 0 && i > 120) break;
    }
    this.connections.closeIdle();
    await this.giveRowsBack().catch(() => undefined);
  }
}

/** What becomes of an attempt that was never begun. */
const UNTOUCHED = { state: "pending", reason: null, reply: null, wait: null } as const;

const keyOf = (row: { campaign: string; position: number }) => `${row.campaign}/${row.position}`;

/** PostgreSQL itself refused the statement (and so rolled it back); everything else leaves the COMMIT in doubt. */
function isRefusal(error: unknown): boolean {
  const code = (error as { code?: string }).code ?? "";
  return /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P|58|XX)/.test(code);
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? (error as Error).name ?? "unknown";
}
