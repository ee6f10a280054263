import { and, eq, inArray, sql } from "drizzle-orm";
import { attempts } from "../../db/schema/installation.ts";
import { hmac } from "../crypto/hash.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";

/** Who tries: the address as typed (known or not, the answer is the same), and where from (IPv4 address or IPv6 /64: B86). */
export type Trier = { account: string; network?: string };

type Rule = { scope: string; key: Buffer; free: number; mostSeconds: number };

/**
 * Counts a try, or refuses it: after some free ones within an hour each further try waits twice as long as the one before. Counted before the
 * password is looked at, under a lock, so that a thousand at once are a thousand tries (B77).
 *
 * Nobody is ever locked out: tries against one account from everywhere slow it down to one in 30 s at most, and not at all for networks from
 * which its owner signed in during the last 30 days.
 *
 * @throws DomainError TOO_MANY_TRIES with the seconds to wait
 */
export async function countTry(s: Services, o: Trier): Promise<void> {
  const rules = await rulesFor(s, o);
  const refused = await inTransaction(s, async (tx) => {
    for (const name of rules.map(({ key }) => key.toString("hex")).sort())
      await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${name}, 8))`);
    for (const rule of rules) {
      const seconds = await waitFor(tx, rule);
      if (seconds > 0) return { seconds, scope: rule.scope };
    }
    const rows = rules.map(({ scope, key }) => ({ scope, key, at: sql`app_now()` }));
    await tx.db.insert(attempts).values(rows);
    return undefined;
  });
  if (!refused) return;
  s.log.warn("sign_in.throttled", refused);
  throw new DomainError("TOO_MANY_TRIES", { seconds: refused.seconds });
}

/** The password was right: the owner's own mistakes before it are forgotten, and her network is known for 30 days. */
export async function forgetTries(s: Services, o: Trier): Promise<void> {
  const { pair, known } = keysOf(s, o);
  await s.db
    .delete(attempts)
    .where(and(inArray(attempts.scope, ["sign_in.pair", "sign_in.known"]), inArray(attempts.key, [pair, known])));
  await s.db.insert(attempts).values({ scope: "sign_in.known", key: known, at: sql`app_now()` });
}

async function rulesFor(s: Services, o: Trier): Promise<Rule[]> {
  const { account, pair, known, network } = keysOf(s, o);
  const rules: Rule[] = [{ scope: "sign_in.pair", key: pair, free: 5, mostSeconds: 900 }];
  if (network) rules.push({ scope: "sign_in.network", key: network, free: 30, mostSeconds: 900 });
  const [own] = await s.db
    .select({ at: attempts.at })
    .from(attempts)
    .where(
      and(
        eq(attempts.scope, "sign_in.known"),
        eq(attempts.key, known),
        sql`${attempts.at} > (select app_now()) - interval '30 days'`,
      ),
    )
    .limit(1);
  if (!own) rules.push({ scope: "sign_in.account", key: account, free: 20, mostSeconds: 30 });
  return rules;
}

/** Seconds until the next try; 0: now. */
async function waitFor(s: Services, rule: Rule): Promise<number> {
  const [found] = await s.db
    .select({
      n: sql<number>`count(*)::int`,
      ago: sql<number>`extract(epoch from (select app_now()) - max(${attempts.at}))::float8`,
    })
    .from(attempts)
    .where(
      and(
        eq(attempts.scope, rule.scope),
        eq(attempts.key, rule.key),
        sql`${attempts.at} > (select app_now()) - interval '1 hour'`,
      ),
    );
  const over = (found?.n ?? 0) - rule.free;
  if (over < 0) return 0;
  return Math.ceil(Math.max(0, Math.min(rule.mostSeconds, 2 ** Math.min(over + 1, 12)) - (found?.ago ?? 0)));
}

function keysOf(s: Services, o: Trier) {
  const key = s.keys.sub(s.keys.write, "session");
  const account = o.account.trim().toLowerCase().slice(0, 400);
  return {
    account: hmac(key, "account\n", account),
    pair: hmac(key, "pair\n", o.network ?? "", "\n", account),
    known: hmac(key, "known\n", o.network ?? "", "\n", account),
    network: o.network === undefined ? undefined : Buffer.from(o.network),
  };
}
