import { DomainError } from "../errors.ts";
import { parseAddress } from "../text/address.ts";
import { headerText } from "../text/header.ts";
import { hostName } from "./target.ts";
import type { ServerInput } from "./types.ts";

/**
 * A description of a server, with defaults filled in and nothing in it that could become a second header or command.
 * @throws DomainError SERVER_INVALID with the field · SERVER_NO_CLEAR_PASSWORD · SERVER_RESERVE_TOO_BIG
 */
export function checkInput(o: ServerInput, zone: string) {
  if (o.encryption === "none" && o.auth !== "none") throw new DomainError("SERVER_NO_CLEAR_PASSWORD");
  const limits = {
    perSecond: limit("perSecond", o.perSecond),
    perMinute: limit("perMinute", o.perMinute),
    perHour: limit("perHour", o.perHour),
    perDay: limit("perDay", o.perDay),
  };
  const reserve = o.reserve ?? 0;
  if (!Number.isInteger(reserve) || reserve < 0) throw invalid("reserve");
  // A reserve of everything would leave no campaign ever; it must fit into each window that it is kept of.
  if (reserve > 0 && reserve >= Math.min(limits.perHour ?? Infinity, limits.perDay ?? Infinity)) {
    throw new DomainError("SERVER_RESERVE_TOO_BIG", { reserve });
  }
  const connections = o.connections ?? 2;
  if (!Number.isInteger(connections) || connections < 1 || connections > 50) throw invalid("connections");
  const username = o.auth === "password" ? o.username?.trim() : undefined;
  if (o.auth === "password" && !username) throw invalid("username");
  return {
    kind: o.kind,
    name: header("name", o.name),
    host: hostName(o.host) ?? o.host,
    port: o.port,
    encryption: o.encryption,
    auth: o.auth,
    username: username ?? null,
    fromName: header("fromName", o.fromName),
    fromAddress: address("fromAddress", o.fromAddress),
    envelopeFrom: address("envelopeFrom", o.envelopeFrom || o.fromAddress),
    ...limits,
    reserve,
    connections,
    zone: checkZone(o.zone || zone),
  };
}

const invalid = (field: string) => new DomainError("SERVER_INVALID", { field });

function limit(field: string, n: number | null | undefined): number | null {
  if (n === null || n === undefined) return null;
  if (!Number.isInteger(n) || n < 1 || n > 100_000_000) throw invalid(field);
  return n;
}

/** Text that enters a header (B02): refused, not mended, so that the person sees what she wrote. */
function header(field: string, typed: string): string {
  const text = headerText(typed);
  if (!text || text.length > 200) throw invalid(field);
  return text;
}

function address(field: string, typed: string): string {
  const parsed = parseAddress(typed);
  if (!parsed) throw invalid(field);
  return parsed.address;
}

/** A name of the IANA data base. Offsets like +01:00 are refused: PostgreSQL reads their sign the other way round. */
function checkZone(zone: string): string {
  if (!/^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(zone)) throw invalid("zone");
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    return zone;
  } catch {
    throw invalid("zone");
  }
}
