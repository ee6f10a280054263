import { and, eq, inArray } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { forms, formVersions, lists, notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { NotFound } from "../errors.ts";
import { readConfirmPage } from "../notices/words/pages.ts";
import type { Words } from "./types.ts";

/** A published form as a request for consent needs it: whose, for what, with which words. */
export type Published = Awaited<ReturnType<typeof publishedForConsent>>;

/** @throws NotFound when there is no such published version */
export async function publishedForConsent(db: Db, o: { form: string; version: number }) {
  const [row] = await db
    .select({ form: formVersions, list: lists, organization: organizations })
    .from(formVersions)
    .innerJoin(forms, eq(forms.id, formVersions.form))
    .innerJoin(lists, eq(lists.id, forms.list))
    .innerJoin(organizations, eq(organizations.id, formVersions.organization))
    .where(and(eq(formVersions.form, o.form), eq(formVersions.version, o.version)));
  if (!row) throw new NotFound("form");
  const shown = await db.select().from(notices).where(inArray(notices.id, row.form.notices));
  const inOrder = row.form.notices.flatMap((id) => shown.filter((n) => n.id === id));
  const words: Words[] = inOrder.flatMap((n) =>
    n.kind === "consent_box" && n.purpose ? [{ purpose: n.purpose, text: n.body, version: n.version }] : [],
  );
  const page = inOrder.find((n) => n.kind === "confirm_page");
  if (!page) throw new Error("a published form has a confirmation page");
  return {
    ...row,
    words,
    confirmPage: { ...readConfirmPage(page.body), version: page.version, sha256: page.sha256.toString("hex") },
    shown: inOrder.map((n) => ({ kind: n.kind, sha256: n.sha256.toString("hex"), locale: n.locale, tone: n.tone })),
  };
}
