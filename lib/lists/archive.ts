import { eq, sql } from "drizzle-orm";
import { lists } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { listOf } from "./queries.ts";
import { recordChange } from "./record-change.ts";

/** What keeps a list from being archived; each count stops at 1,000, which says enough. */
export type ListUse = { campaigns: number; people: number; requests: number };

/**
 * Puts a list away: nobody signs up, nothing is sent. Refused while something hangs on it, and the error says what.
 * @throws LIST_IN_USE { campaigns, people, requests } · NotFound
 */
export async function archiveList(s: Services, o: { who: Who; list: string }): Promise<void> {
  requireRight(o.who, "lists.write");
  await inTransaction(s, async (tx) => {
    const row = await listOf(tx.db, { organization: o.who.organization, list: o.list, lock: true });
    if (row.archivedAt) return;
    const use = await listUse(tx, o.list);
    if (use.campaigns + use.people + use.requests > 0) throw new DomainError("LIST_IN_USE", use);
    const at = await appNow(tx.db);
    await tx.db.update(lists).set({ archivedAt: at }).where(eq(lists.id, o.list));
    await recordChange(tx, { who: o.who, list: row, change: "archived", at });
  });
}

async function listUse(s: Services, list: string): Promise<ListUse> {
  const { rows } = await s.db.execute<Record<keyof ListUse, number>>(sql`
    select (select count(*)::int from campaign_lists cl join campaigns c on c.id = cl.campaign
             where cl.list = ${list} and c.state in ('scheduled', 'sending', 'paused')) as campaigns,
           (select count(*)::int from (select from bases where list = ${list} and ended_at is null
             and until_at > (select app_now()) limit 1000) b) as people,
           (select count(*)::int from (select from confirmations where list = ${list} and outcome is null
             and expires_at > (select app_now()) limit 1000) q) as requests`);
  return rows[0] ?? { campaigns: 0, people: 0, requests: 0 };
}
