import { consentEvents, ledgerQueue, ledgerRecords } from "../../db/schema/consent.ts";
import { seal, sealWith } from "../crypto/sealed.ts";
import { salt, subjectRef, tag } from "../crypto/subject.ts";
import type { Services } from "../services.ts";
import { commitment, entryOf, jcs, type LedgerRecord } from "./record.ts";

const hexes = (record: LedgerRecord) => (record.notice ?? []).map((n) => Buffer.from(n.sha256, "hex"));

/**
 * Records what happened to a person, in the verb's transaction: the event, sealed under her key, and its place in the sequencer's queue (formats.md §1).
 * @param subject the `subjects` row and key that seal it
 * @param record whole, as it will be proved; its `at` is the instant taken after her lock
 * @returns the event's id
 */
export async function appendPerson(
  s: Services,
  o: { subject: { id: string; key: Buffer }; record: LedgerRecord },
): Promise<string> {
  const { subject, record } = o;
  const proof = commitment(salt(subject.key, record.id), record);
  const ref = subjectRef(tag(subject.key), record.id);
  await s.db.insert(consentEvents).values({
    id: record.id,
    organization: record.organization,
    subjectRow: subject.id,
    kind: record.kind,
    at: new Date(record.at),
    subject: ref,
    commitment: proof,
    list: record.list ?? null,
    purpose: (record.purpose as "promo" | undefined) ?? null,
    level: record.level ?? null,
    method: record.method ?? null,
    notice: hexes(record),
    validUntil: record.valid_until ? new Date(record.valid_until) : null,
    previous: record.previous ?? null,
    sealed: sealWith(
      subject.key,
      { table: "consent_events", row: record.id, column: "sealed" },
      Buffer.from(jcs(record)),
      s.randomBytes,
    ),
  });
  await queue(s, record, entryOf(record, { commitment: proof, subject: ref }));
  return record.id;
}

/** Records what is not about a person (a notice published, a request expired, a person erased), under a random salt. */
export async function appendOther(s: Services, record: LedgerRecord): Promise<string> {
  const random = s.randomBytes(32);
  const proof = commitment(random, record);
  const place = (column: string) => ({ table: "ledger_records", row: record.id, column });
  await s.db.insert(ledgerRecords).values({
    id: record.id,
    organization: record.organization,
    kind: record.kind,
    at: new Date(record.at),
    commitment: proof,
    previous: record.previous ?? null,
    salt: seal(s.keys, place("salt"), random, s.randomBytes),
    sealed: seal(s.keys, place("sealed"), Buffer.from(jcs(record)), s.randomBytes),
  });
  await queue(s, record, entryOf(record, { commitment: proof }));
  return record.id;
}

async function queue(s: Services, record: LedgerRecord, entry: Record<string, unknown>): Promise<void> {
  await s.db.insert(ledgerQueue).values({ id: record.id, organization: record.organization, entry: jcs(entry) });
}
