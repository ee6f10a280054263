import { and, eq, inArray, isNull } from "drizzle-orm";
import { bases } from "../../db/schema/consent.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import { lockContact } from "../contacts/lock.ts";
import { subjectOf } from "../contacts/subject.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import { markApplied } from "../journal/marks.ts";
import { appendPerson } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import { requestFacts } from "./facts.ts";
import { readLeaveToken, UNDO_MINUTES } from "./leave.ts";
import type { RequestFacts } from "./types.ts";

/**
 * Takes a leave back, from the page that did it, for 30 minutes: the bases that it ended begin again where they stood, with the same evidence and the same end.
 * @param event the withdrawal, as the page that did it carries it
 * @returns false when there is nothing to take back (any more); undefined for a token that was never ours
 */
export async function undoLeave(
  s: Services,
  o: { token: string; event: string; request: RequestFacts },
): Promise<boolean | undefined> {
  const token = readLeaveToken(s, o.token);
  if (!token) return undefined;
  const open = and(
    eq(suppressions.organization, token.organization),
    eq(suppressions.key, token.key),
    eq(suppressions.event, o.event),
    eq(suppressions.reason, "withdrawn"),
    isNull(suppressions.liftedAt),
  );
  return inTransaction(s, async (tx) => {
    await lockContact(tx.db, token.contact);
    const at = await appNow(tx.db);
    const [left] = await tx.db.select().from(suppressions).where(open);
    const subject = left && (await subjectOf(tx, token.contact));
    if (!left || !subject || at.getTime() > left.from.getTime() + UNDO_MINUTES * 60_000) return false;
    const ended = await tx.db
      .select()
      .from(bases)
      .where(
        and(eq(bases.contact, token.contact), eq(bases.endedBy, o.event), inArray(bases.endedReason, ["withdrawn"])),
      );
    const ids = ended.length > 0 ? ended.map(() => tx.randomId()) : [tx.randomId()];
    const id = ids[0] as string;
    const n = await tx.journal.write({
      kind: "undone",
      id,
      organization: token.organization,
      key: suppressionText(left),
      scope: journalScope({ list: left.list }),
      answers: [o.event],
    });
    for (const [i, eventId] of ids.entries()) {
      const basis = ended[i];
      const list = basis?.list ?? left.list;
      await appendPerson(tx, {
        subject,
        record: {
          v: 1,
          id: eventId,
          organization: token.organization,
          kind: "withdrawal.undone",
          at: at.toISOString(),
          contact: token.contact,
          ...(list ? { list } : {}),
          ...(basis
            ? { purpose: basis.purpose, level: basis.level as "E3", valid_until: basis.until.toISOString() }
            : {}),
          actor: { type: "subject" },
          method: "unsub_page",
          request: requestFacts(o.request),
          previous: o.event,
        },
      });
      if (!basis || basis.until <= at) continue;
      const { organization, contact, purpose, kind, level, simulated, until } = basis;
      await tx.db.insert(bases).values({
        id: tx.randomId(),
        organization,
        contact,
        list: basis.list,
        purpose,
        kind,
        level,
        simulated,
        until,
        event: eventId,
        from: at,
      });
    }
    await tx.db.update(suppressions).set({ liftedAt: at, liftedBy: id }).where(open);
    await markApplied(tx.db, { writer: tx.journal.writer, n });
    return true;
  });
}
