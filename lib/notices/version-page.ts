import { and, eq } from "drizzle-orm";
import { lists, notices } from "../../db/schema/lists.ts";
import { users } from "../../db/schema/users.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Change, textChanges } from "./diff.ts";
import { asVersion, olderVersion, type TextKey } from "./queries.ts";
import type { NoticeVersion } from "./types.ts";

export type VersionPage = {
  version: NoticeVersion;
  publisher: string | null;
  list: { id: string; name: string } | null;
  /** The version before, and what changed since. */
  before: { id: string; version: number; changes: Change[] } | null;
};

/** One version of a text, beside the one before it. @throws NotFound when it is not of the caller's organization */
export async function versionPage(s: Services, o: { who: Who; notice: string }): Promise<VersionPage> {
  requireRight(o.who, "notices.see");
  if (!isUuid(o.notice)) throw new NotFound("notice");
  const [row] = await s.db
    .select({ notice: notices, publisher: users.name, list: lists })
    .from(notices)
    .leftJoin(users, eq(users.id, notices.publishedBy))
    .leftJoin(lists, eq(lists.id, notices.list))
    .where(and(eq(notices.id, o.notice), eq(notices.organization, o.who.organization)));
  if (!row) throw new NotFound("notice");
  const version = asVersion(row.notice);
  const before = await versionBefore(s, o.who.organization, version);
  return {
    version,
    publisher: row.publisher,
    list: row.list && { id: row.list.id, name: row.list.name },
    before: before ? { id: before.id, version: before.version, changes: textChanges(before.body, version.body) } : null,
  };
}

async function versionBefore(s: Services, organization: string, of: NoticeVersion) {
  const { list, kind, purpose, locale, tone } = of;
  const key = { organization, list, kind, locale, tone, purpose: purpose as TextKey["purpose"] };
  return olderVersion(s.db, key, of.version);
}
