import type { Services } from "../../services.ts";
import { domainOf } from "../../text/address.ts";
import { checksOf } from "./keep-check.ts";
import type { DomainState } from "./page.ts";
import { senderOf } from "./senders.ts";

/** The last check of a From over a server; `listed`: entries on blocklists. */
export type SenderStanding = DomainState & { domain: string; listed: number };

/** What the last check said of an organization's From over a server, as that From is now. Undefined: it was never checked. */
export async function senderStanding(
  s: Services,
  o: { organization: string; server: string },
): Promise<SenderStanding | undefined> {
  const sender = await senderOf(s, o);
  const domain = domainOf(sender.fromAddress);
  const [last] = await checksOf(s, { sender, domain, limit: 1 });
  if (!last) return undefined;
  const { at, spf, dkim, dmarc, findings } = last;
  const listed = findings.filter((one) => one.check === "blocklist" && one.level === "bad").length;
  return { domain, at, spf, dkim, dmarc, listed };
}
