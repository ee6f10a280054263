import { eq } from "drizzle-orm";
import { contactKeys, suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import { lockContact } from "../contacts/lock.ts";
import { subjectOf } from "../contacts/subject.ts";
import { NotFound } from "../errors.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import { markApplied } from "../journal/marks.ts";
import { appendPerson } from "../ledger/append.ts";
import type { LedgerRecord } from "../ledger/record.ts";
import { inTransaction, type Services } from "../services.ts";
import { openSuppressions } from "./scope.ts";

type Suppressing = {
  organization: string;
  contact: string;
  list?: string;
  reason: "hard_bounce" | "complaint" | "blocked" | "restricted" | "request_refused" | "imported";
  method: string;
  actor: NonNullable<LedgerRecord["actor"]>;
  /** A server's reply, a reason in words: stands sealed in the record. */
  note?: string;
};

/**
 * A known contact may not be mailed from now on: a dead address, a complaint, the controller's block. Journaled before the transaction,
 * so that a restore cannot forget it (formats.md §4). An address that is suppressed for the same reason already stays as it is.
 * @returns whether anything changed
 * @throws NotFound when the contact is not of this organization
 */
export async function suppressAddress(s: Services, o: Suppressing): Promise<boolean> {
  const keys = await s.db.select().from(contactKeys).where(eq(contactKeys.contact, o.contact));
  const key = keys.find((k) => k.kid === s.keys.write) ?? keys[0];
  if (!key || key.organization !== o.organization) throw new NotFound("contact");
  const id = s.randomId();
  const { organization, reason } = o;
  const scope = journalScope({ list: o.list ?? null });
  const n = await s.journal.write({ kind: "suppressed", id, organization, key: suppressionText(key), scope, reason });
  return inTransaction(s, async (tx) => {
    await lockContact(tx.db, o.contact);
    const at = await appNow(tx.db);
    await markApplied(tx.db, { writer: tx.journal.writer, n });
    const open = await tx.db
      .select({ reason: suppressions.reason })
      .from(suppressions)
      .where(openSuppressions({ organization, keys: keys.map((k) => k.key), list: o.list ?? null, at }));
    const subject = await subjectOf(tx, o.contact);
    if (!subject || open.some((row) => row.reason === reason)) return false;
    await appendPerson(tx, { subject, record: recordOf(o, id, at) });
    await tx.db.insert(suppressions).values({
      id: tx.randomId(),
      organization,
      kid: key.kid,
      key: key.key,
      list: o.list ?? null,
      reason,
      from: at,
      event: id,
    });
    return true;
  });
}

function recordOf(o: Suppressing, id: string, at: Date): LedgerRecord {
  return {
    v: 1,
    id,
    organization: o.organization,
    kind: "suppression.added",
    at: at.toISOString(),
    contact: o.contact,
    actor: o.actor,
    method: o.method,
    reason: o.reason,
    ...(o.list ? { list: o.list } : {}),
    ...(o.note ? { note: o.note } : {}),
  };
}
