import { desc, eq } from "drizzle-orm";
import { formVersions } from "../../db/schema/lists.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { formOf } from "./queries.ts";
import type { FormVersion } from "./types.ts";

/** Every published version of a form, newest first, as it was frozen. @throws NotFound */
export async function versionsOfForm(s: Services, o: { who: Who; form: string }): Promise<FormVersion[]> {
  requireRight(o.who, "lists.see");
  await formOf(s.db, { organization: o.who.organization, form: o.form });
  const rows = await s.db
    .select()
    .from(formVersions)
    .where(eq(formVersions.form, o.form))
    .orderBy(desc(formVersions.version));
  return rows.map(({ version, publishedAt, sha256, html, notices }) => ({
    ...{ version, publishedAt, html, notices, sha256: sha256.toString("hex") },
  }));
}
