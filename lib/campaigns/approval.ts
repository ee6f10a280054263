import { and, desc, eq } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Db } from "../../db/client.ts";
import { campaignApprovals } from "../../db/schema/approvals.ts";
import { users } from "../../db/schema/users.ts";
import type { Services } from "../services.ts";
import { replyMarkOf } from "../templates/subject-marks.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Campaign, findCampaign, listsOf } from "./find.ts";
import { isPromo } from "./promo.ts";
import type { Finding } from "./types.ts";

/** A question about the subject as it is now, and what was said to it. */
export type Question = {
  id: string;
  version: number;
  askedAt: Date;
  askedBy: string;
  askedByName: string | null;
  decidedAt: Date | null;
  decidedByName: string | null;
  reason: string | null;
};

/** Why a campaign needs somebody's approval, and how far that has come. `mark`: what its subject begins with. */
export type Approval = { mark: string; state: "unasked" | "waiting" | "refused" | "approved"; question?: Question };

/**
 * Whether a campaign needs an approval and has it: advertising whose subject begins like an answer or a forward, and so hides what it is (MC-01: D.Lgs. 70/2003
 * art. 8-9, Codice privacy art. 130 c.5). An approval is for the very words of the subject: other words need their own.
 * @returns undefined: it needs none
 */
export async function approvalOf(
  db: Db,
  o: { campaign: Pick<Campaign, "id" | "subject">; lists: string[] },
): Promise<Approval | undefined> {
  const mark = replyMarkOf(o.campaign.subject);
  if (!mark || !(await isPromo(db, o.lists))) return undefined;
  const found = await lastQuestion(db, o.campaign);
  if (!found) return { mark, state: "unasked" };
  const { approved, ...question } = found;
  return { mark, question, state: approved === null ? "waiting" : approved ? "approved" : "refused" };
}

/** The same for a screen. @throws NotFound */
export async function campaignApproval(s: Services, o: { who: Who; campaign: string }): Promise<Approval | undefined> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  return approvalOf(s.db, { campaign, lists: await listsOf(s.db, campaign.id) });
}

/** What the checks before sending say: nothing leaves until somebody has approved, and then it still is worth knowing. */
export function approvalFindings(approval: Approval | undefined): Finding[] {
  if (!approval) return [];
  const { mark, state, question } = approval;
  const check = `subject_reply_${state}`;
  const facts = { mark, name: question?.decidedByName ?? question?.askedByName ?? "" };
  const level = state === "approved" ? "warn" : "block";
  return [{ check, level, step: "send", facts, key: `campaigns.checks.${check}` }];
}

/** The last question about these words; index scan of `approvals_of`, backwards. */
async function lastQuestion(db: Db, { id, subject }: Pick<Campaign, "id" | "subject">) {
  const [asked, decided] = [alias(users, "asked"), alias(users, "decided")];
  const a = campaignApprovals;
  const [row] = await db
    .select({
      ...{ id: a.id, version: a.version, askedAt: a.askedAt, askedBy: a.askedBy, askedByName: asked.name },
      ...{ decidedAt: a.decidedAt, decidedByName: decided.name, reason: a.reason, approved: a.approved },
    })
    .from(a)
    .leftJoin(asked, eq(asked.id, a.askedBy))
    .leftJoin(decided, eq(decided.id, a.decidedBy))
    .where(and(eq(a.campaign, id), eq(a.subject, subject)))
    .orderBy(desc(a.askedAt))
    .limit(1);
  return row;
}
