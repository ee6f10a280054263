import { eq } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import type { Server } from "../servers/types.ts";
import { Connections } from "./connections.ts";
import type { Hands } from "./forgotten.ts";
import { couldNotConnect } from "./lane-connect.ts";
import { Handing } from "./lane-handing.ts";
import { noteHealth } from "./lane-health.ts";
import { LaneRows } from "./lane-rows.ts";
import { codeOf, LaneState, LOOK_MS } from "./lane-state.ts";
import { LaneSystem } from "./lane-system.ts";
import { connectTo } from "./route.ts";
import type { World } from "./world.ts";

/** Gathers steps of connections for at least and at most so long, while others are still busy. */
const GATHER_MS = { least: 4, most: 25 };
/** With such a part of the connections free it is enough: the others keep the server busy meanwhile. */
const GATHERED = 0.75;
/** While campaigns wait longer than this, claimed rows are given back. */
const SHORT_MS = 2500;
/** Messages that are signed before their turn: two windows of most servers, and 1 MB of mail at most. */
const AHEAD = 32;
/** Failures within so long are one: the connections to a server that went away break in the same moment. */
const TOGETHER_MS = 2000;
/** Idle connections are ended after so long, and then the lane. */
const IDLE_MS = 20_000;
/** Rounds of a quarter second that a process which ends waits for outcomes to be written once nothing is with the server. */
const DRAIN_ROUNDS = 120;

/**
 * Everything that one process hands over to one server: system mail first, then its campaigns, over at most as many connections as the server allows.
 * A loop of turns: look, claim, compose, hand off, write to the connections; whatever fails in a turn is tried again in a later one.
 */
export class Lane {
  private readonly state: LaneState;
  private readonly rows: LaneRows;
  private readonly system: LaneSystem;
  private readonly handing: Handing;
  private failures = 0;
  private failedAt = Number.NEGATIVE_INFINITY;

  constructor(w: World, server: Server) {
    this.state = new LaneState(w, server, (state) => this.connectionsOf(state));
    this.rows = new LaneRows(this.state);
    this.system = new LaneSystem(this.state);
    this.handing = new Handing(this.state, this.rows);
  }

  private connectionsOf(state: LaneState): Connections {
    return new Connections({
      server: state.server.id,
      most: () => state.server.connections,
      careful: () => this.failures > 0,
      messages: () => state.server.messagesPerConnection,
      owner: state.w.owner,
      connect: async () => {
        const connection = await connectTo(state.w.s, state.server, state.w);
        this.failures = 0;
        return connection;
      },
      onChange: () => state.signal.wake(),
      onFail: (error, others) => void couldNotConnect(state, error, { failures: this.failedBefore(), others }),
    });
  }

  /** How often in a row the server did not answer before. Connections that were tried together fail together: they are one failure. */
  private failedBefore(): number {
    const now = performance.now();
    if (this.failures === 0 || now - this.failedAt > TOGETHER_MS) this.failures++;
    this.failedAt = now;
    return this.failures - 1;
  }

  /** Something may have become due. */
  wake(): void {
    this.rows.anew();
    this.state.wake();
  }

  /** What it has in its hands and has not begun. */
  get hands(): Hands {
    return { row: (key) => this.rows.has(key), mail: (id) => this.system.has(id) };
  }

  /** Nothing to do for a while. */
  idle(): boolean {
    const { busy, usedAt } = this.state;
    return busy + this.rows.length + this.handing.waiting === 0 && performance.now() - usedAt > IDLE_MS;
  }

  stop(): void {
    this.state.stopping = true;
    this.state.signal.wake();
  }

  /** Works until `stop`, or until the epoch is lost. Outcomes of what is with the server at that moment are still written. */
  async run(): Promise<void> {
    const { w, server, signal } = this.state;
    while (!this.state.stopping && !w.owner.lost()) {
      try {
        await this.turn();
      } catch (error) {
        w.s.log.warn("lane_turn_failed", { server: server.id, code: codeOf(error) });
        await signal.wait(500);
      }
    }
    await this.drain();
  }

