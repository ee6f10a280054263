import { pauseServer } from "../servers/pause.ts";
import { claim, release } from "./claim.ts";
import { cover } from "./cover.ts";
import { rowKey } from "./doubt.ts";
import { Block } from "./lane-block.ts";
import { look, type Wanting } from "./lane-look.ts";
import { Places } from "./lane-places.ts";
import { codeOf, type LaneState, LOOK_MS } from "./lane-state.ts";
import { putOff } from "./put-off.ts";
import { takeTurns } from "./turns.ts";
import type { Claimed } from "./types.ts";

/** Rows that nothing was done with for so long are given back: another server, or another process, may have a connection for them. */
const HELD_MS = 3000;
/** An ailing server gets one message of a campaign that others carry, to see whether it works again, so often. */
const PROBE_MS = 10_000;
/** Space is freed by a person, or by what clears up at night. */
const DISK_FULL_SECONDS = 20;

/** Rows that a lane has claimed and not yet handed over. */
export class LaneRows {
  private readonly state: LaneState;
  private ready: Claimed[] = [];
  /** Picked, and on their way through a hand-off. */
  private out = new Set<string>();
  private readonly places = new Places();
  private readonly block: Block;
  private touchedAt = 0;
  private probeAt = 0;
  private refilling: Promise<void> | undefined;
  /** Whose turn it is: what had left today when it was asked, and what this lane has taken since. Asked again each time, what is just being handed over would count twice or never. */
  private dealt: { today: number; n: number } | undefined;
  /** The last look found rows to take, and room for them. */
  work = false;

  constructor(state: LaneState) {
    this.state = state;
    this.block = new Block(state.server.connections);
  }

  get length(): number {
    return this.ready.length;
  }

  /** Looks whether there is something to take; the lane then opens a connection first: who has none takes no rows. */
  async look(): Promise<void> {
    const found = await look(this.state.w.s.db, this.state.server.id);
    this.work = found.open && found.room > 0 && found.campaigns.length > 0;
    this.state.waitForWindow(found.open && found.room === 0 ? found.waitMs : 0);
  }

  /** Claims the next rows beside what the lane does, when few are left. @returns whether that is under way; a wake tells when it is done */
  refill(): boolean {
    const { connections } = this.state;
    const wanted = this.work && this.moving() && this.ready.length < connections.most() * 2 && !this.state.limited();
    if (wanted) {
      this.refilling ??= this.claimMore()
        .catch((error) => this.claimFailed(error))
        .finally(() => {
          this.refilling = undefined;
          this.state.signal.wake();
        });
    }
    return this.refilling !== undefined;
  }

  /** A journal that takes nothing (a full disk) stops sending where people see it: without its line nothing may be attempted. */
  private async claimFailed(error: unknown): Promise<void> {
    const { w, server } = this.state;
    const code = codeOf(error);
    w.s.log.warn("claim_failed", { server: server.id, code });
    if (!code.startsWith("JOURNAL_")) return;
    const pause = { server: server.id, reason: "disk_full" as const, retrySeconds: DISK_FULL_SECONDS };
    await pauseServer(w.s.db, pause).catch(() => undefined);
    if (code === "JOURNAL_BROKEN") w.journalBroken?.();
  }

  /** A connection is free, or those at work are getting answers: who has none takes no rows. */
  private moving(): boolean {
    const { connections, busy, pace } = this.state;
    return connections.free() > 0 || (busy > 0 && pace.silentMs() < HELD_MS);
  }

  /** They lie here and nothing moves. */
  held(): boolean {
    return this.ready.length > 0 && performance.now() - this.touchedAt > HELD_MS;
  }

  /** From this server's campaigns, by priority and in turns, as many as its limits let through at once. */
  private async claimMore(): Promise<void> {
    const { w } = this.state;
    const found = await look(w.s.db, this.state.server.id);
    if (!found.open || found.room === 0) {
      if (found.open) this.state.waitForWindow(found.waitMs);
      else this.state.limit(LOOK_MS);
      return;
    }
    const block = this.block.next(performance.now(), this.state.connections.most());
    const turn = this.turn(found.turn);
    const rows = await takeTurns({
      ...found,
      turn: turn.n,
      room: Math.min(block, found.room - this.ready.length - this.state.busy),
      take: async (one, n) => (w.owner.lost() || this.state.stopping ? [] : this.claimFrom(one, this.most(one, n))),
    });
    this.ready.push(...rows);
    turn.n += rows.length;
    this.touchedAt = performance.now();
    this.block.got(this.touchedAt, rows.length, block);
    this.work = rows.length > 0;
  }

  /** @param today what the server has sent today, anew on each day */
  private turn(today: number): { today: number; n: number } {
    if (!this.dealt || today < this.dealt.today) this.dealt = { today, n: today + this.ready.length + this.out.size };
    this.dealt.today = today;
    return this.dealt;
  }

  /** Of what others carry an ailing server gets one message at a time, and not often. */
  private most({ shared }: Wanting, n: number): number {
    if (!shared || this.state.server.ailingSince === null) return n;
    if (this.state.busy + this.ready.length > 0 || performance.now() < this.probeAt) return 0;
    this.probeAt = performance.now() + PROBE_MS;
    return 1;
  }

  private async claimFrom({ facts, share }: Wanting, n: number): Promise<Claimed[]> {
    if (n === 0) return [];
    const { s, covered, owner } = this.state.w;
    const { id: server, domainLimits } = this.state.server;
    const take = async (above?: number) => {
      const wish = { share, ...(above === undefined ? {} : { above }) };
      if (domainLimits.length > 0) await putOff(s.db, { server, campaign: facts.id, n, ...wish });
      const upto = await cover(s, covered, { campaign: facts.id, block: n, ...wish });
      return upto < 0 ? [] : claim(s, { campaign: facts, server, epoch: owner.epoch, covered: upto, n, ...wish });
    };
    return share === "all" ? take() : this.places.take(facts.id, { share, n, take });
  }

  /** The next rows, of one organization and no person twice in one window: the gate is asked for one controller, and gives one answer a person. */
  pick(n: number): Claimed[] {
    const people = new Set<string>();
    const organization = this.ready[0]?.organization;
    const [picked, left]: [Claimed[], Claimed[]] = [[], []];
    for (const row of this.ready) {
      if (picked.length < n && row.organization === organization && !people.has(row.contact)) {
        people.add(row.contact);
        picked.push(row);
      } else left.push(row);
    }
    this.ready = left;
    if (picked.length > 0) this.touchedAt = performance.now();
    this.out = new Set(picked.map(rowKey));
    return picked;
  }

  /** What was picked is handed over, given back, or waits here again. */
  handed(): void {
    this.out.clear();
  }

  /** Whether this lane has a row in its hands. */
  has(key: string): boolean {
    return this.out.has(key) || this.ready.some((row) => rowKey(row) === key);
  }

  /** Those that come next. */
  next(n: number): Claimed[] {
    return this.ready.slice(0, n);
  }

  /** What was found empty may have rows again. */
  anew(): void {
    this.places.look();
  }

  /** They were not handed over: first again. */
  putBack(rows: Claimed[]): void {
    this.ready.unshift(...rows);
  }

  /** Gives all of them back to whoever comes. */
  async release(): Promise<void> {
    const { w } = this.state;
    if (this.ready.length === 0 || w.owner.lost()) return;
    if (this.held()) this.block.held();
    if (this.dealt) this.dealt.n -= this.ready.length;
    await release(w.s.db, { epoch: w.owner.epoch, rows: this.ready.splice(0) });
  }

  async settled(): Promise<void> {
    await this.refilling;
  }
}
