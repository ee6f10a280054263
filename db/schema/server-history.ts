import { sql } from "drizzle-orm";
import { bigint, check, index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { organizations } from "./organizations.ts";
import { servers, type TalkStep } from "./servers.ts";

/** One line for each attempt and each connection that failed, as the server's log shows them; addresses are looked up, never written here. Kept 30 days. */
export const serverLog = pgTable(
  "server_log",
  {
    n: bigint("n", { mode: "number" }).notNull().generatedAlwaysAsIdentity(),
    server: uuid("server").notNull(),
    at: instant("at").notNull(),
    /** Whose mail it was; null: of the installation. */
    organization: uuid("organization"),
    campaign: uuid("campaign"),
    position: integer("position"),
    outbox: uuid("outbox"),
    /** Domain of the recipient, or null when no recipient was named yet. */
    domain: text("domain"),
    /** accepted, deferred, rejected, uncertain, or what happened to the connection. */
    outcome: text("outcome").notNull(),
    reason: text("reason"),
    reply: text("reply"),
  },
  // No index by `n` alone: the planner would walk the lines of all servers to find a few of one.
  (t) => [
    primaryKey({ name: "server_log_of", columns: [t.server, t.n] }),
    index("server_log_of_campaign").on(t.campaign, t.position),
  ],
);

/** What a server did in five minutes, and how long its queue was at their end: the graphs. Kept 400 days; no row, no data. */
export const serverSamples = pgTable(
  "server_samples",
  {
    server: uuid("server").notNull(),
    at: instant("at").notNull(),
    queue: integer("queue").notNull(),
    accepted: integer("accepted").notNull().default(0),
    deferred: integer("deferred").notNull().default(0),
    rejected: integer("rejected").notNull().default(0),
    uncertain: integer("uncertain").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.server, t.at] })],
);

/** Recipient domains that a server has stopped for: a policy answer from one domain stops that domain alone. */
export const serverDomains = pgTable(
  "server_domains",
  {
    server: uuid("server").notNull(),
    domain: text("domain").notNull(),
    pausedAt: instant("paused_at").notNull(),
    reason: text("reason").notNull(),
    reply: text("reply"),
    retryAt: instant("retry_at"),
  },
  (t) => [primaryKey({ columns: [t.server, t.domain] })],
);

/** How much of a window of a recipient domain is used (`domain_limits`). */
export const serverDomainWindows = pgTable(
  "server_domain_windows",
  {
    server: uuid("server").notNull(),
    domain: text("domain").notNull(),
    unit: text("unit", { enum: ["minute", "hour", "day"] }).notNull(),
    begins: instant("begins").notNull(),
    n: integer("n").notNull(),
  },
  (t) => [primaryKey({ columns: [t.server, t.domain, t.unit, t.begins] })],
);

/**
 * A server that the operator lends to another organization: with its own sender, and a share of the day. `live_at` as on `servers`.
 * What it used of its share stands in `server_loan_windows`.
 */
export const serverLoans = pgTable(
  "server_loans",
  {
    server: uuid("server")
      .notNull()
      .references(() => servers.id),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    perDay: integer("per_day").notNull(),
    fromName: text("from_name").notNull().default(""),
    fromAddress: text("from_address").notNull().default(""),
    envelopeFrom: text("envelope_from").notNull().default(""),
    testedAt: instant("tested_at"),
    testOk: text("test_ok", { enum: ["yes", "no"] }),
    testTalk: jsonb("test_talk").$type<TalkStep[]>(),
    liveAt: instant("live_at"),
    lentAt: instant("lent_at").notNull(),
    endedAt: instant("ended_at"),
  },
  (t) => [
    primaryKey({ columns: [t.server, t.organization] }),
    index("loans_of").on(t.organization),
    check("share_is_positive", sql`${t.perDay} > 0`),
  ],
);

export const serverLoanWindows = pgTable(
  "server_loan_windows",
  {
    server: uuid("server").notNull(),
    organization: uuid("organization").notNull(),
    begins: instant("begins").notNull(),
    /** All that left, and what of it was system mail. */
    n: integer("n").notNull(),
    system: integer("system").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.server, t.organization, t.begins] })],
);
