import { and, eq, inArray, isNull, ne } from "drizzle-orm";
import { campaignApprovals } from "../../db/schema/approvals.ts";
import { memberships, users } from "../../db/schema/users.ts";
import { audit } from "../audit/log.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import { quietNotice } from "../notices/quiet-notice.ts";
import { tellStaff } from "../notices/tell-staff.ts";
import { inTransaction, type Services } from "../services.ts";
import { RIGHTS, requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { approvalOf } from "./approval.ts";
import { CampaignChanged } from "./changed.ts";
import { type Campaign, draftOf, findCampaign, listsOf } from "./find.ts";

/**
 * Asks those who may to approve the subject of a draft as it is now, and tells them. Asked twice it is one question; a question about other words
 * that still waits becomes this one.
 * @param version the one that the person looked at
 * @throws CAMPAIGN_NOT_DRAFT · CampaignChanged · APPROVAL_NOT_NEEDED · APPROVAL_NOBODY (there is nobody else who may) · NotFound
 */
export async function askApproval(s: Services, o: { who: Who; campaign: string; version: number }): Promise<void> {
  requireRight(o.who, "campaigns.write");
  return inTransaction(s, async (s) => {
    const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign, lock: true });
    const lists = await listsOf(s.db, campaign.id);
    if (campaign.state !== "draft") throw new DomainError("CAMPAIGN_NOT_DRAFT");
    const { version, savedAt } = campaign;
    if (version !== o.version) throw new CampaignChanged({ theirs: draftOf(campaign, lists), version, savedAt });
    const approval = await approvalOf(s.db, { campaign, lists });
    if (!approval || approval.state === "approved") throw new DomainError("APPROVAL_NOT_NEEDED");
    if (approval.state === "waiting") return;
    await requireSomebodyElse(s, o.who);
    const question = await put(s, { who: o.who, campaign });
    const about = { organization: o.who.organization, kind: "approval_waits", object: campaign.id } as const;
    await quietNotice(s, about);
    const path = `/campaigns/${campaign.id}?step=send#approval`;
    const key = `approval_waits:${question}:${version}`;
    await tellStaff(s, { ...about, key, path, facts: { name: campaign.name } });
    const { organization, user } = o.who;
    await audit(s, { organization, user, action: "campaign.approval_asked", object: campaign.id, facts: { version } });
  });
}

/** Of a campaign at most one question waits. */
async function put(s: Services, { who, campaign }: { who: Who; campaign: Campaign }): Promise<string> {
  const { id, version, subject } = campaign;
  const asked = { version, subject, askedAt: await appNow(s.db), askedBy: who.user };
  const waiting = and(eq(campaignApprovals.campaign, id), isNull(campaignApprovals.decidedAt));
  const [moved] = await s.db
    .update(campaignApprovals)
    .set(asked)
    .where(waiting)
    .returning({ id: campaignApprovals.id });
  if (moved) return moved.id;
  const question = s.randomId();
  const { organization } = who;
  await s.db.insert(campaignApprovals).values({ ...asked, id: question, organization, campaign: id });
  return question;
}

/** Who asks may not answer: alone, she would wait for ever. */
async function requireSomebodyElse(s: Services, { organization, user }: Who): Promise<void> {
  const roles = RIGHTS["campaigns.release"];
  const others = await s.db
    .select({ user: users.id })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.user))
    .where(
      and(
        ...[eq(memberships.organization, organization), inArray(memberships.role, roles)],
        ...[ne(users.id, user), isNull(users.disabledAt)],
      ),
    )
    .limit(1);
  if (others.length === 0) throw new DomainError("APPROVAL_NOBODY");
}
