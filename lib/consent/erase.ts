import { and, eq, inArray, isNull } from "drizzle-orm";
import { deliveries } from "../../db/schema/campaigns.ts";
import { bases, confirmations } from "../../db/schema/consent.ts";
import { contactKeys, contacts, suppressions } from "../../db/schema/contacts.ts";
import { outbox, sandboxMessages } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { lockContact } from "../contacts/lock.ts";
import { destroySubjects } from "../contacts/subject.ts";
import { NotFound } from "../errors.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import { markApplied } from "../journal/marks.ts";
import { appendOther } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/**
 * Erases a person (GDPR art. 17): her keys are destroyed, so that her records open no more, her row goes, and a keyed code stays that keeps her
 * from being written to. The ledger still verifies. Journaled before the transaction.
 * @throws NotFound when the contact is not of the caller's organization
 */
export async function erase(s: Services, o: { who: Who; contact: string }): Promise<void> {
  requireRight(o.who, "contacts.erase");
  const { organization } = o.who;
  const keys = await s.db
    .select()
    .from(contactKeys)
    .where(and(eq(contactKeys.contact, o.contact), eq(contactKeys.organization, organization)));
  const key = keys.find((k) => k.kid === s.keys.write) ?? keys[0];
  if (!key) throw new NotFound("contact");
  const id = s.randomId();
  const scope = journalScope({});
  const n = await s.journal.write({
    kind: "erased",
    id,
    organization,
    key: suppressionText(key),
    scope,
    reason: "request",
  });
  await inTransaction(s, async (tx) => {
    await markApplied(tx.db, { writer: tx.journal.writer, n });
    await eraseContact(tx, { id, organization, contact: o.contact, keys, actor: o.who.user });
  });
}

/** What erasing does, in the transaction at hand: also run by the journal's tail, where the actor is the program. */
export async function eraseContact(
  s: Services,
  o: { id: string; organization: string; contact: string; keys: { kid: number; key: Buffer }[]; actor?: string },
): Promise<void> {
  await lockContact(s.db, o.contact);
  const at = await appNow(s.db);
  const key = o.keys[0];
  if (!key) throw new NotFound("contact");
  await appendOther(s, {
    v: 1,
    id: o.id,
    organization: o.organization,
    kind: "contact.erased",
    at: at.toISOString(),
    suppression: { kid: `k${key.kid}`, key: key.key.toString("hex") },
    actor: o.actor ? { type: "staff", id: o.actor } : { type: "system" },
  });
  await s.db
    .update(bases)
    .set({ endedAt: at, endedBy: o.id, endedReason: "erased" })
    .where(and(eq(bases.contact, o.contact), isNull(bases.endedAt)));
  await s.db
    .insert(suppressions)
    .values({
      id: s.randomId(),
      organization: o.organization,
      ...key,
      reason: "erased" as const,
      from: at,
      event: o.id,
    })
    .onConflictDoNothing();
  await forgetTraces(s, o, at);
  await destroySubjects(s, { contact: o.contact }, at);
  await s.db.delete(contacts).where(eq(contacts.id, o.contact));
}

/** Whatever else could hold her address: simulated mail, open requests, replies of servers (they like to repeat the recipient). */
async function forgetTraces(
  s: Services,
  o: { organization: string; contact: string; keys: { key: Buffer }[] },
  at: Date,
) {
  const hers = o.keys.map((k) => k.key);
  await s.db
    .delete(sandboxMessages)
    .where(and(eq(sandboxMessages.organization, o.organization), inArray(sandboxMessages.key, hers)));
  const requests = await s.db
    .select({ id: confirmations.id, subject: confirmations.subject })
    .from(confirmations)
    .where(and(eq(confirmations.organization, o.organization), inArray(confirmations.key, hers)));
  for (const request of requests) {
    await s.db.update(outbox).set({ payload: null, reply: null }).where(eq(outbox.confirmation, request.id));
    await destroySubjects(s, { subject: request.subject }, at);
  }
  await s.db
    .update(confirmations)
    .set({ outcome: "expired", outcomeAt: at, sealed: null })
    .where(
      and(
        eq(confirmations.organization, o.organization),
        inArray(confirmations.key, hers),
        isNull(confirmations.outcome),
      ),
    );
  await s.db.update(deliveries).set({ reply: null }).where(eq(deliveries.contact, o.contact));
}
