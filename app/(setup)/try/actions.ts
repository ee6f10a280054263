"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { createCampaign } from "../../../lib/campaigns/create.ts";
import { action } from "../../_server/action.ts";

const Starter = z.strictObject({ from: z.enum(["letter", "news", "notice"]) });

/** The first campaign, from a starter; it goes on in its own screens. */
export const begin = action(Starter, "campaigns.write", async ({ s, who, t }, { from }) => {
  redirect(`/campaigns/${await createCampaign(s, { who, from, name: t("tryOut.campaign.name") })}`);
});
