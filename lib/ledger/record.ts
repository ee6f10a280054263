import { sha256 } from "../crypto/hash.ts";
import { type Json, jcs } from "./jcs.ts";

export { jcs } from "./jcs.ts";

/** What can happen, formats.md §1. */
export type RecordKind =
  | `consent.${"requested" | "mail_accepted" | "confirmed" | "refused" | "expired" | "withdrawn" | "renewed" | "imported" | "invalidated"}`
  | `objection.${"made" | "undone"}`
  | "withdrawal.undone"
  | `suppression.${"added" | "lifted"}`
  | "contact.erased"
  | "notice.published"
  | "form.published"
  | "list.changed"
  | "campaign.decided"
  | "import.done"
  | "release.given"
  | "export.made"
  | "evidence.viewed"
  | "role.changed"
  | "sign_in"
  | "retention.done"
  | "ledger.continued";

export type EvidenceLevel = "E0" | "E1" | "E2" | "E3" | "E4";

/** A notice whose words a person saw: `sha256` in hex. */
export type RecordedNotice = { kind: string; sha256: string; locale: string; tone: string };

/**
 * What happened, whole, as it is sealed and proved. Fields that do not apply are left out, never null. Times are RFC 3339 in UTC with
 * milliseconds (`Date.toISOString`), hashes hex. A kind that is not about a person carries its own fields in the place of the personal ones.
 */
export type LedgerRecord = {
  v: 1;
  id: string;
  organization: string;
  kind: RecordKind;
  at: string;
  contact?: string;
  address?: string;
  list?: string;
  purpose?: string;
  basis?: string;
  level?: EvidenceLevel;
  valid_until?: string;
  actor?: { type: "subject" | "staff" | "system" | "api"; id?: string };
  method?: string;
  notice?: RecordedNotice[];
  form?: { id: string; version: number; sha256: string };
  boxes?: { purpose: string; shown: boolean; ticked: boolean }[];
  mail?: { message_id?: string; sha256?: string; reply?: string; server?: string; simulated?: boolean };
  request?: {
    ip?: string;
    ip_from?: "socket" | "proxy";
    user_agent?: string;
    page?: string;
    referrer?: string;
    id?: string;
  };
  evidence?: string[];
  previous?: string;
  note?: string;
  [own: string]: Json;
};

/** The part of a record that enters the tree and names nobody; the sequencer adds `seq`. */
export type Entry = {
  v: 1;
  id: string;
  organization: string;
  at: string;
  kind: RecordKind;
  commitment: string;
  subject?: string;
  list?: string;
  purpose?: string;
  level?: EvidenceLevel;
  method?: string;
  notice?: string[];
};

/** Whether a record is about a person: then her subject key seals and salts it, and its entry has a `subject`. */
export function aboutPerson(record: LedgerRecord): boolean {
  return record.contact !== undefined || record.address !== undefined;
}

/** What binds an entry to its record without showing it: 32 bytes. The salt is 32 bytes too. */
export function commitment(salt: Uint8Array, record: LedgerRecord): Buffer {
  return sha256("assenso/record/v1\n", salt, jcs(record));
}

/**
 * The entry of a record, without `seq`. `subject` is given exactly when the record is about a person.
 * @throws Error when it is not: such an entry would never verify
 */
export function entryOf(record: LedgerRecord, proof: { commitment: Uint8Array; subject?: Uint8Array }): Entry {
  if (aboutPerson(record) !== (proof.subject !== undefined))
    throw new Error("an entry names a subject exactly when its record is about a person");
  const { id, organization, at, kind, list, purpose, level, method, notice } = record;
  return {
    ...{ v: 1, id, organization, at, kind, commitment: hex(proof.commitment) },
    ...(proof.subject && { subject: hex(proof.subject) }),
    ...(list !== undefined && { list }),
    ...(purpose !== undefined && { purpose }),
    ...(level !== undefined && { level }),
    ...(method !== undefined && { method }),
    ...(notice !== undefined && { notice: notice.map((shown) => shown.sha256) }),
  };
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
