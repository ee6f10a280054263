import { claim, release } from "./claim.ts";
import { cover } from "./cover.ts";
import { rowKey } from "./doubt.ts";
import { look, type Wanting } from "./lane-look.ts";
import { Places } from "./lane-places.ts";
import { codeOf, type LaneState, LOOK_MS } from "./lane-state.ts";
import type { Claimed } from "./types.ts";

/** Most rows of one block (formats.md §4): about what a server takes in a second. */
const BLOCK = 500;

/** Rows that a lane has claimed and not yet handed over. */
export class LaneRows {
  private readonly state: LaneState;
  private ready: Claimed[] = [];
  /** Picked, and on their way through a hand-off. */
  private out = new Set<string>();
  private readonly places = new Places();
  private refilling: Promise<void> | undefined;
  /** The last look found rows to take, and room for them. */
  work = false;

  constructor(state: LaneState) {
    this.state = state;
  }

  get length(): number {
    return this.ready.length;
  }

  /** Looks whether there is something to take; the lane then opens a connection first: who has none takes no rows. */
  async look(): Promise<void> {
    const found = await look(this.state.w.s.db, this.state.server.id);
    this.work = found.open && found.room > 0 && found.campaigns.length > 0;
    if (found.open && found.room === 0) this.state.limit(found.waitMs);
  }

  /** Claims the next rows beside what the lane does, when few are left. @returns whether that is under way; a wake tells when it is done */
  refill(): boolean {
    const { connections, server } = this.state;
    const wanted =
      this.work && connections.size() > 0 && this.ready.length < server.connections * 2 && !this.state.limited();
    if (wanted) {
      this.refilling ??= this.claimMore()
        .catch((error) => this.state.w.s.log.warn("claim_failed", { server: server.id, code: codeOf(error) }))
        .finally(() => {
          this.refilling = undefined;
          this.state.signal.wake();
        });
    }
    return this.refilling !== undefined;
  }

  /** From this server's campaigns, oldest launch first, as many as its limits let through at once. */
  private async claimMore(): Promise<void> {
    const { w } = this.state;
    const found = await look(w.s.db, this.state.server.id);
    if (!found.open || found.room === 0) {
      this.state.limit(found.open ? found.waitMs : LOOK_MS);
      return;
    }
    let room = Math.min(BLOCK, found.room - this.ready.length - this.state.busy);
    let got = 0;
    for (const wanting of found.campaigns) {
      if (room <= 0 || w.owner.lost() || this.state.stopping) break;
      const rows = await this.claimFrom(wanting, room);
      this.ready.push(...rows);
      room -= rows.length;
      got += rows.length;
    }
    this.work = got > 0;
  }

  private async claimFrom({ facts, share }: Wanting, n: number): Promise<Claimed[]> {
    const { s, covered, owner } = this.state.w;
    const server = this.state.server.id;
    const take = async (above?: number) => {
      const wish = { share, ...(above === undefined ? {} : { above }) };
      const upto = await cover(s, covered, { campaign: facts.id, block: n, ...wish });
      return upto < 0 ? [] : claim(s, { campaign: facts, server, epoch: owner.epoch, covered: upto, n, ...wish });
    };
    return share === "all" ? take() : this.places.take(facts.id, n, take);
  }

  /** The next rows, no person twice in one window: the gate gives one answer a person. */
  pick(n: number): Claimed[] {
    const people = new Set<string>();
    const [picked, left]: [Claimed[], Claimed[]] = [[], []];
    for (const row of this.ready) {
      if (picked.length < n && !people.has(row.contact)) {
        people.add(row.contact);
        picked.push(row);
      } else left.push(row);
    }
    this.ready = left;
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
    await release(w.s.db, { epoch: w.owner.epoch, rows: this.ready.splice(0) });
  }

  async settled(): Promise<void> {
    await this.refilling;
  }
}
