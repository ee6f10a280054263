"use server";
import { z } from "zod";
import { dismissNotice } from "../../lib/users/staff-notices.ts";
import { action } from "../_server/action.ts";

/** It was read: it leaves the overview. */
export const readNotice = action(z.strictObject({ notice: z.uuid() }), "campaigns.see", async ({ s, who }, input) =>
  dismissNotice(s, { who, ...input }),
);
