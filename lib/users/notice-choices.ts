import { and, eq } from "drizzle-orm";
import { staffNoticeChoices } from "../../db/schema/staff-notices.ts";
import { inTransaction, type Services } from "../services.ts";
import { mailedByDefault, NOTICE_KIND_NAMES, type NoticeKind } from "./notice-kinds.ts";
import type { Who } from "./who.ts";

export type NoticeChoices = Record<NoticeKind, boolean>;

/** Which notices the caller gets by mail in this organization: what she chose, else what goes with her roles. */
export async function noticeChoices(s: Services, o: { who: Who }): Promise<NoticeChoices> {
  const rows = await s.db.select().from(staffNoticeChoices).where(mine(o.who));
  const chosen = new Map(rows.map((row) => [row.kind, row.mail]));
  const of = (kind: NoticeKind) => chosen.get(kind) ?? mailedByDefault(kind, o.who.roles);
  return Object.fromEntries(NOTICE_KIND_NAMES.map((kind) => [kind, of(kind)])) as NoticeChoices;
}

/** Her choice, for each kind. */
export async function chooseNotices(s: Services, o: { who: Who; kinds: NoticeKind[] }): Promise<void> {
  const { user, organization } = o.who;
  await inTransaction(s, async (tx) => {
    await tx.db.delete(staffNoticeChoices).where(mine(o.who));
    await tx.db
      .insert(staffNoticeChoices)
      .values(NOTICE_KIND_NAMES.map((kind) => ({ user, organization, kind, mail: o.kinds.includes(kind) })));
  });
}

const mine = (who: Who) =>
  and(eq(staffNoticeChoices.user, who.user), eq(staffNoticeChoices.organization, who.organization));
