"use server";
import { z } from "zod";
import { pauseSending, resumeSending } from "../../../lib/delivery/pause-sending.ts";
import { action } from "../../_server/action.ts";
import { ring } from "../../_server/ring.ts";

/** Everything of this organization stands still. */
export const pauseAll = action(
  z.strictObject({ reason: z.string().trim().min(1, "REQUIRED").max(200, "TOO_LONG") }),
  "campaigns.write",
  async ({ s, who }, { reason }) => pauseSending(s, { who, reason }),
);

/** And goes on. */
export const resumeAll = action(z.strictObject({}), "campaigns.write", async ({ s, who }) => {
  await resumeSending(s, { who });
  ring("outbox", who.organization);
});
