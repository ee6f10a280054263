import { users } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import { openStaffToken } from "./links.ts";

/** Whether a set-up link still works. Changes nothing. */
export async function showSetup(s: Services, o: { token: string }): Promise<boolean> {
  return !(await isSetUp(s)) && (await openStaffToken(s, "s", o.token)) !== undefined;
}

/** Whether anybody has an account here. */
export async function isSetUp(s: Pick<Services, "db">): Promise<boolean> {
  const [somebody] = await s.db.select({ id: users.id }).from(users).limit(1);
  return somebody !== undefined;
}
