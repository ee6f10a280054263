import { pauseCampaign } from "../campaigns/pause-by-machine.ts";
import { restLoan } from "../servers/lent.ts";
import { type PauseReason, pauseServer } from "../servers/pause.ts";
import { type DomainReason, pauseDomain } from "../servers/pause-domain.ts";
import type { Server } from "../servers/types.ts";
import { brake } from "./brake.ts";
import type { Outcome } from "./outcome.ts";
import type { World } from "./world.ts";

/** The provider says that its limit is reached: limits are counted by the hour. */
const THROTTLED_SECONDS = 3600;
/** Ten seconds of tries: a restart of PostgreSQL fits into them. */
const TRIES = 20;

/** An answer that means something beyond its row. `row` is missing for system mail. */
export type Beyond = {
  outcome: Outcome;
  /** The server's own row, and whose mail it was: its owner's, or a borrower's. */
  server: Server;
  organization: string;
  domain: string;
  reply: string;
  row?: { campaign: string; organization: string; contact: string };
};

/** What an answer means beyond its row: a dead address is suppressed, a domain or a server that refuses us pauses. The row's outcome waits for it. */
export async function beyondTheRow(w: World, o: Beyond): Promise<void> {
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

async function apply(w: World, { outcome, server, organization, domain, reply, row }: Beyond): Promise<void> {
  const pause = (reason: PauseReason, more: { retrySeconds?: number } = {}) =>
    pauseServer(w.s.db, { server: server.id, reason, ...more });
  const pauseIts = async (reason: DomainReason) =>
    void (await pauseDomain(w.s.db, { server: server.id, domain, reason, reply }));
  switch (outcome.effect) {
    case "suppress":
      if (!row) return; // nobody who only asked is suppressed: the request ends by itself
      await w.deadAddress(w.s, { ...row, reply });
      return brake(w.s.db, { campaign: row.campaign, more: 1 });
    case "wait_domain":
      return pauseIts("deferred");
    case "stop_domain":
      return pauseIts(outcome.reason as DomainReason);
    case "pause_sender":
      // The sender of one borrower is not the server's fault: her loan leaves production, and everybody else goes on.
      return organization === server.organization
        ? pause("sender")
        : restLoan(w.s.db, { server: server.id, organization });
    case "pause_auth":
      return pause("auth");
    case "pause_throttled":
      return pause("throttled", { retrySeconds: THROTTLED_SECONDS });
    case "too_large":
      if (row) await pauseCampaign(w.s.db, { campaign: row.campaign, reason: "too_large" });
      return;
    default:
      return;
  }
}
