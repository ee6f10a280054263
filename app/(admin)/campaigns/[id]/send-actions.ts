"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { cancel } from "../../../../lib/campaigns/cancel.ts";
import { launch } from "../../../../lib/campaigns/launch.ts";
import { pause } from "../../../../lib/campaigns/pause.ts";
import { resume } from "../../../../lib/campaigns/resume.ts";
import { unschedule } from "../../../../lib/campaigns/unschedule.ts";
import { action } from "../../../_server/action.ts";
import { ring } from "../../../_server/ring.ts";

const Campaign = { campaign: z.uuid() };
const Version = { version: z.coerce.number().int().positive() };

/** Starts it now. */
export const sendNow = action(
  z.strictObject({ ...Campaign, ...Version }),
  "campaigns.write",
  async ({ s, who }, { campaign, version }) => {
    await launch(s, { who, campaign, version });
    ring("campaign", campaign);
    redirect(`/campaigns/${campaign}`);
  },
);

/** Starts it at a time on the organization's clocks. */
export const schedule = action(
  z.strictObject({ ...Campaign, ...Version, at: z.string().min(1).max(40) }),
  "campaigns.write",
  async ({ s, who }, { campaign, version, at }) => {
    await launch(s, { who, campaign, version, at });
    redirect(`/campaigns/${campaign}`);
  },
);

export const takeBack = action(z.strictObject(Campaign), "campaigns.write", async ({ s, who }, { campaign }) => {
  await unschedule(s, { who, campaign });
  redirect(`/campaigns/${campaign}?step=send`);
});

export const pauseCampaign = action(
  z.strictObject({ ...Campaign, reason: z.string().trim().max(200) }),
  "campaigns.write",
  async ({ s, who }, { campaign, reason }) => {
    await pause(s, { who, campaign, reason });
  },
);

export const resumeCampaign = action(z.strictObject(Campaign), "campaigns.write", async ({ s, who }, { campaign }) => {
  await resume(s, { who, campaign });
  ring("campaign", campaign);
});

export const cancelRest = action(z.strictObject(Campaign), "campaigns.write", async ({ s, who, t }, { campaign }) => {
  const { cancelled } = await cancel(s, { who, campaign });
  return t("campaigns.live.cancelled", { n: cancelled });
});
