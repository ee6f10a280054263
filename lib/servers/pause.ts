import { and, eq, isNull, or, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { servers } from "../../db/schema/servers.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { serverRow } from "./find.ts";

/** Why a server stands still: a code word, `servers.paused.<reason>` in the catalogue. */
export type PauseReason =
  | "policy"
  | "reputation"
  | "throttled"
  | "sender"
  | "auth"
  | "tls"
  | "host"
  | "unreachable"
  | "dkim"
  | "disk_full";

/**
 * Stops a server: nobody is handed over to it until it is tried again by itself, or a person presses.
 * @param retrySeconds undefined: only a person ends the pause (a wrong password tried again and again locks the mailbox)
 */
export async function pauseServer(
  db: Db,
  o: { server: string; reason: PauseReason; retrySeconds?: number },
): Promise<void> {
  const retryAt = o.retrySeconds === undefined ? null : sql`app_now() + ${o.retrySeconds} * interval '1 second'`;
  await db
    .update(servers)
    .set({
      ...{ pausedAt: sql`app_now()`, pausedReason: o.reason, retryAt },
      // When the pause is over it has still to show that it answers, before others leave it its part.
      ...(o.reason === "unreachable" ? { ailingSince: sql`coalesce(${servers.ailingSince}, app_now())` } : {}),
    })
    // A pause that waits for a person is not shortened by one that does not.
    .where(and(eq(servers.id, o.server), or(isNull(servers.pausedAt), sql`${servers.retryAt} is not null`)));
}

/** Ends the pauses whose time has come. */
export async function retryServers(db: Db): Promise<void> {
  await db
    .update(servers)
    .set({ pausedAt: null, pausedReason: null, retryAt: null })
    .where(sql`${servers.retryAt} <= (select app_now())`);
}

/** A person ends a pause. */
export async function resumeServer(s: Services, o: { who: Who; server: string }): Promise<void> {
  requireRight(o.who, "servers.write");
  const row = await serverRow(s.db, { organization: o.who.organization, server: o.server });
  await s.db.update(servers).set({ pausedAt: null, pausedReason: null, retryAt: null }).where(eq(servers.id, row.id));
}
