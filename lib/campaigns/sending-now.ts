import { and, asc, eq } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** Campaigns of the caller's organization that are being sent, the oldest first; five at most: every page of staff asks. */
export async function sendingNow(s: Services, o: { who: Who }): Promise<{ id: string; name: string }[]> {
  requireRight(o.who, "campaigns.see");
  return s.db
    .select({ id: campaigns.id, name: campaigns.name })
    .from(campaigns)
    .where(and(eq(campaigns.organization, o.who.organization), eq(campaigns.state, "sending")))
    .orderBy(asc(campaigns.id))
    .limit(5);
}
