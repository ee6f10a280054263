import { sql } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { inTransaction, type Services } from "../services.ts";
import { takeStaffToken } from "./links.ts";
import { hashPassword } from "./password.ts";
import { enter } from "./sign-in.ts";

export type FirstUser = { name: string; email: string; password: string; locale: "it" | "en" };

/**
 * The first person of an installation, its operator, by the one-time link: there is no default password, and no other way in.
 * @param o email: an address key
 * @returns user and the reference of her session
 * @throws DomainError LINK_GONE (used, unknown, or somebody has set up already) · what hashPassword says
 */
export async function setUpFirstUser(
  s: Services,
  o: FirstUser & { token: string },
): Promise<{ user: string; reference: string }> {
  const passwordHash = await hashPassword(o.password, o);
  return inTransaction(s, async (tx) => {
    const token = await takeStaffToken(tx, "s", o.token);
    if (!token) throw new DomainError("LINK_GONE");
    const user = await addFirstUser(tx, { ...o, passwordHash });
    return { user, reference: await enter(tx, { user, method: "link" }) };
  });
}

/** Adds the operator where there is nobody yet: of two at once, one. */
export async function addFirstUser(
  s: Services,
  o: { name: string; email: string; passwordHash: string; locale: "it" | "en" },
): Promise<string> {
  await s.db.execute(sql`select pg_advisory_xact_lock(5, 1)`);
  const [somebody] = await s.db.select({ id: users.id }).from(users).limit(1);
  if (somebody) throw new DomainError("LINK_GONE");
  const { name, email, passwordHash, locale } = o;
  const [id, createdAt] = [s.randomId(), await appNow(s.db)];
  await s.db.insert(users).values({ id, name, email, passwordHash, locale, operator: true, createdAt });
  await audit(s, { organization: null, user: id, action: "user.created", object: id, facts: { operator: true } });
  return id;
}
