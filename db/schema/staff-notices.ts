import { boolean, index, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** Something that staff should know (a campaign ended or stopped, a server expires, somebody is waited for): shown on the dashboard, and mailed to who wants it. */
export const staffNotices = pgTable(
  "staff_notices",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    kind: text("kind").notNull(),
    object: uuid("object"),
    /** Says what it is about, so that it is said once: `expires:<server>:14`. */
    key: text("key").notNull(),
    facts: jsonb("facts").$type<Record<string, string | number>>().notNull().default({}),
    at: instant("at").notNull(),
    /** No longer true (resumed, renewed), or somebody pressed it away. */
    doneAt: instant("done_at"),
  },
  (t) => [uniqueIndex("once_a_key").on(t.organization, t.key), index("staff_notices_of").on(t.organization, t.at)],
);

/** Who wants which of them by mail; no row: the kind's own default. */
export const staffNoticeChoices = pgTable(
  "staff_notice_choices",
  {
    user: uuid("user").notNull(),
    organization: uuid("organization").notNull(),
    kind: text("kind").notNull(),
    mail: boolean("mail").notNull(),
  },
  (t) => [primaryKey({ columns: [t.user, t.organization, t.kind] })],
);
