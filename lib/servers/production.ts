import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { liveRoutes } from "./lent.ts";

/** What an organization has in production, own and lent; the first carries system mail, and campaigns that choose none. */
export async function inProduction(
  s: Services,
  o: { who: Who },
): Promise<{ id: string; name: string; address: string }[]> {
  requireRight(o.who, "servers.see");
  const live = await liveRoutes(s.db, o.who.organization);
  return live.map(({ server: { id, name, fromAddress } }) => ({ id, name, address: fromAddress }));
}
