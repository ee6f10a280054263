import { and, eq, isNotNull, isNull, sql } from "drizzle-orm";
import { attempts } from "../../db/schema/installation.ts";
import { users, userTokens } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { hmac } from "../crypto/hash.ts";
import { inTransaction, type Services } from "../services.ts";
import { addressKey } from "../text/address.ts";
import { makeStaffLink } from "./links.ts";
import { queueStaffMail } from "./staff-mail.ts";

/** Mails that one account can get, and one network can ask for, in an hour. */
const MOST = { account: 3, network: 10 };

/**
 * Sends a link of 10 minutes to whoever has an account of this address. Answers the same whether or not there is one, and over a limit too:
 * then no mail leaves.
 */
export async function requestReset(s: Services, o: { email: string; network?: string }): Promise<void> {
  const email = addressKey(o.email);
  await inTransaction(s, async (tx) => {
    if (!email || !(await within(tx, email, o.network))) return;
    const known = and(eq(users.email, email), isNull(users.disabledAt), isNotNull(users.passwordHash));
    const [user] = await tx.db.select().from(users).where(known);
    if (!user) return;
    await tx.db
      .delete(userTokens)
      .where(and(eq(userTokens.purpose, "r"), eq(userTokens.user, user.id), isNull(userTokens.usedAt)));
    const { url } = await makeStaffLink(tx, "r", { user: user.id });
    const facts = { name: user.name, link: url, minutes: 10 };
    await queueStaffMail(tx, { organization: null, mail: { kind: "reset", to: email, locale: user.locale, facts } });
    await audit(tx, { organization: null, user: null, action: "user.reset_asked", object: user.id });
  });
}

async function within(s: Services, email: string, network: string | undefined): Promise<boolean> {
  const secret = s.keys.sub(s.keys.write, "session");
  const limits = [{ scope: "reset.account", key: hmac(secret, "reset\n", email), most: MOST.account }];
  if (network) limits.push({ scope: "reset.network", key: Buffer.from(network), most: MOST.network });
  for (const { key } of limits.toSorted((a, b) => a.key.compare(b.key)))
    await s.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${key.toString("hex")}, 10))`);
  for (const { scope, key, most } of limits) {
    const recent = sql`${attempts.at} > (select app_now()) - interval '1 hour'`;
    const rows = await s.db
      .select({ at: attempts.at })
      .from(attempts)
      .where(and(eq(attempts.scope, scope), eq(attempts.key, key), recent))
      .limit(most);
    if (rows.length >= most) return false;
  }
  await s.db.insert(attempts).values(limits.map(({ scope, key }) => ({ scope, key, at: sql`app_now()` })));
  return true;
}
