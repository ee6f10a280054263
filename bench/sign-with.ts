import { sql } from "drizzle-orm";
import { makeDkimKeys } from "../lib/servers/dkim-make.ts";
import type { Services } from "../lib/services.ts";
import type { Who } from "../lib/users/who.ts";

/** RSA-2048 keys of ours for a server, signing at once: no record is looked for here. */
export async function signWith(s: Services, o: { who: Who; server: string }): Promise<void> {
  await makeDkimKeys(s, { ...o, ed25519: false });
  await s.db.execute(
    sql`update dkim_keys set active_at = app_now(), seen_at = app_now() where organization = ${o.who.organization}::uuid`,
  );
}
