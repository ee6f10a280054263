import type { Used } from "../servers/types.ts";
import { type RouteClock, room } from "./forecast-route.ts";

/** What a borrower may send of a day over a lent server. */
export type Share = { route: string; organization: string; perDay: number; reserve: number; used: Used };

/** A share while a forecast walks through time: all campaigns of the borrower take from it. */
export class ShareClock {
  private readonly share: Share;
  private readonly clock: RouteClock;
  private readonly first: string;
  private day = { key: "", n: 0 };

  constructor(share: Share, clock: RouteClock, at: number) {
    this.share = share;
    this.clock = clock;
    this.first = clock.days.at(at).day;
  }

  room(day: string): number {
    const { perDay, reserve, used } = this.share;
    const spent = this.day.key === day ? this.day.n : 0;
    const free = room(perDay, reserve, day === this.first ? used : { campaign: 0, system: 0 }) - spent;
    return Math.floor(free / this.clock.cost(1) + 1e-9);
  }

  take(day: string, n: number): void {
    if (this.day.key !== day) this.day = { key: day, n: 0 };
    this.day.n += this.clock.cost(n);
  }
}
