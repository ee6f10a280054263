import { eq, sql } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { servers } from "../../db/schema/servers.ts";
import type { Services } from "../services.ts";
import { carrierSql } from "./carrier.ts";
import { ensureSandbox } from "./sandbox.ts";
import type { Server } from "./types.ts";

/**
 * Which server carries an organization's system mail now, and its campaigns unless others were chosen: of those in production the last one, else the sandbox.
 * Undefined for one that was in production and has no server left.
 */
export async function serverForCampaign(
  s: Services,
  organization: string,
): Promise<{ id: string; kind: Server["kind"] } | undefined> {
  const [found] = await s.db
    .select({ id: servers.id, kind: servers.kind })
    .from(servers)
    .where(eq(servers.id, carrierSql(sql`${organization}::uuid`)));
  if (found) return found;
  const [owner] = await s.db
    .select({ liveAt: organizations.liveAt })
    .from(organizations)
    .where(eq(organizations.id, organization));
  return owner?.liveAt ? undefined : { id: await ensureSandbox(s, { organization }), kind: "sandbox" };
}
