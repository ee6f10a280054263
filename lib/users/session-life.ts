import { and, isNull, sql } from "drizzle-orm";
import { sessions } from "../../db/schema/users.ts";

/** How long a session lives, whatever its holder does (ASVS 5.0 V7: re-authentication at least each 12 hours). */
export const SESSION_HOURS = 12;
/** How long it lives without a request. */
export const IDLE_MINUTES = 30;

/** Condition of a session that still stands, by the database's clock. */
export const sessionStands = and(
  isNull(sessions.endedAt),
  sql`${sessions.seenAt} > (select app_now()) - ${IDLE_MINUTES} * interval '1 minute'`,
  sql`${sessions.createdAt} > (select app_now()) - ${SESSION_HOURS} * interval '1 hour'`,
);