  private async turn(): Promise<void> {
    const { connections, signal } = this.state;
    if (performance.now() >= this.state.lookAt) await this.look();
    if (this.system.due > 0) await this.system.send();
    if (this.rows.work) connections.grow(1);
    if (this.rows.refill() && this.rows.length === 0) await signal.wait(LOOK_MS); // cut short when rows are there
    const limited = this.state.limited();
    connections.grow(this.state.busy + (limited ? 0 : this.rows.length) + this.system.due);
    if (!limited && Math.min(connections.free(), this.rows.length) > 0) await this.gather();
    const rows = limited ? [] : this.rows.pick(connections.free());
    // Once the hand-off is on its way to PostgreSQL: until it is back this thread has nothing else to do.
    if (!limited) setImmediate(() => this.handing.ahead(this.rows.next(AHEAD)));
    if (rows.length > 0) await this.handing.hand(rows).finally(() => this.rows.handed());
    else if (this.handing.waiting > 0) await this.handing.record();
    else await this.rest();
  }

  /**
   * A statement for one row costs nearly as much as for ten: waits a moment for the connections that are about to be free. Who comes right after it has left waits as long as
   * a hand-off takes: so long it may wait for her.
   */
  private async gather(): Promise<void> {
    const { connections, signal } = this.state;
    const ms = Math.min(GATHER_MS.most, Math.max(GATHER_MS.least, this.handing.tookMs));
    const end = performance.now() + ms;
    const enough = Math.min(this.rows.length, Math.ceil(connections.size() * GATHERED));
    while (this.state.busy > 0 && connections.free() < enough && performance.now() < end) await signal.wait(ms);
  }

  private async rest(): Promise<void> {
    const { connections, signal, lookAt, limitedUntil } = this.state;
    if (this.idle()) connections.closeIdle();
    const now = performance.now();
    if (this.rows.length > 0 && (connections.starved() || limitedUntil - now > SHORT_MS || this.rows.held())) {
      // Whoever has the connections shall have the rows; while all wait for a window, nobody holds any.
      await this.rows.release();
    }
    await signal.wait(Math.max(5, Math.min(lookAt, limitedUntil > now ? limitedUntil : now + LOOK_MS) - now));
  }

  /** Reads the server anew (its limits and pauses are a person's to change), and what is due. */
  private async look(): Promise<void> {
    const { w, connections } = this.state;
    this.state.lookAt = performance.now() + LOOK_MS;
    const [row] = await w.s.db.select().from(servers).where(eq(servers.id, this.state.server.id));
    if (row) this.state.server = row;
    await noteHealth(this.state);
    const { pausedAt, removedAt } = this.state.server;
    if (pausedAt === null && removedAt === null) {
      await this.system.look();
      await this.rows.look();
      return;
    }
    this.system.due = 0;
    this.rows.work = false;
    connections.closeIdle();
    await this.rows.release();
    this.state.limit(LOOK_MS);
  }

  private notWritten(error: unknown): void {
    const { w, server } = this.state;
    w.s.log.warn("outcomes_wait", { server: server.id, n: this.handing.waiting, code: codeOf(error) });
  }

  /**
   * Lets what is with the server end, writes its outcomes, gives the rest back. While the process lives the outcomes wait as long as PostgreSQL is away: one that
   * is given up is a message whose fate nobody knows.
   */
  private async drain(): Promise<void> {
    await this.rows.settled();
    for (let ending = 0; this.state.busy + this.handing.waiting > 0; ) {
      if (this.handing.waiting > 0) await this.handing.record().catch((error) => this.notWritten(error));
      if (this.state.busy + this.handing.waiting > 0) await this.state.signal.wait(250);
      if (this.state.w.ending() && this.state.busy === 0 && ++ending > DRAIN_ROUNDS) break;
    }
    this.state.connections.closeIdle();
    await this.rows.release().catch(() => undefined);
  }
}
