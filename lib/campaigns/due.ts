import { sql } from "drizzle-orm";
import type { Services } from "../services.ts";

/**
 * Starts the scheduled campaigns whose time has come; called by the worker every second or so, by any number of them.
 * Those of a closed organization stay as they are.
 * @returns ids of the campaigns that this call started
 */
export async function launchDue(s: Pick<Services, "db">): Promise<string[]> {
  const { rows } = await s.db.execute<{ id: string }>(sql`
    update campaigns set state = 'sending'
     where state = 'scheduled' and id in (
       select c.id from campaigns c join organizations o on o.id = c.organization and o.closed_at is null
        where c.state = 'scheduled' and c.scheduled_at <= (select app_now())
        order by c.scheduled_at limit 100 for update of c skip locked)
    returning id`);
  return rows.map((row) => row.id);
}
