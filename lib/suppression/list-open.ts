import { and, asc, eq, gt, inArray, isNull, lte, or } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { contactKeys, suppressions } from "../../db/schema/contacts.ts";
import { lists } from "../../db/schema/lists.ts";

export type OpenSuppression = { reason: string; list: string | null; from: Date };

/** What keeps mail from a contact at an instant, oldest first; `list` is a list's name, null: everything. */
export async function suppressionsOf(
  db: Db,
  o: { organization: string; contact: string; at: Date },
): Promise<OpenSuppression[]> {
  const keys = db.select({ key: contactKeys.key }).from(contactKeys).where(eq(contactKeys.contact, o.contact));
  return db
    .select({ reason: suppressions.reason, list: lists.name, from: suppressions.from })
    .from(suppressions)
    .leftJoin(lists, eq(lists.id, suppressions.list))
    .where(
      and(
        eq(suppressions.organization, o.organization),
        inArray(suppressions.key, keys),
        isNull(suppressions.liftedAt),
        lte(suppressions.from, o.at),
        or(isNull(suppressions.until), gt(suppressions.until, o.at)),
      ),
    )
    .orderBy(asc(suppressions.from), asc(suppressions.id));
}
