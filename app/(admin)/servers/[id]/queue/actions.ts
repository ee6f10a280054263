"use server";
import { z } from "zod";
import { dropQueued, tryNow } from "../../../../../lib/delivery/server-queue.ts";
import { action } from "../../../../_server/action.ts";
import { ring } from "../../../../_server/ring.ts";

const Picked = z.strictObject({
  server: z.uuid(),
  ids: z
    .array(z.string().regex(/^[0-9a-f-]{36}(:\d{1,9})?$/))
    .max(200)
    .default([]),
  decision: z.enum(["now", "drop"]),
  reason: z.string().trim().max(200).default(""),
});

/** The ticked ones are tried now, or dropped with a reason. */
export const decideQueued = action(Picked, "campaigns.write", async ({ s, who, t }, { decision, ...input }) => {
  if (decision === "drop") return t("serverScreens.queue.dropped", { n: await dropQueued(s, { who, ...input }) });
  const n = await tryNow(s, { who, ...input });
  ring("server", input.server);
  return t("serverScreens.queue.tried", { n });
});
