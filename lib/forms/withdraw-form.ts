import { eq } from "drizzle-orm";
import { forms } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { formOf } from "./queries.ts";

/** Takes a form off the air: its address answers 404. What was signed on it stays proved by its versions. @throws NotFound */
export async function withdrawForm(s: Services, o: { who: Who; form: string }): Promise<void> {
  requireRight(o.who, "lists.write");
  await inTransaction(s, async (tx) => {
    const row = await formOf(tx.db, { organization: o.who.organization, form: o.form, lock: true });
    if (row.withdrawnAt) return;
    await tx.db
      .update(forms)
      .set({ withdrawnAt: await appNow(tx.db) })
      .where(eq(forms.id, row.id));
  });
}
