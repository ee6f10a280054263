import { and, eq, isNull, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import type { LaneState } from "./lane-state.ts";

/**
 * Writes down that the lane's server is ailing, or that it has answered in time since, where all processes see it. It is not paused: a campaign that has no
 * other server goes on over it, slowly, and of those that have, it gets a message from time to time, so that it comes back by itself.
 */
export async function noteHealth(state: LaneState): Promise<void> {
  const { w, server, pace } = state;
  if (server.ailingSince === null && pace.ailing()) {
    pace.forget();
    w.s.log.warn("server_ailing", { server: server.id });
    await w.s.db
      .update(servers)
      .set({ ailingSince: sql`app_now()` })
      .where(and(eq(servers.id, server.id), isNull(servers.ailingSince)));
  } else if (server.ailingSince !== null && pace.recovered()) {
    w.s.log.info("server_recovered", { server: server.id });
    await w.s.db.update(servers).set({ ailingSince: null }).where(eq(servers.id, server.id));
  }
}
