import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type DeliveryRow, deliveriesOf } from "./rows.ts";

const PAGE = 1000;

/**
 * The rows behind one of a campaign's figures, page by page, for a file: who received it, who did not, and why. Addresses masked for auditors. Recorded, before
 * the first row is read.
 * @throws Forbidden · NotFound, before the first page
 */
export async function exportRows(
  s: Services,
  o: { who: Who; campaign: string; states?: string[]; reason?: string },
): Promise<AsyncGenerator<DeliveryRow[]>> {
  requireRight(o.who, "campaigns.see");
  const { organization, user } = o.who;
  const { id } = await findCampaign(s.db, { organization, campaign: o.campaign });
  await audit(s, {
    ...{ organization, user, action: "campaign.exported", object: id },
    facts: { states: o.states?.join(" ") ?? "all", reason: o.reason ?? "" },
  });
  return pages(s, o);
}

async function* pages(s: Services, o: Parameters<typeof exportRows>[1]): AsyncGenerator<DeliveryRow[]> {
  for (let after = -1; ; ) {
    const rows = await deliveriesOf(s, { ...o, after, limit: PAGE });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = last.position;
  }
}
