import { type Ramp, rampedPerDay } from "../servers/ramp.ts";
import type { OpenHours, Used } from "../servers/types.ts";
import { Days, HOUR } from "./forecast-days.ts";

/** Limits of a sending server as a forecast needs them; null: no limit. */
export type Limits = {
  perSecond: number | null;
  perMinute: number | null;
  perHour: number | null;
  perDay: number | null;
  /** Kept free for system mail, of the hour and of the day. */
  reserve: number;
};

/** A sending server as a forecast needs it. */
export type Route = {
  id: string;
  limits: Limits;
  /** `perDay` counts the calendar day of the zone, or any 24 hours. */
  dayWindow: "calendar" | "rolling";
  zone: string;
  hours: OpenHours;
  ramp: Ramp;
  /** What this hour and this day have used so far. */
  used: { hour: Used; day: Used };
  /** For a rolling day: how many left in which of the last hours (each by its beginning). */
  past?: { hour: Date; n: number }[];
  /** Messages a second that the connections manage without any limit. */
  speed: number;
  /** Nothing leaves before this instant (a paused server that is tried again). */
  notBefore?: Date;
  /** Last day on which the service is paid for. */
  expiresOn: string | null;
};

const MINUTE = 60_000;
const NONE: Used = { campaign: 0, system: 0 };
/** A message of a rolling day counts until its whole hour is older than 24 hours. */
const ROLLING_HOURS = 24;

/** A server while a forecast walks through time: what may still leave in which window, counted as the engine does (lib/servers/windows.ts). */
export class RouteClock {
  readonly route: Route;
  readonly days: Days;
  /** Messages of a step so far. */
  sent = 0;
  /** Nothing leaves before. */
  readonly from: number;
  private readonly extra: number;
  private readonly start: number;
  private readonly hours = new Map<number, number>();
  private hour = { key: Number.NaN, n: 0 };
  private day = { key: "", n: 0 };

  /** @param extra tries beside the first that a message needs on average */
  constructor(route: Route, o: { at: number; extra: number }) {
    this.route = route;
    this.days = new Days(route.zone);
    this.from = route.notBefore?.getTime() ?? 0;
    this.start = o.at;
    this.extra = o.extra;
    for (const { hour, n } of route.past ?? []) this.hours.set(hourOf(hour.getTime()), n);
  }

  /** Whether something may leave at this instant at all. */
  open(t: number): boolean {
    if (t < this.from) return false;
    const open = this.days.open(t, this.route.hours);
    return open !== undefined && t >= open.opens && t < open.closes;
  }

  /** Past the last day that is paid for. */
  expired(t: number): boolean {
    const { expiresOn } = this.route;
    return expiresOn !== null && this.days.at(t).day > expiresOn;
  }

  /** How many messages fit between two instants of one hour and one day. */
  capacity(t: number, until: number): number {
    this.sent = 0;
    if (!this.open(t)) return 0;
    const room = Math.min(this.hourRoom(t), this.dayRoom(t)) / (1 + this.extra);
    return Math.max(0, Math.floor(Math.min(room, this.fits(t, until)) + 1e-9));
  }

  take(t: number, n: number): void {
    const cost = n * (1 + this.extra);
    const [hour, { day }] = [hourOf(t), this.days.at(t)];
    if (this.hour.key !== hour) this.hour = { key: hour, n: 0 };
    if (this.day.key !== day) this.day = { key: day, n: 0 };
    this.hour.n += cost;
    this.day.n += cost;
    this.sent += n;
    if (this.route.dayWindow === "rolling") this.hours.set(hour, (this.hours.get(hour) ?? 0) + cost);
  }

  /** The instant at which the n-th message of a step that began at `t` has left. */
  after(t: number, n: number): number {
    const { perMinute } = this.route.limits;
    const rate = this.rate();
    const tries = n * (1 + this.extra);
    if (perMinute === null || rate * 60 <= perMinute) return t + (tries / rate) * 1000;
    // As much as fits leaves at the beginning of each minute of the clock.
    const full = Math.ceil(tries / perMinute) - 1;
    const minute = full <= 0 ? t : Math.floor(t / MINUTE) * MINUTE + full * MINUTE;
    return minute + ((tries - Math.max(0, full) * perMinute) / rate) * 1000;
  }

  /** When to look again while nothing may leave: the next instant at which a window opens. */
  wake(t: number): number {
    const [open, { ends }] = [this.days.open(t, this.route.hours), this.days.at(t)];
    if (open && t < open.opens) return open.opens;
    if (!open || t >= open.closes) return ends;
    const full = this.route.dayWindow === "calendar" && this.dayRoom(t) < 1 + this.extra;
    return full ? ends : t;
  }

  private rate(): number {
    return Math.min(this.route.speed, this.route.limits.perSecond ?? Number.POSITIVE_INFINITY);
  }

  private fits(t: number, until: number): number {
    const { perMinute } = this.route.limits;
    const byRate = ((until - t) / 1000) * this.rate();
    if (perMinute === null) return byRate / (1 + this.extra);
    const minutes = Math.ceil((until - Math.floor(t / MINUTE) * MINUTE) / MINUTE);
    return Math.min(byRate, minutes * perMinute) / (1 + this.extra);
  }

  private hourRoom(t: number): number {
    const now = hourOf(t) === hourOf(this.start);
    const mine = this.hour.key === hourOf(t) ? this.hour.n : 0;
    return room(this.route.limits.perHour, this.route.limits.reserve, now ? this.route.used.hour : NONE) - mine;
  }

  private dayRoom(t: number): number {
    const { limits, ramp, used, dayWindow } = this.route;
    const { day, begins, ends } = this.days.at(t);
    const most = rampedPerDay({ ...ramp, perDay: limits.perDay }, day);
    if (dayWindow === "rolling") return room(most, limits.reserve, { campaign: this.lately(t), system: 0 });
    const now = this.start >= begins && this.start < ends;
    return room(most, limits.reserve, now ? used.day : NONE) - (this.day.key === day ? this.day.n : 0);
  }

  private lately(t: number): number {
    let sum = 0;
    for (const [hour, n] of this.hours) {
      if (hour >= hourOf(t) - ROLLING_HOURS) sum += n;
      else this.hours.delete(hour);
    }
    return sum;
  }
}

/** What a campaign may still use of a window. */
function room(limit: number | null, reserve: number, used: Used): number {
  if (limit === null) return Number.POSITIVE_INFINITY;
  return limit - Math.max(0, reserve - used.system) - used.system - used.campaign;
}

/** Hours of the clock, counted from 1970. */
export function hourOf(t: number): number {
  return Math.floor(t / HOUR);
}
