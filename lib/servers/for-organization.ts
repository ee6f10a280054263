import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import type { Services } from "../services.ts";
import { carrierSql } from "./carrier.ts";
import { ensureSandbox } from "./sandbox.ts";
import type { Server } from "./types.ts";

/** Which server carries an organization's mail now, campaigns and system mail alike: its live one, else the sandbox. */
export async function serverForCampaign(
  s: Services,
  organization: string,
): Promise<{ id: string; kind: Server["kind"] }> {
  const [found] = await s.db
    .select({ id: servers.id, kind: servers.kind })
    .from(servers)
    .where(eq(servers.id, carrierSql(sql`${organization}::uuid`)));
  return found ?? { id: await ensureSandbox(s, { organization }), kind: "sandbox" };
}
