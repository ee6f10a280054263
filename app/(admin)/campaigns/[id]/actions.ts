"use server";
import { redirect } from "next/navigation";
import { z } from "zod";
import { CampaignChanged } from "../../../../lib/campaigns/changed.ts";
import { DraftChange } from "../../../../lib/campaigns/draft.ts";
import { duplicateCampaign } from "../../../../lib/campaigns/duplicate.ts";
import { saveDraft } from "../../../../lib/campaigns/save.ts";
import { saveSending } from "../../../../lib/campaigns/save-sending.ts";
import { testSend } from "../../../../lib/campaigns/test-send.ts";
import { action } from "../../../_server/action.ts";
import { ring } from "../../../_server/ring.ts";
import { sendingFields, weekdaysOf } from "./sending-fields.ts";

const Campaign = { campaign: z.uuid(), version: z.coerce.number().int().positive() };

const Content = DraftChange.pick({
  ...{ name: true, subject: true, preheader: true, fromName: true, replyTo: true, mjml: true, text: true },
}).extend({ ...Campaign, over: z.coerce.number().int().positive().optional() });

/** The content step's button, without script. Somebody else's save meanwhile: both texts come back, nothing is written (B95). */
export const saveContent = action(Content, "campaigns.write", async ({ s, who, t }, input) => {
  const { campaign, version, over, ...change } = input;
  try {
    await saveDraft(s, { who, campaign, version: over ?? version, change });
    return t("campaigns.draft.done");
  } catch (error) {
    if (!(error instanceof CampaignChanged)) throw error;
    const { theirs } = error;
    const typed = Object.entries(change).map(([part, value]) => [part, String(value ?? "")]);
    return {
      error: { code: error.code, text: t("errors.CAMPAIGN_CHANGED") },
      values: {
        ...Object.fromEntries(typed),
        theirVersion: String(error.version),
        theirText: [theirs.name, theirs.subject, theirs.preheader, "", theirs.mjml].join("\n"),
      },
    };
  }
});

const Lists = z.strictObject({ ...Campaign, before: z.string().max(4000), lists: z.array(z.uuid()).default([]) });

/** The lists of the audience. Where the other one left them alone, a save of other parts meanwhile is no conflict. */
export const saveLists = action(Lists, "campaigns.write", async ({ s, who }, { campaign, version, before, lists }) => {
  const save = (from: number) => saveDraft(s, { who, campaign, version: from, change: { lists } });
  try {
    await save(version);
  } catch (error) {
    if (!(error instanceof CampaignChanged) || error.theirs.lists.join() !== before) throw error;
    await save(error.version);
  }
});

/** When and how fast it is to be sent. */
export const saveSendingForm = action(
  z.strictObject({ ...Campaign, ...sendingFields }),
  "campaigns.write",
  async ({ s, who, t }, { campaign, version, days, ...typed }) => {
    await saveSending(s, { who, campaign, version, typed: { ...typed, weekdays: weekdaysOf(days) } });
    return t("campaigns.sending.saved");
  },
);

/** A test to the caller's own address. */
export const sendTest = action(
  z.strictObject({ campaign: z.uuid() }),
  "campaigns.write",
  async ({ s, who, t, user }, { campaign }) => {
    const to = await testSend(s, { who, campaign, to: [user.email] });
    ring("outbox", who.organization);
    return t("campaigns.test.sent", { to });
  },
);

/** A new draft that says the same. */
export const duplicate = action(
  z.strictObject({ campaign: z.uuid() }),
  "campaigns.write",
  async ({ s, who, t }, { campaign }) => {
    const name = (original: string) => t("campaigns.copyName", { name: original }).slice(0, 120);
    redirect(`/campaigns/${await duplicateCampaign(s, { who, campaign, name })}`);
  },
);
