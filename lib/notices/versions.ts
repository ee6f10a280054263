import { and, desc, eq, inArray, isNull } from "drizzle-orm";
import { notices } from "../../db/schema/lists.ts";
import { users } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { asVersion, listWithController } from "./queries.ts";
import type { NoticeVersion } from "./types.ts";

export type NamedVersion = NoticeVersion & { publisher: string | null };

/**
 * Every version of the texts of a list, or with `list` null of those that are the organization's, newest first; drafts too.
 * @throws NotFound when the list is not of the caller's organization
 */
export async function textVersions(s: Services, o: { who: Who; list: string | null }): Promise<NamedVersion[]> {
  requireRight(o.who, "notices.see");
  const { organization } = o.who;
  if (o.list !== null) await listWithController(s.db, { organization, list: o.list });
  const rows = await s.db
    .select({ notice: notices, publisher: users.name })
    .from(notices)
    .leftJoin(users, eq(users.id, notices.publishedBy))
    .where(
      and(eq(notices.organization, organization), o.list === null ? isNull(notices.list) : eq(notices.list, o.list)),
    )
    .orderBy(desc(notices.publishedAt), desc(notices.version), desc(notices.id));
  return rows.map(({ notice, publisher }) => ({ ...asVersion(notice), publisher }));
}

/** Texts of an organization by their hash: the words that an event points at. */
export async function textsByHash(
  s: Services,
  o: { organization: string; hashes: string[] },
): Promise<NoticeVersion[]> {
  if (o.hashes.length === 0) return [];
  const rows = await s.db
    .select()
    .from(notices)
    .where(
      and(
        eq(notices.organization, o.organization),
        inArray(
          notices.sha256,
          o.hashes.map((hash) => Buffer.from(hash, "hex")),
        ),
      ),
    );
  return rows.map(asVersion);
}
