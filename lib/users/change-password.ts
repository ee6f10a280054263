import { eq } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { endSessionsOf } from "./end-session.ts";
import { hashPassword, isPassword } from "./password.ts";
import { countTry, forgetTries } from "./throttle.ts";
import type { Who } from "./who.ts";

/**
 * Changes the caller's own password; all her other sessions end at once.
 * @param o session: the one at hand, which stays
 * @throws DomainError WRONG_PASSWORD, TOO_MANY_TRIES · what hashPassword says
 */
export async function changePassword(
  s: Services,
  o: { who: Who; session: string; current: string; password: string; network?: string },
): Promise<void> {
  const { user: id, organization } = o.who;
  const [user] = await s.db.select().from(users).where(eq(users.id, id));
  if (!user) throw new NotFound("user");
  const trier = { account: user.email, ...(o.network ? { network: o.network } : {}) };
  await countTry(s, trier);
  if (!(await isPassword(o.current, user.passwordHash)))
    throw new DomainError("WRONG_PASSWORD", { field: "currentPassword" });
  const passwordHash = await hashPassword(o.password, user);
  await inTransaction(s, async (tx) => {
    await forgetTries(tx, trier);
    await tx.db.update(users).set({ passwordHash }).where(eq(users.id, id));
    const ended = await endSessionsOf(tx.db, { user: id, reason: "password", but: o.session });
    await audit(tx, { organization, user: id, action: "user.password_changed", object: id, facts: { ended } });
  });
}
