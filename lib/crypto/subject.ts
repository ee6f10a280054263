import { hkdf, hmac } from "./hash.ts";

/** A fresh subject key, 32 bytes: its destruction is what erasure means (formats.md §0). */
export function newSubjectKey(randomBytes: (n: number) => Buffer): Buffer {
  return randomBytes(32);
}

/** The salt of a record about a person: without her key nobody finds her record by trying values. */
export function salt(subjectKey: Uint8Array, id: string): Buffer {
  return hmac(subjectKey, "assenso/salt/v1\n", id);
}

/** What lets an auditor find a person's entries in the ledger, and opens nothing. */
export function tag(subjectKey: Uint8Array): Buffer {
  return hkdf(subjectKey, "assenso/v1/tag");
}

/** How an entry (or a delivery's leaf) names its person: 32 bytes, different for each `id`, so that nobody without the tag links two. */
export function subjectRef(subjectTag: Uint8Array, id: string): Buffer {
  return hmac(subjectTag, "assenso/subject/v1\n", id);
}
