import { sql } from "drizzle-orm";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";

/** How many messages a server took on each calendar day of a zone, oldest first: `{ day: "2026-12-11", n }`. */
export async function doneDays(
  s: Services,
  o: { who: Who; campaign: string; zone: string },
): Promise<{ day: string; n: number }[]> {
  requireRight(o.who, "campaigns.see");
  const { id } = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  const { rows } = await s.db.execute<{ day: string; n: string }>(sql`
    select to_char(sent_at at time zone ${o.zone}, 'YYYY-MM-DD') as day, count(*) as n from deliveries
     where campaign = ${id}::uuid and state = 'accepted' and sent_at is not null group by 1 order by 1`);
  return rows.map(({ day, n }) => ({ day, n: Number(n) }));
}
