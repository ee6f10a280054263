import { and, desc, eq, isNull, sql } from "drizzle-orm";
import { staffNotices } from "../../db/schema/staff-notices.ts";
import { appNow } from "../clock.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import type { NoticeKind } from "./notice-kinds.ts";
import { requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

/** What the dashboard says; `path`: where something can be done about it. */
export type OpenNotice = {
  id: string;
  kind: NoticeKind;
  facts: Record<string, string | number>;
  path: string;
  at: Date;
};

const MOST = 10;

/** What staff were told and nobody has pressed away, newest first. One index scan of `staff_notices_of`, backwards. */
export async function openNotices(s: Services, o: { who: Who }): Promise<OpenNotice[]> {
  requireRight(o.who, "campaigns.see");
  const rows = await s.db
    .select()
    .from(staffNotices)
    .where(and(eq(staffNotices.organization, o.who.organization), isNull(staffNotices.doneAt)))
    .orderBy(desc(staffNotices.at))
    .limit(MOST);
  return rows.map(({ id, kind, facts, at }) => ({
    ...{ id, kind: kind as NoticeKind, at, facts },
    path: String(facts.path ?? "/"),
  }));
}

/** Somebody has read it: it leaves the dashboard for everybody of the organization. */
export async function dismissNotice(s: Services, o: { who: Who; notice: string }): Promise<void> {
  requireRight(o.who, "campaigns.see");
  const mine = and(sql`${staffNotices.id}::text = ${o.notice}`, eq(staffNotices.organization, o.who.organization));
  const done = await s.db
    .update(staffNotices)
    .set({ doneAt: await appNow(s.db) })
    .where(mine)
    .returning({ id: staffNotices.id });
  if (done.length === 0) throw new NotFound("notice");
}
