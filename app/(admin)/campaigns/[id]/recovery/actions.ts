"use server";
import { z } from "zod";
import { leaveUncertain } from "../../../../../lib/delivery/leave-uncertain.ts";
import { retryFailed } from "../../../../../lib/delivery/retry-failed.ts";
import { sendAgain } from "../../../../../lib/delivery/send-again.ts";
import { settleByLog } from "../../../../../lib/delivery/settle-by-log.ts";
import { action } from "../../../../_server/action.ts";
import { ring } from "../../../../_server/ring.ts";
import type { SignedIn } from "../../../../_server/session.ts";

const Campaign = { campaign: z.uuid() };
const Decision = { decision: z.enum(["leave", "again"]) };
type Input = { campaign: string; decision: "leave" | "again"; position?: number };

async function settled({ s, who, t }: SignedIn, { campaign, decision, position }: Input): Promise<string> {
  const these = position === undefined ? {} : { positions: [position] };
  const verb = decision === "again" ? sendAgain : leaveUncertain;
  const n = await verb(s, { who, campaign, ...these });
  if (decision === "again") ring("campaign", campaign);
  return t(`campaigns.recovery.done.${decision}`, { n });
}

/** One message whose fate nobody knows. */
export const decide = action(
  z.strictObject({ ...Campaign, ...Decision, position: z.coerce.number().int().min(0) }),
  "campaigns.write",
  settled,
);

/** All of them. */
export const decideAll = action(z.strictObject({ ...Campaign, ...Decision }), "campaigns.write", settled);

/** What the server's own log says. */
export const settle = action(
  z.strictObject({ ...Campaign, log: z.string().min(1).max(1_000_000) }),
  "campaigns.write",
  async ({ s, who, t }, input) => t("campaigns.recovery.settled", await settleByLog(s, { who, ...input })),
);

/** What the server refused for a reason that may have gone. */
export const retryRefused = action(z.strictObject(Campaign), "campaigns.write", async ({ s, who, t }, { campaign }) => {
  const n = await retryFailed(s, { who, campaign });
  ring("campaign", campaign);
  return t("campaigns.recovery.retried", { n });
});
