import { and, eq, isNull } from "drizzle-orm";
import { bases } from "../../db/schema/consent.ts";
import { contactKeys, contacts, suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import { lockContact } from "../contacts/lock.ts";
import { type Subject, subjectOf } from "../contacts/subject.ts";
import { appendOther, appendPerson } from "../ledger/append.ts";
import type { LedgerRecord } from "../ledger/record.ts";
import type { Services } from "../services.ts";
import { openSuppressions } from "../suppression/scope.ts";

export type Withdrawal = {
  /** Id of the event, the one that stands in the journal. */
  id: string;
  organization: string;
  contact: string;
  kid: number;
  key: Buffer;
  /** null: everything that this controller sends. */
  list: string | null;
  method: string;
  actor: NonNullable<LedgerRecord["actor"]>;
  request?: LedgerRecord["request"];
  note?: string;
};

/**
 * Ends what allows mail to a person, by key and, where her row exists, by contact: the bases in scope, and a suppression that outlives her row.
 * In the transaction at hand; takes her lock first and its instant after it (docs/decisions/0004). Idempotent: what is out already stays as it was.
 * @returns the instant from which she is out: the first one, when she repeats herself
 */
export async function withdraw(s: Services, o: Withdrawal): Promise<Date> {
  await lockContact(s.db, o.contact);
  const at = await appNow(s.db);
  const earlier = await standing(s, o, at);
  const ended = await openBases(s, o);
  if (earlier && ended.length === 0) return earlier;
  const subject = await contactSubject(s, o);
  await record(s, o, { at, ended, subject });
  // A link made after a rotation of keys names her by a key that her row may not have yet: without it the gate would not find what stands below.
  if (subject) {
    const { contact, organization, kid, key } = o;
    await s.db.insert(contactKeys).values({ contact, organization, kid, key }).onConflictDoNothing();
  }
  for (const basis of ended) {
    await s.db
      .update(bases)
      .set({ endedAt: at, endedBy: o.id, endedReason: "withdrawn" })
      .where(eq(bases.id, basis.id));
  }
  await s.db
    .insert(suppressions)
    .values({
      id: s.randomId(),
      organization: o.organization,
      kid: o.kid,
      key: o.key,
      list: o.list,
      reason: "withdrawn",
      from: at,
      event: o.id,
    })
    .onConflictDoNothing();
  return at;
}

/** Since when she has been out of this scope by her own word. */
async function standing(s: Services, o: Withdrawal, at: Date): Promise<Date | undefined> {
  const found = await s.db
    .select({ from: suppressions.from, reason: suppressions.reason })
    .from(suppressions)
    .where(openSuppressions({ organization: o.organization, keys: [o.key], list: o.list, at }));
  return found.find((row) => row.reason === "withdrawn")?.from;
}

function openBases(s: Services, o: Withdrawal) {
  return s.db
    .select()
    .from(bases)
    .where(
      and(
        eq(bases.organization, o.organization),
        eq(bases.contact, o.contact),
        isNull(bases.endedAt),
        o.list ? eq(bases.list, o.list) : undefined,
      ),
    );
}

async function contactSubject(s: Services, o: Withdrawal): Promise<Subject | undefined> {
  const [contact] = await s.db
    .select({ id: contacts.id })
    .from(contacts)
    .where(and(eq(contacts.id, o.contact), eq(contacts.organization, o.organization)));
  return contact && subjectOf(s, contact.id);
}

/** One event for each purpose that ends; the first carries the journal's id. Who is known only by key gets a record that names nobody. */
async function record(
  s: Services,
  o: Withdrawal,
  k: { at: Date; ended: (typeof bases.$inferSelect)[]; subject: Subject | undefined },
): Promise<void> {
  const common = { v: 1 as const, organization: o.organization, at: k.at.toISOString(), method: o.method };
  if (!k.subject) {
    await appendOther(s, {
      ...common,
      id: o.id,
      kind: "suppression.added",
      suppression: { kid: `k${o.kid}`, key: o.key.toString("hex") },
    });
    return;
  }
  const ends = k.ended.length > 0 ? k.ended : [undefined];
  for (const [i, basis] of ends.entries()) {
    const list = basis?.list ?? o.list;
    await appendPerson(s, {
      subject: k.subject,
      record: {
        ...common,
        id: i === 0 ? o.id : s.randomId(),
        kind: "consent.withdrawn",
        contact: o.contact,
        actor: o.actor,
        ...(list ? { list } : {}),
        ...(basis ? { purpose: basis.purpose, previous: basis.event } : {}),
        ...(o.request ? { request: o.request } : {}),
        ...(o.note ? { note: o.note } : {}),
      },
    });
  }
}
