import { SETTLE_MS } from "../servers/hours.ts";
import { type Ramp, rampedPerDay } from "../servers/ramp.ts";
import type { OpenHours, Used } from "../servers/types.ts";
import { Days, HOUR } from "./forecast-days.ts";
import { RollingDay } from "./forecast-rolling.ts";

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
  /** For a rolling day: how many left in which minute of the last 25 hours. */
  past?: { minute: Date; n: number }[];
  /** Messages a second that the connections manage without any limit. */
  speed: number;
  /** Nothing leaves before this instant (a paused server that is tried again). */
  notBefore?: Date;
  /** Last day on which the service is paid for. */
  expiresOn: string | null;
};

const NONE: Used = { campaign: 0, system: 0 };
/** A limit a minute is one of any sixty seconds; told apart by seconds, and half of one kept free at each end. */
const ANY_MINUTE = 61_500;

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
  private readonly rolling: RollingDay | undefined;
  private hour = { key: Number.NaN, n: 0 };
  private day = { key: "", n: 0 };

  /** @param extra tries beside the first that a message needs on average */
  constructor(route: Route, o: { at: number; extra: number }) {
    this.route = route;
    this.days = new Days(route.zone);
    this.from = route.notBefore?.getTime() ?? 0;
    this.start = o.at;
    this.extra = o.extra;
    if (route.dayWindow === "rolling") this.rolling = new RollingDay(route.past ?? []);
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

  /** What so many messages cost of a limit, with their repeats. */
  cost(n: number): number {
    return n * (1 + this.extra);
  }

  take(t: number, n: number): void {
    const cost = this.cost(n);
    const [hour, { day }] = [hourOf(t), this.days.at(t)];
    if (this.hour.key !== hour) this.hour = { key: hour, n: 0 };
    if (this.day.key !== day) this.day = { key: day, n: 0 };
    this.hour.n += cost;
    this.day.n += cost;
    if (this.rolling) for (let k = 1; k <= n; k++) this.rolling.add(this.after(t, this.sent + k), 1 + this.extra);
    this.sent += n;
  }

  /** The instant at which the n-th message of a step that began at `t` has left. */
  after(t: number, n: number): number {
    const [rate, burst] = [this.rate(), this.burst()];
    const tries = n * (1 + this.extra);
    // As much as fits leaves at once, and the next as much when the first of it is more than a minute ago.
    const full = (burst / rate) * 1000 >= ANY_MINUTE ? 0 : Math.max(0, Math.ceil(tries / burst) - 1);
    const rest = full === 0 ? tries : tries - full * burst;
    return t + full * ANY_MINUTE + (rest / rate) * 1000;
  }

  /** Whose turn it is first of equal campaigns: how many have left on this day, as the engine counts them. */
  turn(t: number): number {
    if (this.rolling) return Math.round(this.rolling.at(t));
    return Math.round(this.dayUsed(t).campaign + (this.day.key === this.days.at(t).day ? this.day.n : 0));
  }

  /** When to look again while nothing may leave: the next instant at which a window opens. */
  wake(t: number): number {
    const [open, { ends }] = [this.days.open(t, this.route.hours), this.days.at(t)];
    if (open && t < open.opens) return open.opens;
    if (!open || t >= open.closes) return ends;
    if (this.dayRoom(t) >= 1 + this.extra) return t;
    return this.rolling?.forgets(t) ?? ends;
  }

  /** When the next minute of a rolling day is forgotten; as far away as can be where there is none. */
  forgets(t: number): number {
    return this.rolling?.forgets(t) ?? Number.POSITIVE_INFINITY;
  }

  private rate(): number {
    return Math.min(this.route.speed, this.route.limits.perSecond ?? Number.POSITIVE_INFINITY);
  }

  private fits(t: number, until: number): number {
    const { perHour, perDay } = this.route.limits;
    const ms = until - t - (perHour === null && perDay === null ? 0 : SETTLE_MS);
    const byRate = (ms / 1000) * this.rate();
    return Math.min(byRate, (Math.floor(ms / ANY_MINUTE) + 1) * this.burst()) / (1 + this.extra);
  }

  /** What a campaign may send at once: the limit of any minute, of which a tenth at most is kept for system mail. */
  private burst(): number {
    const { perMinute, reserve } = this.route.limits;
    return perMinute === null ? Number.POSITIVE_INFINITY : perMinute - Math.min(reserve, Math.floor(perMinute / 10));
  }

  private hourRoom(t: number): number {
    const now = hourOf(t) === hourOf(this.start);
    const mine = this.hour.key === hourOf(t) ? this.hour.n : 0;
    return room(this.route.limits.perHour, this.route.limits.reserve, now ? this.route.used.hour : NONE) - mine;
  }

  private dayRoom(t: number): number {
    const { limits, ramp } = this.route;
    const { day } = this.days.at(t);
    const most = rampedPerDay({ ...ramp, perDay: limits.perDay }, day);
    if (this.rolling) return room(most, limits.reserve, { campaign: this.rolling.at(t), system: 0 });
    return room(most, limits.reserve, this.dayUsed(t)) - (this.day.key === day ? this.day.n : 0);
  }

  /** What this day had used before the forecast began. */
  private dayUsed(t: number): Used {
    const { begins, ends } = this.days.at(t);
    return this.start >= begins && this.start < ends ? this.route.used.day : NONE;
  }
}

/** What a campaign may still use of a window. */
export function room(limit: number | null, reserve: number, used: Used): number {
  if (limit === null) return Number.POSITIVE_INFINITY;
  return limit - Math.max(0, reserve - used.system) - used.system - used.campaign;
}

/** Hours of the clock, counted from 1970. */
export function hourOf(t: number): number {
  return Math.floor(t / HOUR);
}
