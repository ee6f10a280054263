import { and, asc, eq, isNotNull, isNull } from "drizzle-orm";
import { subjects } from "../../db/schema/contacts.ts";
import { open, seal } from "../crypto/sealed.ts";
import { newSubjectKey } from "../crypto/subject.ts";
import type { Services } from "../services.ts";

/** A row of `subjects` with its key unwrapped: what seals and opens the records about a person (formats.md §0). */
export type Subject = { id: string; key: Buffer };

const place = (id: string) => ({ table: "subjects", row: id, column: "key" });

/** Draws a key for a request or a person. `contact` stays empty until she confirms. */
export async function newSubject(
  s: Services,
  o: { organization: string; contact?: string; at: Date },
): Promise<Subject> {
  const subject = { id: s.randomId(), key: newSubjectKey(s.randomBytes) };
  await s.db.insert(subjects).values({
    id: subject.id,
    organization: o.organization,
    contact: o.contact ?? null,
    key: seal(s.keys, place(subject.id), subject.key, s.randomBytes),
    createdAt: o.at,
  });
  return subject;
}

/** Opens a subject's key. Undefined once it was destroyed: the person is gone. */
export async function openSubject(s: Services, id: string): Promise<Subject | undefined> {
  const [row] = await s.db.select({ key: subjects.key }).from(subjects).where(eq(subjects.id, id));
  return row?.key ? { id, key: open(s.keys, place(id), row.key) } : undefined;
}

/** The first key of a contact: whatever is recorded about her beside her requests uses it. */
export async function subjectOf(s: Services, contact: string): Promise<Subject | undefined> {
  const [row] = await s.db
    .select({ id: subjects.id, key: subjects.key })
    .from(subjects)
    .where(and(eq(subjects.contact, contact), isNotNull(subjects.key)))
    .orderBy(asc(subjects.id))
    .limit(1);
  return row?.key ? { id: row.id, key: open(s.keys, place(row.id), row.key) } : undefined;
}

/** Destroys the key of one request (expiry, refusal), or all keys of a contact (erasure): what they sealed opens no more. */
export async function destroySubjects(
  s: Services,
  o: { subject: string } | { contact: string },
  at: Date,
): Promise<void> {
  await s.db
    .update(subjects)
    .set({ key: null, destroyedAt: at })
    .where(
      and("subject" in o ? eq(subjects.id, o.subject) : eq(subjects.contact, o.contact), isNull(subjects.destroyedAt)),
    );
}
