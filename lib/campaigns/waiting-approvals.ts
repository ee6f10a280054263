import { and, asc, eq, isNull, ne } from "drizzle-orm";
import { campaignApprovals } from "../../db/schema/approvals.ts";
import { campaigns } from "../../db/schema/campaigns.ts";
import type { Services } from "../services.ts";
import { hasRight, requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { approvalOf } from "./approval.ts";
import { listsOf } from "./find.ts";

export type WaitingApproval = { campaign: string; name: string };

const MOST = 5;

/** Drafts that wait for the caller: she may approve, and somebody else asked. The longest wait first; index scan of `approvals_waiting`. */
export async function waitingApprovals(s: Services, o: { who: Who }): Promise<WaitingApproval[]> {
  requireRight(o.who, "campaigns.see");
  if (!hasRight(o.who, "campaigns.release")) return [];
  const { organization, user } = o.who;
  const a = campaignApprovals;
  const rows = await s.db
    .select({ id: campaigns.id, name: campaigns.name, subject: campaigns.subject })
    .from(a)
    .innerJoin(
      campaigns,
      and(eq(campaigns.id, a.campaign), eq(campaigns.state, "draft"), eq(campaigns.subject, a.subject)),
    )
    .where(and(eq(a.organization, organization), isNull(a.decidedAt), ne(a.askedBy, user)))
    .orderBy(asc(a.askedAt))
    .limit(MOST);
  const waiting: WaitingApproval[] = [];
  for (const campaign of rows) {
    // Its lists may be none of advertising any more.
    const approval = await approvalOf(s.db, { campaign, lists: await listsOf(s.db, campaign.id) });
    if (approval?.state === "waiting") waiting.push({ campaign: campaign.id, name: campaign.name });
  }
  return waiting;
}
