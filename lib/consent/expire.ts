import { and, asc, isNull, lte } from "drizzle-orm";
import { confirmations } from "../../db/schema/consent.ts";
import { appNow } from "../clock.ts";
import { inTransaction, type Services } from "../services.ts";
import { forgetRequest } from "./forget-request.ts";

/**
 * Erases requests that nobody confirmed in seven days (DO-06). Each in a transaction of its own: one that fails keeps no other.
 * @returns how many expired
 */
export async function expireRequests(s: Services, most = 500): Promise<number> {
  for (let done = 0; done < most; done++) if (!(await expireOne(s))) return done;
  return most;
}

function expireOne(s: Services): Promise<boolean> {
  return inTransaction(s, async (tx) => {
    const at = await appNow(tx.db);
    const [row] = await tx.db
      .select()
      .from(confirmations)
      .where(and(isNull(confirmations.outcome), lte(confirmations.expiresAt, at)))
      .orderBy(asc(confirmations.expiresAt))
      .limit(1)
      .for("update", { skipLocked: true });
    if (!row) return false;
    await forgetRequest(tx, { row, outcome: "expired", event: tx.randomId(), at });
    return true;
  });
}
