import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { findCampaign } from "./find.ts";

/** Rows that are counted while the reader waits (below 50 ms); of a bigger campaign the worker counts the days, every minute or so (lib/reports). */
const SMALL = 5000;

/** How many messages a server took on each calendar day of a zone, oldest first: `{ day: "2026-12-11", n }`. */
export async function doneDays(s: Services, o: { who: Who; campaign: string; zone: string }): Promise<Days> {
  requireRight(o.who, "campaigns.see");
  const { id, size } = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  return size <= SMALL ? counted(s.db, { id, zone: o.zone }) : reported(s.db, { id, zone: o.zone });
}

type Days = { day: string; n: number }[];

async function counted(db: Db, { id, zone }: { id: string; zone: string }): Promise<Days> {
  const { rows } = await db.execute<{ day: string; n: string }>(sql`
    select to_char(sent_at at time zone ${zone}, 'YYYY-MM-DD') as day, count(*) as n from deliveries
     where campaign = ${id}::uuid and state = 'accepted' and sent_at is not null group by 1 order by 1`);
  return rows.map(({ day, n }) => ({ day, n: Number(n) }));
}

/** What the worker counted last; what was accepted since is of today. */
// "Index Scan using campaign_reports_pkey", "Index Scan using campaign_counts…pk".
async function reported(db: Db, { id, zone }: { id: string; zone: string }): Promise<Days> {
  const { rows } = await db.execute<{ days: { day: string; accepted: number }[] | null; n: string; today: string }>(sql`
    select (select body -> 'days' from campaign_reports where campaign = ${id}::uuid) as days,
           (select coalesce(sum(n), 0) from campaign_counts where campaign = ${id}::uuid and state = 'accepted') as n,
           to_char(app_now() at time zone ${zone}, 'YYYY-MM-DD') as today`);
  const { days, n, today } = rows[0] ?? { days: [], n: "0", today: "" };
  const found = new Map(
    (days ?? []).filter(({ accepted }) => accepted > 0).map(({ day, accepted }) => [day, accepted]),
  );
  const since = Number(n) - [...found.values()].reduce((a, b) => a + b, 0);
  if (since > 0) found.set(today, (found.get(today) ?? 0) + since);
  return [...found].sort().map(([day, n]) => ({ day, n }));
}
