import { lists } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { ListInput } from "./list-input.ts";
import { recordChange } from "./record-change.ts";

/**
 * Makes a list: a promise of what is sent, how often, in which language. Nobody can sign up before its words and a form are published.
 * @returns its id
 * @throws ZodError for what is no list
 */
export async function createList(s: Services, o: { who: Who } & ListInput): Promise<{ id: string }> {
  const { who, ...typed } = o;
  requireRight(who, "lists.write");
  const input = ListInput.parse(typed);
  return inTransaction(s, async (tx) => {
    const at = await appNow(tx.db);
    const [list] = await tx.db
      .insert(lists)
      .values({ id: s.randomId(), organization: who.organization, ...input, createdAt: at })
      .returning();
    if (!list) throw new Error("a list that was written is there");
    await recordChange(tx, { who, list, change: "created", at });
    return { id: list.id };
  });
}
