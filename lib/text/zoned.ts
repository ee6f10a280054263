/** A date and time on the clocks of a place, minutes exact. Months count from 1. */
export type WallTime = { year: number; month: number; day: number; hour: number; minute: number };

const YEARS = { first: 1900, last: 2199 };

/**
 * Reads what a field for date and time sends, `2026-11-30T09:00` (seconds of zero are let pass). Undefined for another form, for a day or hour that no calendar
 * has (29 February 2027) and for years outside 1900 to 2199: whether the time makes sense is asked by the verb.
 */
export function parseWallTime(text: string): WallTime | undefined {
  const found = text.length > 19 ? null : /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::00)?$/.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour, minute] = found.slice(1).map(Number) as [number, number, number, number, number];
  const wall = { year, month, day, hour, minute };
  return isWallTime(wall) ? wall : undefined;
}

function isWallTime(wall: WallTime): boolean {
  if (wall.year < YEARS.first || wall.year > YEARS.last) return false;
  const read = fields(asUtc(wall));
  return (Object.keys(wall) as (keyof WallTime)[]).every((name) => read[name] === wall[name]);
}

/** What the clocks of a zone show at an instant; seconds are cut off. */
export function wallTime(at: Date, zone: string): WallTime {
  return fields(at.getTime() + offsetAt(at.getTime(), zone));
}

/** The instant of a wall time, and whether the clocks were being changed. */
export type Zoned = {
  at: Date;
  /** `gap`: the clocks skip this time, `at` is the first minute after it. `fold`: they show it twice, `at` is the first time. */
  change: "none" | "gap" | "fold";
};

/**
 * The instant at which the clocks of a zone show this wall time.
 * @param zone of the IANA database; RangeError for another
 * @throws RangeError for a wall time that no calendar has, or a year outside 1900 to 2199
 */
export function zonedInstant(wall: WallTime, zone: string): Zoned {
  if (!isWallTime(wall)) throw new RangeError("no such date and time");
  const utc = asUtc(wall);
  // No zone changes its clocks twice within two days, and none is more than a day from UTC.
  const [before, after] = [offsetAt(utc - DAY, zone), offsetAt(utc + DAY, zone)];
  const showing = [utc - before, utc - after].filter((t) => t + offsetAt(t, zone) === utc).sort((a, b) => a - b);
  const first = showing[0];
  if (first === undefined) return { at: new Date(changeBetween(utc - DAY, utc + DAY, zone)), change: "gap" };
  return { at: new Date(first), change: showing.at(-1) === first ? "none" : "fold" };
}

const DAY = 86_400_000;

/** The first instant after `low` at which the clocks differ from UTC as they do at `high`. */
function changeBetween(low: number, high: number, zone: string): number {
  const old = offsetAt(low, zone);
  let [from, to] = [low, high];
  while (to - from > 1) {
    const middle = Math.floor((from + to) / 2);
    if (offsetAt(middle, zone) === old) from = middle;
    else to = middle;
  }
  return to;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** How far the clocks of a zone are ahead of UTC, ms. */
function offsetAt(at: number, zone: string): number {
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat("en-u-ca-iso8601", {
      timeZone: zone,
      hourCycle: "h23",
      ...{ year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" },
    });
  if (clocks.size > 600) clocks.clear(); // there are fewer zones than that: only a flood of spellings gets here
  clocks.set(zone, clock);
  const shown: Record<string, number> = {};
  for (const { type, value } of clock.formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = shown;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

const asUtc = (wall: WallTime) => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);

function fields(utc: number): WallTime {
  const d = new Date(utc);
  return {
    year: d.getUTCFullYear(),
    month: d.getUTCMonth() + 1,
    day: d.getUTCDate(),
    hour: d.getUTCHours(),
    minute: d.getUTCMinutes(),
  };
}
