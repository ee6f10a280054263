import { eq } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { servers } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { DomainError, NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { checkInput } from "./check-input.ts";
import { sealOauth } from "./oauth.ts";
import { sealPassword } from "./password.ts";
import { checkTarget } from "./target.ts";
import type { ServerInput } from "./types.ts";

/**
 * Describes a sending server. It carries nothing before its test passed and somebody pressed "Vai in produzione".
 * @throws DomainError what checkInput and checkTarget say · SERVER_INVALID (password, oauthClient)
 */
export async function createServer(s: Services, o: { who: Who } & ServerInput): Promise<{ id: string }> {
  requireRight(o.who, "servers.write");
  const [owner] = await s.db
    .select({ zone: organizations.timeZone })
    .from(organizations)
    .where(eq(organizations.id, o.who.organization));
  if (!owner) throw new NotFound("organization");
  const row = checkInput(o, owner.zone);
  if (row.auth === "password" && !o.password) throw new DomainError("SERVER_INVALID", { field: "password" });
  if (row.auth === "oauth2" && !o.oauth) throw new DomainError("SERVER_INVALID", { field: "oauthClient" });
  await checkTarget(s, row);
  const id = s.randomId();
  await s.db.insert(servers).values({
    ...row,
    id,
    organization: o.who.organization,
    password: row.auth === "password" && o.password ? sealPassword(s, id, o.password) : null,
    oauth: row.auth === "oauth2" && o.oauth ? sealOauth(s, id, o.oauth) : null,
    createdAt: await appNow(s.db),
  });
  return { id };
}
