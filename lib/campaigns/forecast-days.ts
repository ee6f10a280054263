import { opensOn } from "../servers/hours.ts";
import type { OpenHours } from "../servers/types.ts";
import { dayAfter, dayOf } from "../text/calendar-day.ts";
import { zonedInstant } from "../text/zoned.ts";

export const HOUR = 3_600_000;

/** A calendar day of a zone: 23 or 25 hours where the clocks change. */
export type ZoneDay = { day: string; begins: number; ends: number };

/** The calendar days of a zone, each worked out once. */
export class Days {
  private readonly zone: string;
  private readonly known = new Map<string, ZoneDay>();
  private readonly walls = new Map<string, number>();
  private now: ZoneDay | undefined;

  constructor(zone: string) {
    this.zone = zone;
  }

  /** The day that an instant is on. */
  at(t: number): ZoneDay {
    if (!this.now || t < this.now.begins || t >= this.now.ends) this.now = this.of(dayOf(t, this.zone));
    return this.now;
  }

  /** When campaigns may leave on the day of an instant: from `opens` to `closes`; undefined: not on this day. */
  open(t: number, hours: OpenHours): { opens: number; closes: number } | undefined {
    const { day, begins, ends } = this.at(t);
    if (!opensOn(day, hours)) return undefined;
    const opens = hours.hourFrom === 0 ? begins : this.wall(day, hours.hourFrom);
    return { opens, closes: hours.hourTo === 24 ? ends : this.wall(day, hours.hourTo) };
  }

  private of(day: string): ZoneDay {
    const known = this.known.get(day);
    if (known) return known;
    const made = { day, begins: this.wall(day, 0), ends: this.wall(dayAfter(day), 0) };
    this.known.set(day, made);
    return made;
  }

  private wall(day: string, hour: number): number {
    const known = this.walls.get(`${day} ${hour}`);
    if (known !== undefined) return known;
    const [year, month, date] = day.split("-").map(Number) as [number, number, number];
    const at = zonedInstant({ year, month, day: date, hour, minute: 0 }, this.zone).at.getTime();
    this.walls.set(`${day} ${hour}`, at);
    return at;
  }
}
