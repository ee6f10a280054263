import { eq } from "drizzle-orm";
import { users } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import type { Profile } from "./person.ts";
import type { Who } from "./who.ts";

/** How the caller is called and reads: her name, language, theme and density. */
export async function updateProfile(s: Services, o: { who: Who; profile: Profile }): Promise<void> {
  await s.db.update(users).set(o.profile).where(eq(users.id, o.who.user));
}
