import { inArray } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { lists } from "../../db/schema/lists.ts";

/** Whether what is sent to these lists is advertising, or would be: as long as none is chosen, the stricter rules hold. */
export async function isPromo(db: Db, of: string[]): Promise<boolean> {
  if (of.length === 0) return true;
  const rows = await db.select({ purpose: lists.purpose }).from(lists).where(inArray(lists.id, of));
  return rows.some((row) => row.purpose === "promo");
}
