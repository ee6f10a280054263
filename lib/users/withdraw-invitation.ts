import { and, eq, isNull } from "drizzle-orm";
import { userTokens } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "./roles.ts";
import type { Who } from "./who.ts";

/**
 * Takes an invitation back: its link works no more.
 * @param o invitation: as `listPeople` names it
 */
export async function withdrawInvitation(s: Services, o: { who: Who; invitation: string }): Promise<void> {
  requireRight(o.who, "people.write");
  const { organization, user } = o.who;
  return inTransaction(s, async (tx) => {
    const hash = /^[0-9a-f]{64}$/.test(o.invitation) ? Buffer.from(o.invitation, "hex") : Buffer.alloc(0);
    const mine = [eq(userTokens.hash, hash), eq(userTokens.organization, organization), isNull(userTokens.usedAt)];
    const gone = await tx.db
      .delete(userTokens)
      .where(and(eq(userTokens.purpose, "i"), ...mine))
      .returning({ hash: userTokens.hash });
    if (gone.length === 0) throw new NotFound("invitation");
    await audit(tx, { organization, user, action: "user.invitation_withdrawn", object: o.invitation });
  });
}
