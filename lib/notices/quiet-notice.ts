import { and, eq, isNull } from "drizzle-orm";
import { staffNotices } from "../../db/schema/staff-notices.ts";
import { appNow } from "../clock.ts";
import type { Services } from "../services.ts";
import type { NoticeKind } from "../users/notice-kinds.ts";

/** What staff were told of an object is no longer so, or was dealt with: it leaves the dashboard. */
export async function quietNotice(
  s: Pick<Services, "db">,
  o: { organization: string; kind: NoticeKind; object: string },
): Promise<void> {
  await s.db
    .update(staffNotices)
    .set({ doneAt: await appNow(s.db) })
    .where(
      and(
        ...[eq(staffNotices.organization, o.organization), eq(staffNotices.kind, o.kind)],
        ...[eq(staffNotices.object, o.object), isNull(staffNotices.doneAt)],
      ),
    );
}
