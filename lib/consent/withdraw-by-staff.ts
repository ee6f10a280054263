import { and, eq } from "drizzle-orm";
import { contactKeys } from "../../db/schema/contacts.ts";
import { lists } from "../../db/schema/lists.ts";
import { NotFound } from "../errors.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import { markApplied } from "../journal/marks.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { withdraw } from "./withdraw.ts";

/** How a person told us, when she did not use the link (OB-03: date, channel, circumstances). */
export const WITHDRAWAL_CHANNELS = ["phone", "letter", "in_person", "mail", "other"] as const;

/**
 * Staff records that a person wants to leave a list, or everything: in force at once, lifted by nobody but herself.
 * @param note circumstances in words; stands sealed in the record
 * @throws NotFound when contact or list are not of the caller's organization
 */
export async function withdrawByStaff(
  s: Services,
  o: { who: Who; contact: string; list: string | null; channel: (typeof WITHDRAWAL_CHANNELS)[number]; note?: string },
): Promise<Date> {
  requireRight(o.who, "suppression.add");
  const { organization, user } = o.who;
  const keys = await s.db
    .select()
    .from(contactKeys)
    .where(and(eq(contactKeys.contact, o.contact), eq(contactKeys.organization, organization)));
  const key = keys.find((k) => k.kid === s.keys.write) ?? keys[0];
  if (!key) throw new NotFound("contact");
  if (o.list) {
    const [own] = await s.db
      .select({ id: lists.id })
      .from(lists)
      .where(and(eq(lists.id, o.list), eq(lists.organization, organization)));
    if (!own) throw new NotFound("list");
  }
  const id = s.randomId();
  const scope = journalScope({ list: o.list });
  const n = await s.journal.write({
    kind: "withdrawn",
    id,
    organization,
    key: suppressionText(key),
    scope,
    reason: o.channel,
  });
  return inTransaction(s, async (tx) => {
    await markApplied(tx.db, { writer: tx.journal.writer, n });
    return withdraw(tx, {
      ...{ id, organization, contact: o.contact, kid: key.kid, key: key.key, list: o.list },
      method: o.channel,
      actor: { type: "staff", id: user },
      ...(o.note ? { note: o.note } : {}),
    });
  });
}
