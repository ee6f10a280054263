"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { reuseVersion } from "../../../../../../lib/campaigns/reuse-version.ts";
import { action } from "../../../../../_server/action.ts";

const number = z.coerce.number().int().positive();

/** The texts of a kept version become the draft's, as a new save. */
export const reuse = action(
  z.strictObject({ campaign: z.uuid(), version: number, from: number }),
  "campaigns.write",
  async ({ s, who }, input) => {
    await reuseVersion(s, { who, ...input });
    redirect(`/campaigns/${input.campaign}?step=content`);
  },
);
