"use server";
import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { z } from "zod";
import { cancel } from "../../../../lib/campaigns/cancel.ts";
import { changeSending } from "../../../../lib/campaigns/change-sending.ts";
import { chooseServers } from "../../../../lib/campaigns/choose-servers.ts";
import { launch } from "../../../../lib/campaigns/launch.ts";
import { pause } from "../../../../lib/campaigns/pause.ts";
import { resume } from "../../../../lib/campaigns/resume.ts";
import { unschedule } from "../../../../lib/campaigns/unschedule.ts";
import { action } from "../../../_server/action.ts";
import { ring } from "../../../_server/ring.ts";
import { changedFields, routeFields, weekdaysOf, weightOf } from "./sending-fields.ts";

const Campaign = { campaign: z.uuid() };
const Version = { version: z.coerce.number().int().positive() };

/** Starts it now, or at the time that its draft says. */
export const start = action(
  z.strictObject({ ...Campaign, ...Version, pastExpiry: z.literal("on").optional() }),
  "campaigns.write",
  async ({ s, who }, { campaign, version, pastExpiry }) => {
    await launch(s, { who, campaign, version, pastExpiry: pastExpiry === "on" }).catch((error: unknown) => {
      // What stands in the way may have come since the page was made: it then shows the checks as they are now.
      revalidatePath(`/campaigns/${campaign}`);
      throw error;
    });
    ring("campaign", campaign);
    redirect(`/campaigns/${campaign}`);
  },
);

/** When and how fast what is under way is sent, from now on. */
export const changeSendingForm = action(
  z.strictObject({ ...Campaign, ...changedFields }),
  "campaigns.write",
  async ({ s, who, t }, { campaign, days, ...typed }) => {
    await changeSending(s, { who, campaign, typed: { ...typed, weekdays: weekdaysOf(days) } });
    ring("campaign", campaign);
    return t("campaigns.sending.changed");
  },
);

/** Which servers carry it from now on. */
export const saveRoutes = action(
  routeFields(Campaign),
  "campaigns.write",
  async ({ s, who, t }, { campaign, split, servers, ...weights }) => {
    await chooseServers(s, {
      ...{ who, campaign, split },
      servers: servers.map((server) => ({ server, weight: weightOf(weights, server) })),
    });
    ring("campaign", campaign);
    return t("campaigns.routes.saved");
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
