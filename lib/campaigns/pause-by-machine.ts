import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";

/** The machine stops a campaign: its texts cannot be used, or too many refuse it. A person may resume it. */
export async function pauseCampaign(db: Db, o: { campaign: string; reason: string }): Promise<void> {
  await db.execute(
    sql`update campaigns set state = 'paused', paused_at = app_now(), paused_by = null, paused_reason = ${o.reason} where id = ${o.campaign}::uuid and state = 'sending'`,
  );
}
