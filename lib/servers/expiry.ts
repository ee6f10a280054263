import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { staffNotices } from "../../db/schema/staff-notices.ts";
import { appNow } from "../clock.ts";
import { tellStaff } from "../notices/tell-staff.ts";
import type { Services } from "../services.ts";
import { dayOf } from "../text/calendar-day.ts";
import { daysLeft, reminderDue } from "./days-left.ts";

/**
 * Reminds staff of servers whose service ends soon, once for each of 30, 14, 7 and 1 days; a reminder that nobody was there to send is not sent late.
 * A server whose date was moved is quiet again: what was said of the old date leaves the dashboard.
 * @returns how many reminders were new
 */
export async function remindOfExpiry(s: Services): Promise<number> {
  const { id, organization, name, expiresOn, zone } = servers;
  const now = await appNow(s.db);
  const rows = await s.db
    .select({ id, organization, name, expiresOn, zone })
    .from(servers)
    .where(
      and(isNull(servers.removedAt), isNotNull(expiresOn), sql`${expiresOn} < (select app_now()) + interval '32 days'`),
    );
  let told = 0;
  for (const row of rows) {
    const last = row.expiresOn ?? "";
    const days = daysLeft(last, dayOf(now, row.zone));
    const due = reminderDue(days);
    // Over for more than a day: whoever opens the page reads it there.
    if (due === undefined || days < -1) continue;
    const [year, month, day] = last.split("-");
    const isNew = await tellStaff(s, {
      ...{ organization: row.organization, kind: "server_expires", object: row.id, path: `/servers/${row.id}` },
      key: `${keyOf(row.id, last)}:${due}`,
      facts: { name: row.name, days: Math.max(0, days), date: `${day}/${month}/${year}` },
    });
    if (isNew) told++;
  }
  await settleMoved(s);
  return told;
}

const keyOf = (server: string, last: string) => `server_expires:${server}:${last}`;

/** Reminders of a date that is none any more are done. */
async function settleMoved(s: Services): Promise<void> {
  await s.db
    .update(staffNotices)
    .set({ doneAt: sql`app_now()` as never })
    .where(
      and(
        eq(staffNotices.kind, "server_expires"),
        isNull(staffNotices.doneAt),
        sql`not exists (select from servers v where v.id = ${staffNotices.object} and v.removed_at is null
              and ${staffNotices.key} like 'server_expires:' || v.id || ':' || v.expires_on || ':%')`,
      ),
    );
}
