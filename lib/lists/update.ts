import { eq } from "drizzle-orm";
import { lists, notices } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { ListInput } from "./list-input.ts";
import { asDetails, type List, listOf } from "./queries.ts";
import { recordChange } from "./record-change.ts";
import type { ListDetails } from "./types.ts";

/**
 * Changes what a list promises. Words that were published stay what they are: the new promise reaches people with their next version.
 * The purpose is fixed once words were published: consent was asked for it (EDPB 05/2020 §110).
 *
 * @throws LIST_PURPOSE_FIXED · LIST_ARCHIVED · NotFound · ZodError
 */
export async function updateList(s: Services, o: { who: Who; list: string } & ListInput): Promise<ListDetails> {
  const { who, list, ...typed } = o;
  requireRight(who, "lists.write");
  const input = ListInput.parse(typed);
  return inTransaction(s, async (tx) => {
    const row = await listOf(tx.db, { organization: who.organization, list, lock: true });
    if (row.archivedAt) throw new DomainError("LIST_ARCHIVED");
    if (input.purpose !== row.purpose && (await hasWords(tx, list)))
      throw new DomainError("LIST_PURPOSE_FIXED", { field: "purpose" });
    const next: List = { ...row, ...input };
    if (JSON.stringify(next) === JSON.stringify(row)) return asDetails(row);
    const at = await appNow(tx.db);
    await tx.db.update(lists).set(input).where(eq(lists.id, list));
    await recordChange(tx, { who, list: next, change: "changed", at });
    return asDetails(next);
  });
}

async function hasWords(s: Services, list: string): Promise<boolean> {
  const [row] = await s.db.select({ id: notices.id }).from(notices).where(eq(notices.list, list)).limit(1);
  return row !== undefined;
}
