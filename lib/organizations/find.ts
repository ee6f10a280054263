import { eq } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

export type Organization = typeof organizations.$inferSelect;

/** The caller's organization, whole. */
export async function findOrganization(s: Services, o: { who: Who }): Promise<Organization> {
  requireRight(o.who, "organization.see");
  const [found] = await s.db.select().from(organizations).where(eq(organizations.id, o.who.organization));
  if (!found) throw new NotFound("organization");
  return found;
}
