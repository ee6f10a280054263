import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaignLists, campaigns } from "../../db/schema/campaigns.ts";
import { lists } from "../../db/schema/lists.ts";
import { DomainError, NotFound } from "../errors.ts";
import { quietNotice } from "../notices/quiet-notice.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { CampaignChanged } from "./changed.ts";
import { DraftChange } from "./draft.ts";
import { columnsOf, draftOf, findCampaign, listsOf } from "./find.ts";
import type { Draft, Saved, Sending } from "./types.ts";

/**
 * Saves some parts of a draft. A save that started from an older version is refused with both texts (B95), unless all that it brings is there
 * already: a save that is repeated because its answer was lost changes nothing and is answered like the first.
 *
 * @param version the version that the change started from
 * @throws CampaignChanged · CAMPAIGN_NOT_DRAFT · NotFound (campaign, list)
 */
export async function saveDraft(
  s: Services,
  o: { who: Who; campaign: string; version: number; change: DraftChange },
): Promise<Saved> {
  requireRight(o.who, "campaigns.write");
  const { lists: chosen, ...parts } = DraftChange.parse(o.change);
  return inTransaction(s, async (s) => {
    const [{ db }, { organization }] = [s, o.who];
    const row = await findCampaign(db, { organization, campaign: o.campaign, lock: true });
    if (row.state !== "draft") throw new DomainError("CAMPAIGN_NOT_DRAFT");
    const now = draftOf(row, await listsOf(db, row.id));
    const change = defined({ ...parts, lists: chosen && [...new Set(chosen)].sort() });
    if (same(now, change)) return { version: row.version, savedAt: row.savedAt };
    checkSending({ ...now, ...change });
    if (row.version !== o.version) {
      throw new CampaignChanged({ theirs: now, version: row.version, savedAt: row.savedAt });
    }
    if (change.lists) await chooseLists(db, { organization, campaign: row.id, lists: change.lists });
    const [saved] = await db
      .update(campaigns)
      .set({ ...columnsOf(defined(parts)), version: row.version + 1, savedAt: sql`app_now()` })
      .where(eq(campaigns.id, row.id))
      .returning({ version: campaigns.version, savedAt: campaigns.savedAt });
    if (!saved) throw new NotFound("campaign");
    // Who was asked about other words has nothing to decide any more.
    if (change.subject !== undefined && change.subject !== row.subject)
      await quietNotice(s, { organization, kind: "approval_waits", object: row.id });
    return saved;
  });
}

/** What no field alone says. @throws DomainError CAMPAIGN_HOURS · CAMPAIGN_NOT_AFTER */
export function checkSending({ hourFrom, hourTo, startsAt, notAfter }: Sending): void {
  if ((hourFrom ?? 0) >= (hourTo ?? 24)) throw new DomainError("CAMPAIGN_HOURS", { field: "hourTo" });
  if (startsAt && notAfter && notAfter <= startsAt) throw new DomainError("CAMPAIGN_NOT_AFTER", { field: "notAfter" });
}

/** Replaces the lists of a campaign; a list of somebody else, or an archived one, does not exist. */
export async function chooseLists(db: Db, o: { organization: string; campaign: string; lists: string[] }) {
  const found = await db
    .select({ id: lists.id })
    .from(lists)
    .where(and(inArray(lists.id, o.lists), eq(lists.organization, o.organization), isNull(lists.archivedAt)));
  if (found.length < o.lists.length) throw new NotFound("list");
  await db.delete(campaignLists).where(eq(campaignLists.campaign, o.campaign));
  if (o.lists.length > 0) {
    await db.insert(campaignLists).values(o.lists.map((list) => ({ campaign: o.campaign, list })));
  }
}

type Change = { [K in keyof Draft]?: Draft[K] };

function defined<T extends object>(parts: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as never;
}

function same(now: Draft, change: Change): boolean {
  return Object.entries(change).every(([part, value]) => {
    const there = now[part as keyof Draft];
    return Array.isArray(value) ? String(value) === String(there) : value === there;
  });
}
