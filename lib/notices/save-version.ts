import { eq } from "drizzle-orm";
import { notices } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { sha256 } from "../crypto/hash.ts";
import { appendOther } from "../ledger/append.ts";
import type { Services } from "../services.ts";
import { type Notice, newestVersion, publishedVersion, type TextKey } from "./queries.ts";

/** A text as it is kept: LF line ends, no blanks at the ends. Its hash is over these bytes. */
export const asBody = (text: string) => text.normalize("NFC").replaceAll("\r\n", "\n").trim();

/**
 * Keeps a text as the draft of its next version: the row that publishing freezes. In the transaction at hand.
 * @returns the draft, or the published version when its words are just these
 */
export async function saveDraft(s: Services, key: TextKey, o: { body: string; user: string }): Promise<Notice> {
  const body = asBody(o.body);
  const newest = await newestVersion(s.db, key);
  if (newest && newest.body === body) return newest;
  const changed = { body, sha256: sha256(body), createdBy: o.user, createdAt: await appNow(s.db) };
  if (newest && newest.publishedAt === null) {
    const [row] = await s.db.update(notices).set(changed).where(eq(notices.id, newest.id)).returning();
    return present(row);
  }
  const version = (newest?.version ?? 0) + 1;
  const [row] = await s.db
    .insert(notices)
    .values({ id: s.randomId(), ...key, version, ...changed })
    .returning();
  return present(row);
}

/**
 * Publishes a text: its draft becomes immutable (trigger), and the ledger says so. Words that are in force already stay as they are, with their
 * version. In the transaction at hand.
 */
export async function publishText(s: Services, key: TextKey, o: { body: string; user: string }): Promise<Notice> {
  const inForce = await publishedVersion(s.db, key);
  const body = asBody(o.body);
  if (inForce?.body === body) return inForce;
  const draft = await saveDraft(s, key, o);
  const at = await appNow(s.db);
  const [row] = await s.db
    .update(notices)
    .set({ publishedAt: at, publishedBy: o.user })
    .where(eq(notices.id, draft.id))
    .returning();
  await record(s, present(row), { at, user: o.user, previous: inForce });
  return present(row);
}

async function record(s: Services, row: Notice, o: { at: Date; user: string; previous: Notice | undefined }) {
  await appendOther(s, {
    v: 1,
    id: s.randomId(),
    organization: row.organization,
    kind: "notice.published",
    at: o.at.toISOString(),
    actor: { type: "staff", id: o.user },
    notice: [{ kind: row.kind, sha256: row.sha256.toString("hex"), locale: row.locale, tone: row.tone }],
    text: row.id,
    version: row.version,
    ...(row.list ? { list: row.list } : {}),
    ...(row.purpose ? { purpose: row.purpose } : {}),
    ...(o.previous ? { replaces: o.previous.sha256.toString("hex") } : {}),
  });
}

function present(row: Notice | undefined): Notice {
  if (!row) throw new Error("a row that was written is there");
  return row;
}
