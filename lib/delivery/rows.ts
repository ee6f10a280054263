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
      from (${rowsSql({ ...o, campaign: campaign.id })}) d left join contacts c on c.id = d.contact
     order by d.position`);
  const shown = (address: string | null) => (address === null || seesAddresses(o.who) ? address : maskAddress(address));
  return rows.map((row) => ({ ...row, address: shown(row.address), at: new Date(row.at) }));
}

/** States whose rows are few, or have a reason: the index `deliveries_noted` has them by state and reason. */
const NOTED = ["deferred", "rejected", "uncertain", "excluded", "cancelled"];

type Asked = { campaign: string; states?: string[]; reason?: string; after?: number; limit?: number };

/**
 * SQL: a page of rows. Each part is asked of the index that has its rows in order of position, for as many as a page shows, so that a handful of a million is found
 * without reading the others. States stand there as literals: only then the planner sees that a partial index holds them all.
 */
// At 10,000,000 rows (`npm run bench -- pages`): "Index Scan using deliveries_noted" once for each reason that the counts name, "deliveries_to_do" for what
// waits, "deliveries_held" for what a process holds, "deliveries_campaign_position_pk" for the accepted ones; then a sort of a few pages.
function rowsSql(o: Asked): SQL {
  const states = deliveryState.enumValues.filter((state) => o.states?.includes(state) ?? true);
  const all = states.length === deliveryState.enumValues.length && o.reason === undefined;
  const parts = all ? [part(o, sql`true`)] : o.reason === undefined ? byState(o, states) : [noted(o, states)];
  if (parts.length === 0) return part(o, sql`false`);
  return sql`select * from (${sql.join(parts, sql` union all `)}) p order by position limit ${o.limit ?? PAGE}`;
}

/** Of what waits and what was deferred together one index has both. */
function byState(o: Asked, states: string[]): SQL[] {
  const of = (...some: string[]) => some.filter((state) => states.includes(state));
  const plain = [of("accepted"), of("pending"), of("claimed", "sending")];
  if (of("pending", "deferred").length === 2) plain[1] = ["pending", "deferred"];
  const rest = of(...NOTED).filter((state) => !plain[1]?.includes(state));
  const found = plain.filter((some) => some.length > 0).map((some) => part(o, sql`d.state in (${literals(some)})`));
  return rest.length > 0 ? [...found, noted(o, rest)] : found;
}

function part(o: Asked, condition: SQL): SQL {
  return sql`(
    select d.* from deliveries d where d.campaign = ${o.campaign}::uuid and d.position > ${o.after ?? -1} and ${condition} order by d.position limit ${o.limit ?? PAGE})`;
}

/** The counts say which reasons there are. */
function noted(o: Asked, states: string[]): SQL {
  return sql`(
    select r.* from (
      select state, reason from campaign_counts
       where campaign = ${o.campaign}::uuid and state in (${literals(states)}) ${o.reason === undefined ? sql`` : sql`and reason = ${o.reason}`}
       group by state, reason having sum(n) > 0) k
     cross join lateral ${part(o, sql`d.state = k.state and coalesce(d.reason, '') = k.reason and (d.state in (${literals(NOTED)}) or d.reason is not null)`)} r)`;
}

const literals = (states: string[]): SQL =>
  states.length > 0 ? sql.raw(states.map((state) => `'${state}'`).join(", ")) : sql`null`;
