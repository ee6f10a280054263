import { and, desc, eq } from "drizzle-orm";
import { consentEvents, ledgerEntries, ledgerRecords, ledgers } from "../../db/schema/consent.ts";
import { subjects } from "../../db/schema/contacts.ts";
import { openSubject } from "../contacts/subject.ts";
import { open, openWith } from "../crypto/sealed.ts";
import { salt } from "../crypto/subject.ts";
import { NotFound } from "../errors.ts";
import { commitment, type Entry, type LedgerRecord } from "../ledger/record.ts";
import { leafHash } from "../ledger/tree.ts";
import { listNames } from "../lists/names.ts";
import type { NoticeVersion } from "../notices/types.ts";
import { textsByHash } from "../notices/versions.ts";
import type { Services } from "../services.ts";
import { hasRight, requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

export type OpenedEntry = {
  seq: number;
  entry: Entry;
  /** The entry's bytes as text, and the hash by which it is a leaf of the tree. */
  text: string;
  leaf: string;
  origin: string;
  size: number;
  /** The leaf is the hash of these bytes. */
  leafHolds: boolean;
  /** What happened, as far as the caller may read it; undefined when it opens no more (the person was erased, the request expired or refused). */
  record?: LedgerRecord;
  /** Record and salt give the commitment that the entry carries. Undefined when the record opens no more. */
  recordHolds?: boolean;
  /** The row of the contact it is about, while she has one. */
  contact?: string;
  /** The list that it concerns, by name. */
  list?: { id: string; name: string };
  /** The words that it points at. */
  texts: NoticeVersion[];
};

/**
 * One entry of the ledger with its record opened. IP, user agent, page, mail and note only for those with `evidence.see` (CC-05); the address not for
 * those who read addresses masked.
 * @param seq from 0; the number shown to people is one more
 * @throws NotFound when the organization's newest ledger has no such entry
 */
export async function openEntry(s: Services, o: { who: Who; seq: number }): Promise<OpenedEntry> {
  requireRight(o.who, "ledger.see");
  const { organization } = o.who;
  const [row] = await s.db
    .select({ ledger: ledgers, entry: ledgerEntries })
    .from(ledgers)
    .innerJoin(ledgerEntries, and(eq(ledgerEntries.ledger, ledgers.id), eq(ledgerEntries.seq, o.seq)))
    .where(eq(ledgers.organization, organization))
    .orderBy(desc(ledgers.generation))
    .limit(1);
  if (!row) throw new NotFound("entry");
  const text = row.entry.entry.toString();
  const entry = JSON.parse(text) as Entry;
  const opened = (await personRecord(s, entry)) ?? (await otherRecord(s, entry));
  const proof = opened && commitment(opened.salt, opened.record).toString("hex");
  return {
    ...{ seq: o.seq, entry, text, origin: row.ledger.origin, size: row.ledger.size },
    leaf: row.entry.leaf.toString("hex"),
    leafHolds: leafHash(row.entry.entry).equals(row.entry.leaf),
    ...(await listNamed(s, organization, entry.list)),
    texts: await textsByHash(s, { organization, hashes: entry.notice ?? [] }),
    ...(opened ? { record: readable(opened.record, o.who), recordHolds: proof === entry.commitment } : {}),
    ...(opened?.contact ? { contact: opened.contact } : {}),
  };
}

async function listNamed(s: Services, organization: string, list: string | undefined) {
  if (!list) return {};
  const all = await listNames(s.db, { organization, archived: true });
  const found = all.find((one) => one.id === list);
  return found ? { list: found } : {};
}

type Opened = { record: LedgerRecord; salt: Buffer; contact?: string };

/** A record about a person opens with her key, while it exists. */
async function personRecord(s: Services, entry: Entry): Promise<Opened | undefined> {
  const [event] = await s.db.select().from(consentEvents).where(eq(consentEvents.id, entry.id));
  const subject = event && (await openSubject(s, event.subjectRow));
  if (!event || !subject) return undefined;
  const place = { table: "consent_events", row: event.id, column: "sealed" };
  const record = JSON.parse(openWith(subject.key, place, event.sealed).toString()) as LedgerRecord;
  const [hers] = await s.db.select({ contact: subjects.contact }).from(subjects).where(eq(subjects.id, subject.id));
  return { record, salt: salt(subject.key, entry.id), ...(hers?.contact ? { contact: hers.contact } : {}) };
}

async function otherRecord(s: Services, entry: Entry): Promise<Opened | undefined> {
  const [row] = await s.db.select().from(ledgerRecords).where(eq(ledgerRecords.id, entry.id));
  if (!row) return undefined;
  const place = (column: string) => ({ table: "ledger_records", row: row.id, column });
  const record = JSON.parse(open(s.keys, place("sealed"), row.sealed).toString()) as LedgerRecord;
  return { record, salt: open(s.keys, place("salt"), row.salt) };
}

/** What of a record the caller may read. */
function readable(record: LedgerRecord, who: Who): LedgerRecord {
  const { request, mail, note, address, ...common } = record;
  const evidence = { ...(request && { request }), ...(mail && { mail }), ...(note && { note }) };
  return {
    ...common,
    ...(hasRight(who, "evidence.see") ? evidence : {}),
    ...(address && seesAddresses(who) ? { address } : {}),
  } as LedgerRecord;
}
