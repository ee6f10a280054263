import { and, asc, eq, inArray, isNotNull } from "drizzle-orm";
import { consentEvents, ledgerEntries } from "../../db/schema/consent.ts";
import { subjects } from "../../db/schema/contacts.ts";
import { isUuid } from "../crypto/uuid.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

export type ErasedContact = { erasedAt: Date; entries: { seq: number | null; at: Date; kind: string }[] };

/** What stays of an erased person: when she was erased, and the numbers of entries that open no more. Undefined for whoever was not erased. */
export async function erasedContact(s: Services, o: { who: Who; contact: string }): Promise<ErasedContact | undefined> {
  requireRight(o.who, "contacts.see");
  if (!isUuid(o.contact)) return undefined;
  const gone = await s.db
    .select({ id: subjects.id, at: subjects.destroyedAt })
    .from(subjects)
    .where(
      and(
        eq(subjects.contact, o.contact),
        eq(subjects.organization, o.who.organization),
        isNotNull(subjects.destroyedAt),
      ),
    );
  const erasedAt = gone.flatMap((row) => row.at ?? []).sort((a, b) => b.getTime() - a.getTime())[0];
  if (!erasedAt) return undefined;
  const entries = await s.db
    .select({ seq: ledgerEntries.seq, at: consentEvents.at, kind: consentEvents.kind })
    .from(consentEvents)
    .leftJoin(ledgerEntries, eq(ledgerEntries.id, consentEvents.id))
    .where(
      inArray(
        consentEvents.subjectRow,
        gone.map((row) => row.id),
      ),
    )
    .orderBy(asc(consentEvents.at));
  return { erasedAt, entries };
}
