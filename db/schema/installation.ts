import { sql } from "drizzle-orm";
import { bigint, boolean, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";

/** One row: which installation this database belongs to, and whether sending is locked (formats.md §5). */
export const installation = pgTable(
  "installation",
  {
    one: boolean("one").primaryKey().default(true),
    id: uuid("id").notNull(),
    url: text("url").notNull(),
    lockedSince: instant("locked_since"),
    lockedReasons: text("locked_reasons").array().notNull().default(sql`'{}'`),
    /** host:port pairs that a sending server may use beside the well-known ports and public addresses. */
    smtpAllow: text("smtp_allow").array().notNull().default(sql`'{}'`),
    /** DNS zones of blocklists that the operator asks; none until she sets them: public lists limit use. */
    blocklists: text("blocklists").array().notNull().default(sql`'{}'`),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [check("one_row", sql`${t.one}`)],
);

/** The offset that `app_now()` adds; written by tests alone, the role of web and worker may only read it. */
export const clock = pgTable("clock", {
  one: boolean("one").primaryKey().default(true),
  offsetMs: bigint("offset_ms", { mode: "number" }).notNull().default(0),
});

/** Every start of web or worker (formats.md §4 `started`). Never pruned: the restore guard compares it with the journal. */
export const starts = pgTable("starts", {
  boot: uuid("boot").primaryKey(),
  at: instant("at").notNull(),
  url: text("url").notNull(),
  version: text("version").notNull(),
});

/** The highest line of each journal file up to which all are applied. */
export const journalMarks = pgTable("journal_marks", {
  writer: uuid("writer").primaryKey(),
  mark: integer("mark").notNull(),
});

/** One row for each applied journal line above its writer's mark; folded into the mark from time to time. */
export const journalApplied = pgTable(
  "journal_applied",
  { writer: uuid("writer").notNull(), n: integer("n").notNull() },
  (t) => [primaryKey({ columns: [t.writer, t.n] })],
);

/** A process that may hold rows. Alive while it holds the session advisory lock (1, epoch): no clocks (design.md §5). */
export const processes = pgTable("processes", {
  epoch: integer("epoch").primaryKey().generatedAlwaysAsIdentity(),
  boot: uuid("boot").notNull(),
  kind: text("kind").notNull(),
  startedAt: instant("started_at").notNull(),
  endedAt: instant("ended_at"),
});

/** Attempts counted for a limit (sign-in, sign-up, test sends). `key` is an HMAC or a network, never an address in clear. */
export const attempts = pgTable(
  "attempts",
  { scope: text("scope").notNull(), key: bytea("key").notNull(), at: instant("at").notNull() },
  (t) => [index("attempts_of_key").on(t.scope, t.key, t.at), index("attempts_by_time").on(t.at)],
);

/** What staff did (EV-06): insert only. `facts` holds ids and counts. */
export const auditLog = pgTable(
  "audit_log",
  {
    id: id(),
    organization: uuid("organization"),
    user: uuid("user"),
    action: text("action").notNull(),
    object: text("object"),
    at: instant("at").notNull(),
    facts: jsonb("facts").$type<Record<string, string | number | boolean>>().notNull().default({}),
  },
  (t) => [index("audit_by_organization").on(t.organization, t.at)],
);
