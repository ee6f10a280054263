/** How much of a window of a server is used. */
export type Used = { campaign: number; system: number };

/** Limits of a sending server as a forecast needs them; null: no limit. */
export type Limits = {
  perSecond: number | null;
  perMinute: number | null;
  perHour: number | null;
  perDay: number | null;
  /** Kept free for system mail, of the hour and of the day. */
  reserve: number;
};

export type ForecastInput = {
  at: Date;
  /** Rows still to be handed over, of this campaign. */
  remaining: number;
  /** Rows of campaigns that go before it on the same server. */
  ahead: number;
  limits: Limits;
  /** What this hour and this day have used so far. */
  used: { hour: Used; day: Used };
  /** IANA zone whose calendar day `perDay` counts. */
  zone: string;
  /** Messages a second that the connections manage without any limit. */
  speed: number;
  /** Nothing leaves before this instant (a paused server that is tried again, a campaign that is scheduled). */
  notBefore?: Date;
};

/** `n` of this campaign on each calendar day of the zone, and the instant of the last; `end` null when it never ends (or not within ten years). */
export type Forecast = { days: { day: string; n: number }[]; end: Date | null };

const HOUR = 3_600_000;
const YEARS = 10 * 366;

/**
 * When a campaign ends, and how many leave on which day: a pure function, the same for the page, the pre-flight and the worker (design: §5, Forecast).
 * Counts as the engine does: a campaign may use limit − max(0, reserve − system mail) − what is used, of each window; windows are calendar hours of the
 * clock and calendar days of the zone, so a day of 23 or 25 hours is one day. System mail to come is counted as its reserve.
 */
export function forecast(o: ForecastInput): Forecast {
  const days: Forecast["days"] = [];
  let ahead = Math.max(0, o.ahead);
  let left = Math.max(0, o.remaining);
  let at = Math.max(o.at.getTime(), o.notBefore?.getTime() ?? 0);
  if (left === 0) return { days, end: new Date(at) };
  for (let n = 0; n < YEARS; n++) {
    const day = dayOf(at, o.zone);
    const ends = dayEnd(at, o.zone);
    const first = dayOf(o.at.getTime(), o.zone) === day;
    const sent = runDay(o, {
      at,
      ends,
      room: room(o.limits.perDay, o.limits.reserve, first ? o.used.day : NONE),
      wanted: ahead + left,
    });
    const mine = Math.min(left, Math.max(0, sent.n - ahead));
    ahead -= Math.min(ahead, sent.n - mine);
    left -= mine;
    if (mine > 0) days.push({ day, n: mine });
    if (left === 0) return { days, end: new Date(sent.at) };
    if (sent.n === 0 && !first && sent.whole) return { days, end: null };
    at = ends;
  }
  return { days, end: null };
}

const NONE: Used = { campaign: 0, system: 0 };

/** What a campaign may still use of a window. */
function room(limit: number | null, reserve: number, used: Used): number {
  if (limit === null) return Number.POSITIVE_INFINITY;
  return Math.max(0, limit - Math.max(0, reserve - used.system) - used.system - used.campaign);
}

/** Sends through the hours of one day. `whole`: the day was looked at from its beginning. */
function runDay(o: ForecastInput, d: { at: number; ends: number; room: number; wanted: number }) {
  const most = Math.min(d.room, d.wanted);
  const perSecond = Math.min(o.speed, o.limits.perSecond ?? Infinity, (o.limits.perMinute ?? Infinity) / 60);
  let [n, at] = [0, d.at];
  while (n < most && at < d.ends) {
    const hourEnd = Math.min(d.ends, Math.floor(at / HOUR) * HOUR + HOUR);
    const now = Math.floor(at / HOUR) === Math.floor(o.at.getTime() / HOUR);
    const fits = Math.max(1, Math.floor(((hourEnd - at) / 1000) * perSecond));
    const k = Math.min(most - n, room(o.limits.perHour, o.limits.reserve, now ? o.used.hour : NONE), fits);
    n += k;
    if (n >= most) return { n, at: at + Math.min((k / perSecond) * 1000, hourEnd - at), whole: true };
    at = hourEnd;
  }
  return { n, at, whole: d.at % HOUR === 0 };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The calendar day of an instant in a zone, as 2026-12-11. */
function dayOf(at: number, zone: string): string {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" });
    formats.set(zone, format);
  }
  return format.format(at);
}

/** The instant at which the zone's calendar day ends: 26 hours away at most. */
function dayEnd(at: number, zone: string): number {
  const day = dayOf(at, zone);
  // From midnight on it is 24 hours but for two days of the year: two look-ups instead of 27.
  if (dayOf(at + 24 * HOUR - 1, zone) === day && dayOf(at + 24 * HOUR, zone) !== day) return at + 24 * HOUR;
  let [low, high] = [at, at + 26 * HOUR];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (dayOf(middle, zone) === day) low = middle;
    else high = middle;
  }
  return high;
}
