import { and, eq, isNull } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { DomainError, NotFound } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { endSessionsOf } from "./end-session.ts";
import { makeStaffLink, openStaffToken, takeStaffToken } from "./links.ts";
import { hashPassword } from "./password.ts";
import { enter } from "./sign-in.ts";

/** Whose password a link changes, masked; undefined when it was used or is older than 10 minutes. Changes nothing. */
export async function showReset(s: Services, o: { token: string }): Promise<{ maskedEmail: string } | undefined> {
  const token = await openStaffToken(s, "r", o.token);
  const user = token?.user ? await enabledUser(s, token.user) : undefined;
  return user && { maskedEmail: maskAddress(user.email) };
}

/**
 * Sets a new password by a link, once; all sessions of hers end.
 * @returns the reference of a new session
 * @throws DomainError LINK_GONE · what hashPassword says (the link stays good then)
 */
export async function resetPassword(s: Services, o: { token: string; password: string }): Promise<string> {
  const seen = await openStaffToken(s, "r", o.token);
  const user = seen?.user ? await enabledUser(s, seen.user) : undefined;
  if (!user) throw new DomainError("LINK_GONE");
  const passwordHash = await hashPassword(o.password, user);
  return inTransaction(s, async (tx) => {
    const token = await takeStaffToken(tx, "r", o.token);
    if (!token) throw new DomainError("LINK_GONE");
    await tx.db.update(users).set({ passwordHash }).where(eq(users.id, user.id));
    await endSessionsOf(tx.db, { user: user.id, reason: "password" });
    await audit(tx, { organization: null, user: user.id, action: "user.password_reset", object: user.id });
    return enter(tx, { user: user.id, method: "link" });
  });
}

/**
 * `assenso user reset`: a link of 10 minutes for somebody who gets no mail, printed to whoever has the machine.
 * @param o email: an address key
 * @throws NotFound
 */
export async function createResetLink(
  s: Pick<Services, "db" | "keys" | "config" | "randomBytes">,
  o: { email: string },
): Promise<string> {
  const [user] = await s.db
    .select()
    .from(users)
    .where(and(eq(users.email, o.email), isNull(users.disabledAt)));
  if (!user) throw new NotFound("user");
  return (await makeStaffLink(s, "r", { user: user.id })).url;
}

async function enabledUser(s: Services, id: string) {
  const [user] = await s.db
    .select()
    .from(users)
    .where(and(eq(users.id, id), isNull(users.disabledAt)));
  return user;
}
