"use server";
import { z } from "zod";
import { askApproval } from "../../../../lib/campaigns/ask-approval.ts";
import { decideApproval } from "../../../../lib/campaigns/decide-approval.ts";
import { action } from "../../../_server/action.ts";
import { ring } from "../../../_server/ring.ts";

const Campaign = { campaign: z.uuid() };
const Question = { ...Campaign, question: z.uuid() };

/** Asks somebody else to look at the subject. */
export const askForApproval = action(
  z.strictObject({ ...Campaign, version: z.coerce.number().int().positive() }),
  "campaigns.write",
  async ({ s, who, t }, { campaign, version }) => {
    await askApproval(s, { who, campaign, version });
    ring("outbox", who.organization);
    return t("campaigns.approval.asked");
  },
);

export const approveSubject = action(
  z.strictObject(Question),
  "campaigns.release",
  async ({ s, who, t }, { campaign, question }) => {
    await decideApproval(s, { who, campaign, question, approved: true });
    ring("outbox", who.organization);
    return t("campaigns.approval.approved");
  },
);

export const refuseSubject = action(
  z.strictObject({ ...Question, reason: z.string().trim().max(300) }),
  "campaigns.release",
  async ({ s, who, t }, { campaign, question, reason }) => {
    await decideApproval(s, { who, campaign, question, reason, approved: false });
    ring("outbox", who.organization);
    return t("campaigns.approval.refused");
  },
);
