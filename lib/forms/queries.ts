import { and, eq } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { forms } from "../../db/schema/lists.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";

export type Form = typeof forms.$inferSelect;

/** A form of an organization; another one's does not exist. `lock` keeps others from publishing it until the transaction ends. */
export async function formOf(db: Db, o: { organization: string; form: string; lock?: boolean }): Promise<Form> {
  if (!isUuid(o.form)) throw new NotFound("form");
  const query = db
    .select()
    .from(forms)
    .where(and(eq(forms.id, o.form), eq(forms.organization, o.organization)));
  const [row] = await (o.lock ? query.for("update") : query);
  if (!row) throw new NotFound("form");
  return row;
}
