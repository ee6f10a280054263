import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import type { Services } from "../services.ts";
import { ensureSandbox } from "./sandbox.ts";

/** Which server carries an organization's mail now, campaigns and system mail alike: its live one, else the sandbox. */
export async function serverForCampaign(
  s: Services,
  organization: string,
): Promise<{ id: string; kind: "sandbox" | "shared" | "dedicated" }> {
  const [live] = await s.db
    .select({ id: servers.id, kind: servers.kind })
    .from(servers)
    .where(and(eq(servers.organization, organization), isNotNull(servers.liveAt), isNull(servers.removedAt)))
    .orderBy(desc(servers.liveAt))
    .limit(1);
  return live ?? { id: await ensureSandbox(s, { organization }), kind: "sandbox" };
}
