import { and, desc, eq, isNotNull, isNull, lt } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { lists, notices } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { NoticeKind, NoticeVersion } from "./types.ts";

export type Notice = typeof notices.$inferSelect;

/** Which text: a list's, or with `list` null the organization's; in one language and tone. */
export type TextKey = {
  organization: string;
  list: string | null;
  kind: NoticeKind;
  purpose: Notice["purpose"];
  locale: "it" | "en";
  tone: "tu" | "lei";
};

const isText = (key: TextKey) =>
  and(
    eq(notices.organization, key.organization),
    key.list === null ? isNull(notices.list) : eq(notices.list, key.list),
    eq(notices.kind, key.kind),
    key.purpose === null ? isNull(notices.purpose) : eq(notices.purpose, key.purpose),
    eq(notices.locale, key.locale),
    eq(notices.tone, key.tone),
  );

/** The newest version of a text, published or draft. */
export async function newestVersion(db: Db, key: TextKey): Promise<Notice | undefined> {
  const [row] = await db.select().from(notices).where(isText(key)).orderBy(desc(notices.version)).limit(1);
  return row;
}

/** The version in force: the newest that was published. */
export async function publishedVersion(db: Db, key: TextKey): Promise<Notice | undefined> {
  const [row] = await db
    .select()
    .from(notices)
    .where(and(isText(key), isNotNull(notices.publishedAt)))
    .orderBy(desc(notices.version))
    .limit(1);
  return row;
}

/** The version before one. */
export async function olderVersion(db: Db, key: TextKey, version: number): Promise<Notice | undefined> {
  const [row] = await db
    .select()
    .from(notices)
    .where(and(isText(key), lt(notices.version, version)))
    .orderBy(desc(notices.version))
    .limit(1);
  return row;
}

/**
 * A list with its organization: what words are made of.
 * @param lock keeps others from publishing for it until the transaction ends, so that versions count 1, 2, 3 without a gap
 * @throws NotFound when it is not of this organization
 */
export async function listWithController(db: Db, o: { organization: string; list: string; lock?: boolean }) {
  if (!isUuid(o.list)) throw new NotFound("list");
  const query = db
    .select({ list: lists, organization: organizations })
    .from(lists)
    .innerJoin(organizations, eq(organizations.id, lists.organization))
    .where(and(eq(lists.id, o.list), eq(lists.organization, o.organization)));
  const [row] = await (o.lock ? query.for("update", { of: lists }) : query);
  if (!row) throw new NotFound("list");
  return row;
}

/** The controller of a caller. */
export async function controllerOf(db: Db, organization: string, lock = false) {
  const query = db.select().from(organizations).where(eq(organizations.id, organization));
  const [row] = await (lock ? query.for("update") : query);
  if (!row) throw new NotFound("organization");
  return row;
}

/** A row as screens see it. */
export function asVersion(row: Notice): NoticeVersion {
  const { id, kind, list, purpose, locale, tone, version, body, publishedAt, publishedBy } = row;
  const sha256 = row.sha256.toString("hex");
  return { id, kind: kind as NoticeKind, list, purpose, locale, tone, version, body, sha256, publishedAt, publishedBy };
}
