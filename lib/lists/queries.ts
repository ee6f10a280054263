import { and, eq } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { lists } from "../../db/schema/lists.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { ListDetails } from "./types.ts";

export type List = typeof lists.$inferSelect;

/**
 * A list of an organization; another one's, or what is no id at all, does not exist.
 * @param lock keeps others from changing it until the transaction ends
 */
export async function listOf(db: Db, o: { organization: string; list: string; lock?: boolean }): Promise<List> {
  if (!isUuid(o.list)) throw new NotFound("list");
  const query = db
    .select()
    .from(lists)
    .where(and(eq(lists.id, o.list), eq(lists.organization, o.organization)));
  const [row] = await (o.lock ? query.for("update") : query);
  if (!row) throw new NotFound("list");
  return row;
}

/** A row as screens see it. */
export function asDetails(row: List): ListDetails {
  const { organization: _, ...shown } = row;
  return { ...shown, purpose: row.purpose as ListDetails["purpose"] };
}
