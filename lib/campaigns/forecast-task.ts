import type { OpenHours } from "../servers/types.ts";
import { Days } from "./forecast-days.ts";
import { hourOf, type RouteClock } from "./forecast-route.ts";
import type { ShareClock } from "./forecast-share.ts";

/** A campaign as a forecast needs it. */
export type Task = {
  id: string;
  /** Whose it is: over a lent server it has that one's share. */
  organization: string;
  /** People it is still to be handed over for. */
  remaining: number;
  /** Of two campaigns on one server the higher one goes first; equal ones take turns. */
  priority: number;
  /** Its own pace; null: that of its servers. */
  perHour: number | null;
  /** Its own hours, inside those of its servers, on the clocks of its first one. */
  hours: Pick<OpenHours, "weekdays" | "hourFrom" | "hourTo">;
  zone: string;
  /** When it was launched: of equal ones the older gets what cannot be shared. Left out: later than all. */
  launched?: Date;
  /** What has left in this hour. */
  usedThisHour?: number;
  notBefore?: Date;
  /** What has not left by then does not leave. */
  notAfter?: Date;
  /** The servers that carry it. */
  servers: { id: string; weight: number }[];
  /** `weight`: each carries its part of the people; else all take from the same ones, each as fast as it can. */
  split: "weight" | "capacity" | "domain";
};

/** Hours that leave a campaign to those of its servers. */
export const ANY_HOUR: Task["hours"] = { weekdays: 127, hourFrom: 0, hourTo: 24 };

/** A campaign while a forecast walks through time. */
export class ForecastTask {
  readonly task: Task;
  readonly from: number;
  readonly until: number;
  left: number;
  /** When its last message so far leaves. */
  last = 0;
  /** What it got in this step, over which server. */
  got = new Map<RouteClock, number>();
  readonly shares: Map<RouteClock, ShareClock>;
  private readonly parts: Map<RouteClock, number> | undefined;
  private readonly clocks: RouteClock[];
  private readonly days: Days;
  private hour = { key: Number.NaN, n: 0 };

  /** @param shares of its organization, of the servers that are lent to it */
  constructor(task: Task, clocks: RouteClock[], shares: Map<RouteClock, ShareClock>) {
    this.task = task;
    this.shares = shares;
    this.days = new Days(task.zone);
    this.from = task.notBefore?.getTime() ?? 0;
    this.until = task.notAfter?.getTime() ?? Number.POSITIVE_INFINITY;
    this.left = Math.max(0, task.remaining);
    this.clocks = clocks.filter(({ route }) => task.servers.some(({ id }) => id === route.id));
    if (task.split === "weight" && this.clocks.length > 1) this.parts = this.byWeight();
  }

  uses(clock: RouteClock): boolean {
    return this.clocks.includes(clock);
  }

  begin(t: number): void {
    this.got = new Map();
    if (this.hour.key === hourOf(t)) return;
    // What had left in the hour of the beginning counts there alone.
    const first = Number.isNaN(this.hour.key);
    this.hour = { key: hourOf(t), n: first ? (this.task.usedThisHour ?? 0) : 0 };
  }

  /** What it would like of each server: what waits, shared by what each has room for; fractions are rounded up, so that no room stays empty for them. */
  wishes(t: number, room: Map<RouteClock, number>): Map<RouteClock, number> {
    const open = this.clocks.filter((clock) => (room.get(clock) ?? 0) > 0 && this.opened(t));
    const total = open.reduce((sum, clock) => sum + (room.get(clock) ?? 0), 0);
    const wish = (clock: RouteClock) =>
      this.parts?.get(clock) ?? Math.ceil(this.left * ((room.get(clock) ?? 0) / Math.max(1, total)));
    return new Map(open.map((clock) => [clock, wish(clock)]));
  }

  /** What it may have of a server at this moment, of what it wished. */
  most(clock: RouteClock, wish: number): number {
    const pace = this.task.perHour === null ? Number.POSITIVE_INFINITY : this.task.perHour - this.hour.n;
    return Math.max(0, Math.min(wish, this.left, pace, this.parts?.get(clock) ?? Number.POSITIVE_INFINITY));
  }

  take(clock: RouteClock, o: { n: number; at: number; last: number }): void {
    this.left -= o.n;
    this.hour.n += o.n;
    this.shares.get(clock)?.take(clock.days.at(o.at).day, o.n);
    this.last = Math.max(this.last, o.last);
    this.got.set(clock, (this.got.get(clock) ?? 0) + o.n);
    this.parts?.set(clock, (this.parts.get(clock) ?? 0) - o.n);
  }

  private opened(t: number): boolean {
    if (t < this.from || t >= this.until || this.left <= 0) return false;
    const open = this.days.open(t, { ...this.task.hours, restHolidays: false });
    return open !== undefined && t >= open.opens && t < open.closes;
  }

  /** Positions are dealt out in turns of as many as the weights add up to; here as whole parts, the rest to the first. */
  private byWeight(): Map<RouteClock, number> {
    const weightOf = (clock: RouteClock) => this.task.servers.find(({ id }) => id === clock.route.id)?.weight ?? 1;
    const total = this.clocks.reduce((sum, clock) => sum + weightOf(clock), 0);
    const parts = new Map(this.clocks.map((clock) => [clock, Math.floor((this.left * weightOf(clock)) / total)]));
    const [first] = this.clocks;
    const dealt = [...parts.values()].reduce((a, b) => a + b, 0);
    if (first) parts.set(first, (parts.get(first) ?? 0) + this.left - dealt);
    return parts;
  }
}
