import { asc, eq, inArray, sql } from "drizzle-orm";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { consentEvents, ledgerEntries } from "../../db/schema/consent.ts";
import { contacts, subjects } from "../../db/schema/contacts.ts";
import { lists } from "../../db/schema/lists.ts";
import { open, openWith } from "../crypto/sealed.ts";
import { NotFound } from "../errors.ts";
import type { LedgerRecord } from "../ledger/record.ts";
import type { Services } from "../services.ts";
import { hasRight, requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** One line of a contact's register. */
export type StoryLine = {
  id: string;
  /** The number shown to people (seq + 1); undefined while it waits for one, and for mailings. */
  number?: number;
  at: Date;
  kind: string;
  list?: string;
  purpose?: string;
  level?: string;
  method?: string;
  validUntil?: Date;
  /** Whether mail of this event was carried by the sandbox. */
  simulated?: boolean;
  notices: LedgerRecord["notice"];
  /** Boxes as they stood; shown to everybody who sees the contact (a fact about the words, not about the person's device). */
  boxes: LedgerRecord["boxes"];
  /** IP, user agent, page, the server's reply: for those with `evidence.see` alone (CC-05). */
  evidence?: Pick<LedgerRecord, "request" | "mail" | "note" | "address">;
  campaign?: { id: string; name: string };
};

/**
 * Everything that happened between a person and this controller, oldest first: asked, mail accepted, confirmed, mailed, withdrawn.
 * @throws NotFound when the contact is not of the caller's organization (or was erased)
 */
export async function story(s: Services, o: { who: Who; contact: string }): Promise<StoryLine[]> {
  requireRight(o.who, "contacts.see");
  const [contact] = await s.db
    .select({ organization: contacts.organization })
    .from(contacts)
    .where(eq(contacts.id, o.contact));
  if (contact?.organization !== o.who.organization) throw new NotFound("contact");
  const evidence = hasRight(o.who, "evidence.see");
  const lines = [...(await events(s, o.contact, evidence)), ...(await mailings(s, o.contact))];
  return lines.sort((a, b) => a.at.getTime() - b.at.getTime() || (a.id < b.id ? -1 : 1));
}

async function events(s: Services, contact: string, evidence: boolean): Promise<StoryLine[]> {
  const hers = await s.db.select().from(subjects).where(eq(subjects.contact, contact));
  if (hers.length === 0) return [];
  const keys = new Map(
    hers.flatMap((row) =>
      row.key ? [[row.id, open(s.keys, { table: "subjects", row: row.id, column: "key" }, row.key)] as const] : [],
    ),
  );
  const rows = await s.db
    .select({ event: consentEvents, seq: ledgerEntries.seq, list: lists.name })
    .from(consentEvents)
    .leftJoin(ledgerEntries, eq(ledgerEntries.id, consentEvents.id))
    .leftJoin(lists, eq(lists.id, consentEvents.list))
    .where(
      inArray(
        consentEvents.subjectRow,
        hers.map((row) => row.id),
      ),
    )
    .orderBy(asc(consentEvents.at));
  return rows.flatMap(({ event, seq, list }) => {
    const key = keys.get(event.subjectRow);
    return key ? [lineOf(event, seq, list, recordOf(key, event), evidence)] : [];
  });
}

function recordOf(key: Buffer, event: typeof consentEvents.$inferSelect): LedgerRecord {
  const place = { table: "consent_events", row: event.id, column: "sealed" };
  return JSON.parse(openWith(key, place, event.sealed).toString()) as LedgerRecord;
}

function lineOf(
  event: typeof consentEvents.$inferSelect,
  seq: number | null,
  list: string | null,
  record: LedgerRecord,
  evidence: boolean,
): StoryLine {
  const { request, mail, note, address } = record;
  return {
    id: event.id,
    at: event.at,
    kind: event.kind,
    notices: record.notice,
    boxes: record.boxes,
    ...(seq === null ? {} : { number: seq + 1 }),
    ...(list ? { list } : {}),
    ...(event.purpose ? { purpose: event.purpose } : {}),
    ...(event.level ? { level: event.level } : {}),
    ...(event.method ? { method: event.method } : {}),
    ...(event.validUntil ? { validUntil: event.validUntil } : {}),
    ...(mail?.simulated === undefined ? {} : { simulated: mail.simulated }),
    ...(evidence
      ? {
          evidence: {
            ...(request && { request }),
            ...(mail && { mail }),
            ...(note && { note }),
            ...(address && { address }),
          },
        }
      : {}),
  };
}

/** Mailings that reached a state of their own; index once_a_campaign. */
async function mailings(s: Services, contact: string): Promise<StoryLine[]> {
  const rows = await s.db
    .select({
      campaign: campaigns.id,
      name: campaigns.name,
      state: deliveries.state,
      reason: deliveries.reason,
      at: sql<Date>`coalesce(${deliveries.sentAt}, ${deliveries.decidedAt})`.mapWith(deliveries.decidedAt),
      simulated: campaigns.simulated,
    })
    .from(deliveries)
    .innerJoin(campaigns, eq(campaigns.id, deliveries.campaign))
    .where(eq(deliveries.contact, contact));
  return rows
    .filter((row) => ["accepted", "rejected", "uncertain", "excluded"].includes(row.state))
    .map((row) => ({
      id: row.campaign,
      at: row.at,
      kind: `mailing.${row.state}`,
      notices: undefined,
      boxes: undefined,
      campaign: { id: row.campaign, name: row.name },
      ...(row.reason ? { method: row.reason } : {}),
      ...(row.simulated === null ? {} : { simulated: row.simulated }),
    }));
}
