import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { forms, formVersions, lists, notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";

export type PublicForm = {
  id: string;
  version: number;
  organization: typeof organizations.$inferSelect;
  list: typeof lists.$inferSelect;
  locale: "it" | "en";
  tone: "tu" | "lei";
  boxes: { purpose: string; text: string; version: number }[];
  shortNotice: string;
  /** Notice and boxes as they were frozen: what the page carries byte for byte. */
  html: string;
  fullNotice: { sha256: string } | undefined;
};

/** The newest published version of a form, or the one that was shown. Undefined for a form that is not there, was withdrawn, or whose controller closed. */
export async function publicForm(db: Db, o: { form: string; version?: number }): Promise<PublicForm | undefined> {
  const [row] = await db
    .select({ version: formVersions, list: lists, organization: organizations })
    .from(formVersions)
    .innerJoin(forms, eq(forms.id, formVersions.form))
    .innerJoin(lists, eq(lists.id, forms.list))
    .innerJoin(organizations, eq(organizations.id, forms.organization))
    .where(
      and(
        eq(formVersions.form, o.form),
        o.version === undefined ? undefined : eq(formVersions.version, o.version),
        isNull(forms.withdrawnAt),
        isNull(lists.archivedAt),
        isNull(organizations.closedAt),
      ),
    )
    .orderBy(desc(formVersions.version))
    .limit(1);
  if (!row) return undefined;
  const shown = await db.select().from(notices).where(inArray(notices.id, row.version.notices));
  const inOrder = row.version.notices.flatMap((id) => shown.filter((n) => n.id === id));
  const full = inOrder.find((n) => n.kind === "full_notice");
  return {
    id: o.form,
    version: row.version.version,
    organization: row.organization,
    list: row.list,
    locale: row.version.locale,
    tone: row.version.tone,
    boxes: inOrder.flatMap((n) =>
      n.kind === "consent_box" && n.purpose ? [{ purpose: n.purpose, text: n.body, version: n.version }] : [],
    ),
    shortNotice: inOrder.find((n) => n.kind === "short_notice")?.body ?? "",
    html: row.version.html,
    fullNotice: full && { sha256: full.sha256.toString("hex") },
  };
}
