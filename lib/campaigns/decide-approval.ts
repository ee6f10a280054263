import { eq } from "drizzle-orm";
import { campaignApprovals } from "../../db/schema/approvals.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { quietNotice } from "../notices/quiet-notice.ts";
import { tellStaff } from "../notices/tell-staff.ts";
import { inTransaction, type Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { approvalOf } from "./approval.ts";
import { findCampaign, listsOf } from "./find.ts";

/**
 * Approves the subject of a draft, or refuses it with a reason. Never by who asked: two people have looked at it.
 * @param question the one that the person read: if the subject has changed since, or somebody was faster, nothing is decided
 * @throws CAMPAIGN_NOT_DRAFT · APPROVAL_CHANGED · APPROVAL_OWN · APPROVAL_REASON (refused without one) · NotFound
 */
export async function decideApproval(
  s: Services,
  o: { who: Who; campaign: string; question: string; approved: boolean; reason?: string },
): Promise<void> {
  requireRight(o.who, "campaigns.release");
  const { organization, user } = o.who;
  const { approved, reason = "" } = o;
  return inTransaction(s, async (s) => {
    const campaign = await findCampaign(s.db, { organization, campaign: o.campaign, lock: true });
    if (campaign.state !== "draft") throw new DomainError("CAMPAIGN_NOT_DRAFT");
    const approval = await approvalOf(s.db, { campaign, lists: await listsOf(s.db, campaign.id) });
    const question = approval?.state === "waiting" ? approval.question : undefined;
    if (question?.id !== o.question) throw new DomainError("APPROVAL_CHANGED");
    if (question.askedBy === user) throw new DomainError("APPROVAL_OWN");
    if (!approved && reason.trim() === "") throw new DomainError("APPROVAL_REASON", { field: "reason" });
    await s.db
      .update(campaignApprovals)
      .set({ approved, reason: reason.trim() || null, decidedAt: await appNow(s.db), decidedBy: user })
      .where(eq(campaignApprovals.id, question.id));
    await quietNotice(s, { organization, kind: "approval_waits", object: campaign.id });
    await tellStaff(s, {
      ...{ organization, kind: "approval_decided", object: campaign.id, key: `approval_decided:${question.id}` },
      ...{ path: `/campaigns/${campaign.id}?step=send#approval` },
      facts: { name: campaign.name, said: approved ? "approved" : "refused" },
    });
    const action = approved ? "campaign.approved" : "campaign.refused";
    await audit(s, { organization, user, action, object: campaign.id, facts: { version: question.version } });
  });
}
