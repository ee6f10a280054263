import { and, eq, gt, inArray, isNull, lte, or } from "drizzle-orm";
import { suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import type { Services } from "../services.ts";
import type { Confirmation } from "./find-confirmation.ts";

/**
 * Whether something the person said after she had asked stands against the request: a withdrawal, an objection, a complaint, "it was not me";
 * or the controller's block or a restriction, whenever it began. Such a link gives nothing (B64, AT-02).
 */
export async function superseded(s: Services, row: Confirmation): Promise<boolean> {
  const at = await appNow(s.db);
  const [found] = await s.db
    .select({ id: suppressions.id })
    .from(suppressions)
    .where(
      and(
        eq(suppressions.organization, row.organization),
        eq(suppressions.key, row.key),
        lte(suppressions.from, at),
        or(isNull(suppressions.list), eq(suppressions.list, row.list)),
        isNull(suppressions.liftedAt),
        or(gt(suppressions.from, row.createdAt), inArray(suppressions.reason, ["blocked", "restricted"])),
      ),
    )
    .limit(1);
  return found !== undefined;
}
