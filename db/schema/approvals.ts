import { sql } from "drizzle-orm";
import { boolean, check, index, integer, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { campaigns } from "./campaigns.ts";
import { id, instant } from "./columns.ts";

/**
 * Somebody asked for the subject of a campaign to be approved, and what somebody else said (MC-01). It stands for these very words: another subject is
 * another question. A question that waits may be put anew; what was decided is never changed (trigger).
 */
export const campaignApprovals = pgTable(
  "campaign_approvals",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    campaign: uuid("campaign")
      .notNull()
      .references(() => campaigns.id, { onDelete: "cascade" }),
    /** The draft's, when it was asked. */
    version: integer("version").notNull(),
    subject: text("subject").notNull(),
    askedAt: instant("asked_at").notNull(),
    askedBy: uuid("asked_by").notNull(),
    decidedAt: instant("decided_at"),
    decidedBy: uuid("decided_by"),
    approved: boolean("approved"),
    /** Why it was refused; after an approval, if somebody wrote one. */
    reason: text("reason"),
  },
  (t) => [
    index("approvals_of").on(t.campaign, t.askedAt),
    uniqueIndex("one_open_approval").on(t.campaign).where(sql`${t.decidedAt} is null`),
    index("approvals_waiting").on(t.organization).where(sql`${t.decidedAt} is null`),
    check(
      "decided_whole",
      sql`(${t.decidedAt} is null) = (${t.decidedBy} is null) and (${t.decidedAt} is null) = (${t.approved} is null)`,
    ),
    check("four_eyes", sql`${t.decidedBy} <> ${t.askedBy}`),
    check("refused_with_a_reason", sql`${t.approved} or coalesce(${t.reason}, '') <> ''`),
  ],
);
