import { type SQL, sql } from "drizzle-orm";
import { deliveryState } from "../../db/schema/campaigns.ts";
import { findCampaign } from "../campaigns/find.ts";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** One person of a campaign. `address` null: she was erased. */
export type DeliveryRow = {
  position: number;
  contact: string;
  address: string | null;
  state: string;
  reason: string | null;
  reply: string | null;
  at: Date;
};

const PAGE = 50;

/**
 * The rows behind one of a campaign's figures, in order of position; addresses masked for auditors.
 * @param o.states all of them when left out · `after` the last position of the page before
 */
export async function deliveriesOf(
  s: Services,
  o: { who: Who; campaign: string; states?: string[]; reason?: string; after?: number; limit?: number },
): Promise<DeliveryRow[]> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  const { rows } = await s.db.execute<DeliveryRow>(sql`
    select d.position, d.contact, c.address, d.state::text as state, d.reason, d.reply, coalesce(d.sent_at, d.decided_at) as at
      from deliveries d left join contacts c on c.id = d.contact
     where d.campaign = ${campaign.id}::uuid and d.position > ${o.after ?? -1}
       ${o.states ? sql`and d.state in (${statesSql(o.states)})` : sql``}
       ${o.reason ? sql`and d.reason = ${o.reason}` : sql``}
     order by d.position limit ${o.limit ?? PAGE}`);
  const shown = (address: string | null) => (address === null || seesAddresses(o.who) ? address : maskAddress(address));
  return rows.map((row) => ({ ...row, address: shown(row.address), at: new Date(row.at) }));
}

/**
 * The states as literals: only then the planner sees that a partial index holds them all ("Index Scan using deliveries_not_sent" or "deliveries_to_do"); as a parameter it
 * would walk the whole campaign for a handful of uncertain ones. Measured by `npm run bench -- pages`.
 */
function statesSql(states: string[]): SQL {
  const known = deliveryState.enumValues.filter((state) => states.includes(state));
  return known.length > 0 ? sql.raw(known.map((state) => `'${state}'`).join(", ")) : sql`null`;
}
