import { and, eq } from "drizzle-orm";
import { serverLoans } from "../../db/schema/server-history.ts";
import { NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { checkSender } from "./check-input.ts";
import { routeRow } from "./lent.ts";

/**
 * As whom a borrower sends over a lent server. Another sender has to pass the test again; what is in production stays there, as with a server of one's own.
 * @throws SERVER_INVALID {field} · NotFound, also for a server of one's own
 */
export async function setLoanSender(
  s: Services,
  o: { who: Who; server: string; fromName: string; fromAddress: string; envelopeFrom?: string },
): Promise<void> {
  requireRight(o.who, "servers.write");
  return inTransaction(s, async (tx) => {
    const { loan } = await routeRow(tx.db, { organization: o.who.organization, server: o.server });
    if (!loan) throw new NotFound("server");
    const sender = checkSender(o);
    const same =
      loan.fromAddress === sender.fromAddress && (loan.envelopeFrom || loan.fromAddress) === sender.envelopeFrom;
    await tx.db
      .update(serverLoans)
      .set({ ...sender, ...(same ? {} : { testedAt: null, testOk: null, testTalk: null }) })
      .where(and(eq(serverLoans.server, loan.server), eq(serverLoans.organization, loan.organization)));
  });
}
