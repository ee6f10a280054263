import { eq } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { appNow } from "../clock.ts";
import { journalScope, suppressionText } from "../journal/fields.ts";
import { markApplied } from "../journal/marks.ts";
import { inTransaction, type Services } from "../services.ts";
import { addMonths } from "./facts.ts";
import { findConfirmation } from "./find-confirmation.ts";
import { forgetRequest } from "./forget-request.ts";
import { type ConfirmationView, viewOf } from "./show-confirmation.ts";

/** "It was not me": no confirmation mail to this address for as long (design: §6). */
export const NOT_ME_MONTHS = 12;

/**
 * The person pressed "it was not me" (a POST): the request is erased, the address left alone for 12 months (DO-07).
 * Journaled before the transaction. A request that was confirmed or refused already stays as it is.
 */
export async function refuse(s: Services, o: { token: string }): Promise<ConfirmationView> {
  const row = await findConfirmation(s, o.token);
  if (!row) return { state: "unknown" };
  if (row.outcome) return viewOf(s, row);
  const id = s.randomId();
  const { organization } = row;
  const scope = journalScope({});
  const n = await s.journal.write({
    kind: "refused",
    id,
    organization,
    key: suppressionText(row),
    scope,
    reason: "not_me",
  });
  return inTransaction(s, async (tx) => {
    await markApplied(tx.db, { writer: tx.journal.writer, n });
    const [now] = await tx.db.select().from(confirmations).where(eq(confirmations.id, row.id)).for("update");
    if (!now || now.outcome) return viewOf(tx, { ...(now ?? row), refusing: row.refusing });
    const at = await appNow(tx.db);
    await forgetRequest(tx, { row: now, outcome: "refused", event: id, at });
    await tx.db.insert(suppressions).values({
      id: tx.randomId(),
      organization,
      kid: row.kid,
      key: row.key,
      reason: "not_me",
      from: at,
      until: addMonths(at, NOT_ME_MONTHS),
      event: id,
    });
    return viewOf(tx, { ...now, outcome: "refused", outcomeAt: at, sealed: null, refusing: row.refusing });
  });
}
