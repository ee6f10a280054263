import { asc, count, eq } from "drizzle-orm";
import { contacts } from "../../db/schema/contacts.ts";
import { organizations } from "../../db/schema/organizations.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

export type OrganizationRow = {
  id: string;
  name: string;
  slug: string;
  createdAt: Date;
  liveAt: Date | null;
  closedAt: Date | null;
  demo: boolean;
  contacts: number;
};

/** Every organization of the installation, for the operator; the closed ones too. */
export async function listOrganizations(s: Services, o: { who: Who }): Promise<OrganizationRow[]> {
  requireRight(o.who, "installation");
  const { id, legalName: name, slug, createdAt, liveAt, closedAt, demo } = organizations;
  return s.db
    .select({ id, name, slug, createdAt, liveAt, closedAt, demo, contacts: count(contacts.id) })
    .from(organizations)
    .leftJoin(contacts, eq(contacts.organization, organizations.id))
    .groupBy(organizations.id)
    .orderBy(asc(organizations.createdAt), asc(organizations.id));
}
