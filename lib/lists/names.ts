import { and, asc, eq, isNull } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { lists } from "../../db/schema/lists.ts";

/** Lists of an organization by name, for a choice or to name an id; archived ones only where asked for. */
export async function listNames(
  db: Db,
  o: { organization: string; archived?: boolean },
): Promise<{ id: string; name: string }[]> {
  return db
    .select({ id: lists.id, name: lists.name })
    .from(lists)
    .where(and(eq(lists.organization, o.organization), o.archived ? undefined : isNull(lists.archivedAt)))
    .orderBy(asc(lists.name), asc(lists.id));
}
