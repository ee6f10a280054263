import { DomainError } from "../errors.ts";
import { parseAddress } from "../text/address.ts";
import { headerText } from "../text/header.ts";
import { checkHours, checkLimits, checkService, invalid } from "./check-limits.ts";
import { isPecHost, presetOf } from "./presets.ts";
import { hostName } from "./target.ts";
import type { OAuthClient, Server, ServerInput } from "./types.ts";

/**
 * A description of a server, with what was left out filled in and nothing in it that could become a second header or command.
 * @param old what is changed: whatever is left out stays as it is
 * @throws DomainError SERVER_INVALID with the field · SENDER_NOT_ASCII · SERVER_NO_CLEAR_PASSWORD · SERVER_RESERVE_TOO_BIG · SERVER_OVER_SHARED ·
 *   SERVER_LIMIT_NEEDED · SERVER_PEC_REFUSED · SERVER_OAUTH_PRESET
 */
export function checkInput(o: ServerInput, zone: string, old?: Server) {
  if (o.encryption === "none" && o.auth !== "none")
    throw new DomainError("SERVER_NO_CLEAR_PASSWORD", { field: "encryption" });
  const username = o.auth === "none" ? undefined : o.username?.trim();
  if (o.auth !== "none" && !username) throw invalid("username");
  const host = hostName(o.host) ?? o.host;
  if (isPecHost(host)) throw new DomainError("SERVER_PEC_REFUSED", { field: "host" });
  const service = checkService(o, old);
  // The token endpoint is one of ours: a person cannot make this machine call another (B51).
  if (o.auth === "oauth2" && !presetOf(service.preset)?.oauth) throw new DomainError("SERVER_OAUTH_PRESET");
  if (o.auth === "oauth2" && o.oauth) checkOauth(o.oauth);
  return {
    kind: o.kind,
    name: header("name", o.name),
    host,
    port: o.port,
    encryption: o.encryption,
    auth: o.auth,
    username: username ?? null,
    ...checkSender(o),
    ...checkLimits(o, old),
    ...checkHours(o, old),
    ...service,
    zone: checkZone(o.zone || zone),
  };
}

/** Half of what a client needs signs nobody in. */
function checkOauth({ client, secret, refresh }: OAuthClient): void {
  const fields = { oauthClient: client, oauthSecret: secret, oauthRefresh: refresh };
  for (const [field, typed] of Object.entries(fields)) if (!/^[\x21-\x7e]{1,4000}$/.test(typed)) throw invalid(field);
}

/** As whom mail leaves. @throws DomainError SERVER_INVALID with the field · SENDER_NOT_ASCII */
export function checkSender(o: { fromName: string; fromAddress: string; envelopeFrom?: string | undefined }) {
  return {
    fromName: header("fromName", o.fromName),
    fromAddress: address("fromAddress", o.fromAddress),
    envelopeFrom: address("envelopeFrom", o.envelopeFrom || o.fromAddress),
  };
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
  // Every recipient's server would have to know SMTPUTF8, and nobody could answer from one that does not.
  if (!parsed.ascii) throw new DomainError("SENDER_NOT_ASCII", { field });
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
