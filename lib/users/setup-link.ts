import { and, eq, isNull } from "drizzle-orm";
import { users, userTokens } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import { makeStaffLink } from "./links.ts";

/** A new one-time link for the first set-up, in the place of every earlier one; undefined when somebody has set up already. */
export async function createSetupLink(
  s: Pick<Services, "db" | "keys" | "config" | "randomBytes">,
): Promise<string | undefined> {
  const [somebody] = await s.db.select({ id: users.id }).from(users).limit(1);
  if (somebody) return undefined;
  await s.db.delete(userTokens).where(and(eq(userTokens.purpose, "s"), isNull(userTokens.usedAt)));
  return (await makeStaffLink(s, "s")).url;
}
