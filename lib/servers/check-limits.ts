import { isIP } from "node:net";
import { DomainError } from "../errors.ts";
import { headerText } from "../text/header.ts";
import { parseWallTime } from "../text/zoned.ts";
import { hostName } from "./target.ts";
import type { DomainLimit, Server, ServerInput } from "./types.ts";

/** More a day than that over a shared server is against what its provider allows: the owner says why. */
export const SHARED_MOST = 300;
/** Entries of a list that a person fills in by hand. */
const MOST_ENTRIES = 50;

export const invalid = (field: string) => new DomainError("SERVER_INVALID", { field });

/** What was given, else what stood there, else the default of a new server. */
function kept<T>(given: T | undefined, old: T | undefined, usual: T): T {
  if (given !== undefined) return given;
  return old === undefined ? usual : old;
}

/**
 * The limits of a server, judged alone and together.
 * @throws DomainError SERVER_INVALID with the field · SERVER_RESERVE_TOO_BIG · SERVER_OVER_SHARED · SERVER_LIMIT_NEEDED
 */
export function checkLimits(o: ServerInput, old: Server | undefined) {
  const limits = {
    perSecond: count("perSecond", kept(o.perSecond, old?.perSecond, null)),
    perMinute: count("perMinute", kept(o.perMinute, old?.perMinute, null)),
    perHour: count("perHour", kept(o.perHour, old?.perHour, null)),
    perDay: count("perDay", kept(o.perDay, old?.perDay, null)),
    dayWindow: kept(o.dayWindow, old?.dayWindow, "calendar"),
    reserve: whole("reserve", kept(o.reserve, old?.reserve, 0), 0, 100_000_000),
    connections: whole("connections", kept(o.connections, old?.connections, 2), 1, 50),
    messagesPerConnection: whole(
      "messagesPerConnection",
      kept(o.messagesPerConnection, old?.messagesPerConnection, 100),
      1,
      100_000,
    ),
    domainLimits: domains(kept(o.domainLimits, old?.domainLimits, [])),
    ...ramp(o, old),
    overLimitReason: words("overLimitReason", kept(o.overLimitReason, old?.overLimitReason, null), 500),
  };
  if (!["calendar", "rolling"].includes(limits.dayWindow)) throw invalid("dayWindow");
  // A reserve of everything would leave no campaign ever; it must fit into each window that it is kept of.
  const smallest = Math.min(limits.perHour ?? Infinity, limits.perDay ?? Infinity, limits.rampFirst ?? Infinity);
  if (limits.reserve > 0 && limits.reserve >= smallest)
    throw new DomainError("SERVER_RESERVE_TOO_BIG", { reserve: limits.reserve, field: "reserve" });
  if (o.kind === "shared" && (limits.perDay ?? Infinity) > SHARED_MOST && !limits.overLimitReason)
    throw new DomainError("SERVER_OVER_SHARED", { most: SHARED_MOST, field: "overLimitReason" });
  if (o.kind === "provider" && limits.perDay === null)
    throw new DomainError("SERVER_LIMIT_NEEDED", { field: "perDay" });
  return limits;
}

/** When campaigns may leave. @throws DomainError SERVER_INVALID */
export function checkHours(o: ServerInput, old: Server | undefined) {
  const hours = {
    weekdays: whole("weekdays", kept(o.weekdays, old?.weekdays, 127), 1, 127),
    hourFrom: whole("hourFrom", kept(o.hourFrom, old?.hourFrom, 0), 0, 23),
    hourTo: whole("hourTo", kept(o.hourTo, old?.hourTo, 24), 1, 24),
    restHolidays: kept(o.restHolidays, old?.restHolidays, false) === true,
  };
  if (hours.hourFrom >= hours.hourTo) throw invalid("hourTo");
  return hours;
}

/** What a person keeps of the service beside its limits. @throws DomainError SERVER_INVALID */
export function checkService(o: ServerInput, old: Server | undefined) {
  const preset = kept(o.preset, old?.preset, null);
  if (preset !== null && !/^[a-z0-9-]{1,40}$/.test(preset)) throw invalid("preset");
  const ips = kept(o.ips, old?.ips, []);
  if (ips.length > MOST_ENTRIES || !ips.every((ip) => isIP(ip) > 0)) throw invalid("ips");
  return {
    preset,
    ips: [...new Set(ips)],
    expiresOn: day("expiresOn", kept(o.expiresOn, old?.expiresOn, null)),
    renewUrl: link(kept(o.renewUrl, old?.renewUrl, null)),
  };
}

function count(field: string, n: number | null): number | null {
  return n === null ? null : whole(field, n, 1, 100_000_000);
}

function whole(field: string, n: number, least: number, most: number): number {
  if (!Number.isInteger(n) || n < least || n > most) throw invalid(field);
  return n;
}

function ramp(o: ServerInput, old: Server | undefined) {
  const rampFirst = count("rampFirst", kept(o.rampFirst, old?.rampFirst, null));
  const rampFrom = day("rampFrom", kept(o.rampFrom, old?.rampFrom, null));
  if ((rampFirst === null) !== (rampFrom === null)) throw invalid(rampFirst === null ? "rampFirst" : "rampFrom");
  return { rampFirst, rampFrom };
}

function domains(given: DomainLimit[]): DomainLimit[] {
  if (given.length > MOST_ENTRIES) throw invalid("domainLimits");
  const checked = given.map((one) => {
    const domain = one.domain === "*" ? "*" : hostName(one.domain);
    const { perMinute, perHour, perDay } = one;
    if (!domain || (perMinute === null && perHour === null && perDay === null)) throw invalid("domainLimits");
    for (const n of [perMinute, perHour, perDay]) count("domainLimits", n);
    return { domain, perMinute, perHour, perDay };
  });
  if (new Set(checked.map((one) => one.domain)).size < checked.length) throw invalid("domainLimits");
  return checked;
}

function day(field: string, text: string | null): string | null {
  if (text === null) return null;
  if (!/^\d{4}-\d\d-\d\d$/.test(text) || !parseWallTime(`${text}T00:00`)) throw invalid(field);
  return text;
}

function words(field: string, typed: string | null, most: number): string | null {
  if (typed === null || typed.trim() === "") return null;
  const text = headerText(typed);
  if (!text || text.length > most) throw invalid(field);
  return text;
}

function link(typed: string | null): string | null {
  const text = words("renewUrl", typed, 500);
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !["https:", "http:"].includes(url.protocol) || url.username || url.password) throw invalid("renewUrl");
  return url.href;
}
