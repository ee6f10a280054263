import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { pauseServer } from "../servers/pause.ts";
import type { Server } from "../servers/types.ts";
import type { Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** A rule of the receiving side may be about one person: the server is tried again by itself. */
const POLICY_SECONDS = 900;

/** What an answer changes beside its row. */
export const applyEffect = {
  /** Suppresses a dead address, pauses a server that refuses us. Tried until it is written: the row's outcome waits for it. */
  async beyondTheRow(w: World, o: { outcome: Outcome; server: Server; contact: string; reply: string }): Promise<void> {
    const { effect } = o.outcome;
    const write = async () => {
      if (effect === "suppress")
        await w.deadAddress(w.s, { organization: o.server.organization, contact: o.contact, reply: o.reply });
      if (effect === "pause_policy")
        await pauseServer(w.s.db, { server: o.server.id, reason: "policy", retrySeconds: POLICY_SECONDS });
      if (effect === "pause_sender") await pauseServer(w.s.db, { server: o.server.id, reason: "sender" });
      if (effect === "pause_auth") await pauseServer(w.s.db, { server: o.server.id, reason: "auth" });
    };
    for (let i = 0; i < 20; i++) {
      try {
        return await write();
      } catch (error) {
        w.s.log.warn("effect_failed", {
          effect,
          server: o.server.id,
          code: (error as { code?: string }).code ?? "unknown",
        });
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  },

  /** Stops a campaign whose frozen texts cannot be used. */
  async pauseCampaign(db: Db, o: { campaign: string; reason: string }): Promise<void> {
    await db.execute(
      sql`update campaigns set state = 'paused', paused_at = app_now(), paused_reason = ${o.reason} where id = ${o.campaign}::uuid and state = 'sending'`,
    );
  },

  /** A system mail that could not be composed waits an hour: a newer version may know how. */
  async postponeSystem(db: Db, o: { id: string; reason: string }): Promise<void> {
    await db.execute(sql`
      update outbox set state = 'queued', epoch = null, reply = ${o.reason}, due_at = app_now() + interval '1 hour' where id = ${o.id}::uuid and state = 'sending'`);
  },
};
