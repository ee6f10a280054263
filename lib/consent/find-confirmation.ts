import { eq, or } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { openSubject, type Subject } from "../contacts/subject.ts";
import { readLink } from "../crypto/links.ts";
import { openWith } from "../crypto/sealed.ts";
import { hashToken } from "../crypto/tokens.ts";
import type { Services } from "../services.ts";

export type Confirmation = typeof confirmations.$inferSelect;

/**
 * The request behind a link of a confirmation mail: either of its two links. Undefined for a link that was never ours, without a query when its MAC is wrong.
 * @param lock FOR UPDATE, in a verb that changes it
 */
export async function findConfirmation(
  s: Services,
  token: string,
  lock = false,
): Promise<(Confirmation & { refusing: boolean }) | undefined> {
  const link = readLink(s.keys, "c", token);
  if (!link) return undefined;
  const hash = hashToken(link.payload);
  const query = s.db
    .select()
    .from(confirmations)
    .where(or(eq(confirmations.tokenHash, hash), eq(confirmations.refuseHash, hash)));
  const [row] = await (lock ? query.for("update") : query);
  return row && { ...row, refusing: row.refuseHash.equals(hash) };
}

/** Opens the address of a request whose key still exists. */
export async function openRequest(
  s: Services,
  row: Confirmation,
): Promise<{ subject: Subject; address: string; locale: "it" | "en" } | undefined> {
  const subject = await openSubject(s, row.subject);
  if (!subject || !row.sealed) return undefined;
  const plain = openWith(subject.key, { table: "confirmations", row: row.id, column: "sealed" }, row.sealed);
  return { subject, ...(JSON.parse(plain.toString()) as { address: string; locale: "it" | "en" }) };
}
