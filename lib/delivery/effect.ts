import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { pauseServer } from "../servers/pause.ts";
import type { Server } from "../servers/types.ts";
import type { Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** A rule of the receiving side may be about one person: the server is tried again by itself. */
const POLICY_SECONDS = 900;
/** Ten seconds of tries: a restart of PostgreSQL fits into them. */
const TRIES = 20;

/** What an answer means beyond its row: a dead address is suppressed, a server that refuses us pauses. The row's outcome waits for it. */
export async function beyondTheRow(
  w: World,
  o: { outcome: Outcome; server: Server; contact: string; reply: string },
): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    try {
      return await apply(w, o);
    } catch (error) {
      const code = (error as { code?: string }).code ?? (error as Error).name;
      w.s.log.warn("effect_failed", { effect: o.outcome.effect, server: o.server.id, code });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

async function apply(w: World, o: { outcome: Outcome; server: Server; contact: string; reply: string }): Promise<void> {
  const { server, contact, reply } = o;
  const pause = (reason: "policy" | "sender" | "auth") => ({ server: server.id, reason });
  switch (o.outcome.effect) {
    case "suppress":
      return w.deadAddress(w.s, { organization: server.organization, contact, reply });
    case "pause_policy":
      return pauseServer(w.s.db, { ...pause("policy"), retrySeconds: POLICY_SECONDS });
    case "pause_sender":
      return pauseServer(w.s.db, pause("sender"));
    case "pause_auth":
      return pauseServer(w.s.db, pause("auth"));
    default:
      return;
  }
}

/** Stops a campaign whose frozen texts cannot be used. */
export async function pauseCampaign(db: Db, o: { campaign: string; reason: string }): Promise<void> {
  await db.execute(
    sql`update campaigns set state = 'paused', paused_at = app_now(), paused_reason = ${o.reason} where id = ${o.campaign}::uuid and state = 'sending'`,
  );
}
