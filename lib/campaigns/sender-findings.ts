import { appNow } from "../clock.ts";
import { type SenderStanding, senderStanding } from "../servers/domain-check/standing.ts";
import type { Services } from "../services.ts";
import { isPromo } from "./promo.ts";
import type { Finding } from "./types.ts";

/** A check that is older than a night and a half says nothing for certain any more. */
const FRESH_HOURS = 36;

/**
 * What receivers will make of the domain `from` over each server that carries a campaign, by the last check of that domain over that server (AU-01). A server that has
 * another From of its own was never checked for this one, and says so. Promo that neither SPF nor DKIM vouch for, for certain, is refused: it would
 * land in the spam folder and take the domain's name with it. All else is said with its figures, and is the sender's to decide.
 */
export async function senderFindings(
  s: Services,
  o: { organization: string; from: string; servers: string[]; lists: string[] },
): Promise<Finding[]> {
  const { servers, ...shared } = o;
  const found: Finding[] = [];
  for (const server of servers) found.push(...(await overServer(s, { ...shared, server })));
  // Two servers with one From, and the same to say of it: said once.
  const said = new Map(found.map((one) => [JSON.stringify({ ...one, facts: { ...one.facts, server: "" } }), one]));
  return [...said.values()];
}

async function overServer(
  s: Services,
  o: { organization: string; from: string; server: string; lists: string[] },
): Promise<Finding[]> {
  const standing = await senderStanding(s, o);
  const link = { server: o.server };
  if (standing?.domain !== o.from) return [found("sender_unchecked", "unknown", link)];
  const facts = { ...link, ...figures(standing) };
  const listed = standing.listed > 0 ? [found("sender_listed", "warn", { ...facts, n: standing.listed })] : [];
  const hours = ((await appNow(s.db)).getTime() - standing.at.getTime()) / 3_600_000;
  if (hours > FRESH_HOURS) return [found("sender_stale", "unknown", facts), ...listed];
  return [await verdict(s, o.lists, standing, facts), ...listed];
}

async function verdict(
  s: Services,
  of: string[],
  { spf, dkim, dmarc }: SenderStanding,
  facts: Finding["facts"],
): Promise<Finding> {
  if (spf === "fail" && dkim === "fail")
    return found("sender_fails", (await isPromo(s.db, of)) ? "block" : "warn", facts);
  if (spf === "unknown" || dkim === "unknown") return found("sender_unknown", "unknown", facts);
  if (dmarc === "fail") return found("sender_not_aligned", "warn", facts);
  if (dmarc === "none") return found("sender_no_dmarc", "warn", facts);
  if (spf === "fail" || dkim === "fail") return found("sender_half", "warn", facts);
  return dmarc === "pass" ? found("sender_ok", "ok", facts) : found("sender_unknown", "unknown", facts);
}

const figures = ({ domain, spf, dkim, dmarc }: SenderStanding) => ({ domain, spf, dkim, dmarc });

const found = (check: string, level: Finding["level"], facts: Finding["facts"]): Finding => ({
  ...{ check, level, step: "send", facts, key: `campaigns.checks.${check}` },
});
