import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { campaignsUsing, serverRow } from "./find.ts";

/**
 * Removes a sending server; its row stays, without its secrets, for the campaigns that it carried.
 * @throws DomainError SANDBOX_IS_FIXED · SERVER_IS_LIVE · SERVER_BUSY with the number of campaigns under way
 */
export function removeServer(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  return inTransaction(s, async (tx) => {
    const row = await serverRow(tx.db, { organization: o.who.organization, server: o.server });
    if (row.kind === "sandbox") throw new DomainError("SANDBOX_IS_FIXED");
    // Without a live server mail would go to the sandbox again: there is no way back (design: §8).
    if (row.liveAt) throw new DomainError("SERVER_IS_LIVE");
    const n = await campaignsUsing(tx.db, { server: row.id });
    if (n > 0) throw new DomainError("SERVER_BUSY", { n });
    await tx.db
      .update(servers)
      .set({ removedAt: sql`app_now()`, auth: "none", username: null, password: null, oauth: null })
      .where(eq(servers.id, row.id));
  });
}
