import { DomainError } from "../errors.ts";
import { parseWallTime, type Zoned, zonedInstant } from "../text/zoned.ts";

const YEAR = 366 * 86_400_000;

/**
 * The instant at which a campaign is to start, from what a field for date and time sends (B94).
 * @param typed `2026-11-30T09:00`, on the clocks of the organization's zone
 * @throws SCHEDULE_UNREADABLE (29 February 2027, another form) · SCHEDULE_IN_GAP (the clocks skip it; `first` is the minute after) · SCHEDULE_IN_PAST · SCHEDULE_TOO_FAR (a year)
 */
export function startAt(typed: string, o: { zone: string; now: Date }): Zoned {
  const wall = parseWallTime(typed);
  if (!wall) throw new DomainError("SCHEDULE_UNREADABLE");
  const zoned = zonedInstant(wall, o.zone);
  if (zoned.change === "gap") throw new DomainError("SCHEDULE_IN_GAP", { first: zoned.at.toISOString() });
  if (zoned.at <= o.now) throw new DomainError("SCHEDULE_IN_PAST");
  if (zoned.at.getTime() - o.now.getTime() > YEAR) throw new DomainError("SCHEDULE_TOO_FAR");
  return zoned;
}
