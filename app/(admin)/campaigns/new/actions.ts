"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { createCampaign } from "../../../../lib/campaigns/create.ts";
import { CAPS } from "../../../../lib/campaigns/draft.ts";
import { action } from "../../../_server/action.ts";

const Form = z.strictObject({
  name: z.string().trim().min(1).max(CAPS.name, "TOO_LONG"),
  from: z.enum(["letter", "news", "notice", "last"]),
});

/** Begins a draft and goes to it. */
export const create = action(Form, "campaigns.write", async ({ s, who }, { name, from }) => {
  redirect(`/campaigns/${await createCampaign(s, { who, from, name })}`);
});
