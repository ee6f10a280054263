import { eq, type SQL, sql } from "drizzle-orm";
import { organizations } from "../../db/schema/organizations.ts";
import { audit } from "../audit/log.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** SQL: nobody has stopped the sending of this organization. Asked where rows are taken and once more at the hand-off. */
export const notPaused = (organization: SQL | string): SQL =>
  sql`not exists (select from organizations where id = ${organization} and paused_at is not null)`;

/**
 * Stops everything that leaves for an organization, campaigns and system mail alike, with a reason: what is with a server at this moment still ends, nothing new
 * begins, nothing is lost. Confirmations wait in the outbox.
 * @throws SENDING_ALREADY_PAUSED · REASON_MISSING
 */
export async function pauseSending(s: Services, o: { who: Who; reason: string }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  const reason = o.reason.trim().slice(0, 200);
  if (!reason) throw new DomainError("REASON_MISSING");
  await inTransaction(s, async (tx) => {
    const { organization, user } = o.who;
    const { rowCount } = await tx.db.execute(sql`
      update organizations set paused_at = app_now(), paused_reason = ${reason} where id = ${organization}::uuid and paused_at is null`);
    if (rowCount === 0) throw new DomainError("SENDING_ALREADY_PAUSED");
    await audit(tx, { organization, user, action: "sending.paused", object: organization });
  });
}

/** Lets everything go on. Without effect when nothing was stopped. */
export async function resumeSending(s: Services, o: { who: Who }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  await inTransaction(s, async (tx) => {
    const { organization, user } = o.who;
    await tx.db
      .update(organizations)
      .set({ pausedAt: null, pausedReason: null })
      .where(eq(organizations.id, organization));
    await audit(tx, { organization, user, action: "sending.resumed", object: organization });
  });
}

/** Since when and why everything stands still; null when it does not. */
export async function sendingPaused(s: Services, o: { who: Who }): Promise<{ at: Date; reason: string } | null> {
  requireRight(o.who, "campaigns.see");
  const [row] = await s.db
    .select({ at: organizations.pausedAt, reason: organizations.pausedReason })
    .from(organizations)
    .where(eq(organizations.id, o.who.organization));
  return row?.at ? { at: row.at, reason: row.reason ?? "" } : null;
}
