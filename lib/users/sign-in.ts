import { eq } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { appendOther } from "../ledger/append.ts";
import { inTransaction, type Services } from "../services.ts";
import { addressKey } from "../text/address.ts";
import { homeOrganization } from "./home-organization.ts";
import { isPassword } from "./password.ts";
import { startSession } from "./start-session.ts";
import { countTry, forgetTries } from "./throttle.ts";

/**
 * Signs a person in with address and password. An unknown address, a wrong password, an invitation that was not taken and a disabled user are
 * one answer after the same work (B76); tries are counted for the account and the network (B77).
 *
 * @param o network: IPv4 address or IPv6 /64
 * @returns the reference of a new session, for the cookie alone
 * @throws DomainError TOO_MANY_TRIES { seconds }, WRONG_CREDENTIALS
 */
export async function signIn(s: Services, o: { email: string; password: string; network?: string }): Promise<string> {
  const email = addressKey(o.email);
  const trier = { account: email ?? o.email, ...(o.network ? { network: o.network } : {}) };
  await countTry(s, trier);
  const [user] = await s.db
    .select()
    .from(users)
    .where(eq(users.email, email ?? ""));
  const right = await isPassword(o.password, user?.passwordHash);
  if (!user || !right || user.disabledAt) {
    s.log.info("sign_in.refused", user ? { user: user.id } : {});
    throw new DomainError("WRONG_CREDENTIALS");
  }
  return inTransaction(s, async (tx) => {
    await forgetTries(tx, trier);
    return enter(tx, { user: user.id, method: "password" });
  });
}

/** Begins a session and says so in the records, in the caller's transaction. Who may enter was asked before. */
export async function enter(
  s: Services,
  o: { user: string; organization?: string; method: "password" | "link" },
): Promise<string> {
  const organization = o.organization ?? (await homeOrganization(s.db, o.user));
  const reference = await startSession(s, { user: o.user, organization });
  await audit(s, { organization, user: o.user, action: "sign_in", facts: { method: o.method } });
  if (organization) {
    await appendOther(s, {
      ...{ v: 1, id: s.randomId(), organization, kind: "sign_in", at: (await appNow(s.db)).toISOString() },
      ...{ actor: { type: "staff", id: o.user }, method: o.method },
    });
  }
  return reference;
}
