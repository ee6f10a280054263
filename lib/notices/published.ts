import { and, desc, eq, isNotNull, isNull } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";

/** A published text and whose it is. */
export type PublishedNotice = { organization: typeof organizations.$inferSelect; notice: typeof notices.$inferSelect };

/** The full notice of an organization as it is published now, in a language; in another one when there is none in this. */
export async function currentFullNotice(
  db: Db,
  o: { slug: string; locale: "it" | "en" },
): Promise<PublishedNotice | undefined> {
  const rows = await db
    .select({ organization: organizations, notice: notices })
    .from(organizations)
    .innerJoin(notices, eq(notices.organization, organizations.id))
    .where(
      and(
        eq(organizations.slug, o.slug),
        eq(notices.kind, "full_notice"),
        isNull(notices.list),
        isNotNull(notices.publishedAt),
      ),
    )
    .orderBy(desc(notices.version));
  return rows.find((row) => row.notice.locale === o.locale) ?? rows[0];
}

/** Any published text of an organization by the hash that an event points at: every version stays readable (CC-04). */
export async function publishedText(db: Db, o: { slug: string; sha256: Buffer }): Promise<PublishedNotice | undefined> {
  const [row] = await db
    .select({ organization: organizations, notice: notices })
    .from(organizations)
    .innerJoin(notices, eq(notices.organization, organizations.id))
    .where(and(eq(organizations.slug, o.slug), eq(notices.sha256, o.sha256), isNotNull(notices.publishedAt)))
    .limit(1);
  return row;
}
