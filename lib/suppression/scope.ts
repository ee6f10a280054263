import { and, eq, gt, inArray, isNull, lte, or, type SQL } from "drizzle-orm";
import { suppressions } from "../../db/schema/contacts.ts";

/**
 * The open suppressions of a person that cover a list: those of everything and those of this list.
 * @param list null: only those of everything
 */
export function openSuppressions(o: {
  organization: string;
  keys: Buffer[];
  list: string | null;
  at: Date | SQL;
}): SQL | undefined {
  return and(
    eq(suppressions.organization, o.organization),
    inArray(suppressions.key, o.keys),
    isNull(suppressions.liftedAt),
    lte(suppressions.from, o.at),
    or(isNull(suppressions.until), gt(suppressions.until, o.at)),
    o.list ? or(isNull(suppressions.list), eq(suppressions.list, o.list)) : isNull(suppressions.list),
  );
}
