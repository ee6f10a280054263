import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgEnum,
  pgTable,
  primaryKey,
  smallint,
  text,
  unique,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { lists } from "./lists.ts";
import { locale, organizations } from "./organizations.ts";
import { servers } from "./servers.ts";

export const campaignState = pgEnum("campaign_state", [
  "draft",
  "scheduled",
  "sending",
  "paused",
  "stopped",
  "ended",
  "cancelled",
]);

export const campaigns = pgTable(
  "campaigns",
  {
    id: id(),
    /** Installation-wide, uint32: stands in return addresses and in the journal. */
    number: bigint("number", { mode: "number" }).notNull().generatedAlwaysAsIdentity().unique(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    state: campaignState("state").notNull().default("draft"),
    /** Rises with each save; an edit that started from an older one answers 409 (B95). */
    version: integer("version").notNull().default(1),
    name: text("name").notNull(),
    subject: text("subject").notNull().default(""),
    preheader: text("preheader").notNull().default(""),
    fromName: text("from_name").notNull().default(""),
    replyTo: text("reply_to"),
    locale: locale("locale").notNull(),
    mjml: text("mjml").notNull(),
    /** Null: derived from the compiled HTML. */
    text: text("text"),
    /** The first of its servers (`campaign_servers`): whose From, Message-ID domain and confirmations it uses. */
    server: uuid("server").references(() => servers.id),
    /** How several servers share it: by weight, by what each can carry, or by the domain of the sender. */
    split: text("split", { enum: ["weight", "capacity", "domain"] })
      .notNull()
      .default("capacity"),
    /** Of two campaigns on one server the higher one goes first; equal ones take turns. */
    priority: smallint("priority").notNull().default(0),
    /** In which order people are written to; `engaged` from consented data alone. */
    sendOrder: text("send_order", { enum: ["oldest", "newest", "engaged", "random"] })
      .notNull()
      .default("oldest"),
    orderSeed: integer("order_seed"),
    /** What has not left by then is not sent (`cancelled`, reason `not_after`). */
    notAfter: instant("not_after"),
    /** Its own pace and hours, at most those of its servers; null: theirs. */
    perHour: integer("per_hour"),
    weekdays: smallint("weekdays"),
    hourFrom: smallint("hour_from"),
    hourTo: smallint("hour_to"),
    scheduledAt: instant("scheduled_at"),
    /** Drawn at launch (formats.md §4 `sending`). */
    snapshot: uuid("snapshot"),
    /** True once every chunk of the audience is a row. */
    snapshotDone: boolean("snapshot_done").notNull().default(false),
    /** Keyset of the snapshot: the last contact taken. */
    snapshotAfter: uuid("snapshot_after"),
    /** Rows written so far = next position. */
    size: integer("size").notNull().default(0),
    /** How many would have received it when it was launched: what forecasts and the calendar count with until its audience is a snapshot. */
    planned: integer("planned"),
    /** The highest position that may be attempted (formats.md §4). */
    upto: integer("upto").notNull().default(-1),
    /** Frozen at launch, by hash in `contents`. */
    mjmlSha: bytea("mjml_sha"),
    htmlSha: bytea("html_sha"),
    textSha: bytea("text_sha"),
    headSha: bytea("head_sha"),
    simulated: boolean("simulated"),
    createdAt: instant("created_at").notNull(),
    createdBy: uuid("created_by").notNull(),
    savedAt: instant("saved_at").notNull(),
    launchedAt: instant("launched_at"),
    launchedBy: uuid("launched_by"),
    pausedAt: instant("paused_at"),
    pausedBy: uuid("paused_by"),
    pausedReason: text("paused_reason"),
    /** The figures of the brakes when a person resumed it: they count on from there (lib/campaigns/brake-figures.ts). */
    brakeBase: jsonb("brake_base"),
    endedAt: instant("ended_at"),
    /** When vacuum and reindex of its rows were done after its end. */
    closedAt: instant("closed_at"),
  },
  (t) => [
    check(
      "campaign_hours",
      sql`coalesce(${t.hourFrom}, 0) between 0 and 23 and coalesce(${t.hourTo}, 24) between 1 and 24 and coalesce(${t.hourFrom}, 0) < coalesce(${t.hourTo}, 24) and coalesce(${t.weekdays}, 1) between 1 and 127`,
    ),
    check("campaign_pace", sql`coalesce(${t.perHour}, 1) > 0`),
    index("campaigns_of").on(t.organization, t.id),
    index("campaigns_by_end").on(t.organization, t.endedAt).where(sql`${t.launchedAt} is not null`),
    index("campaigns_active").on(t.state).where(sql`${t.state} in ('scheduled', 'sending')`),
    check(
      "launched_is_frozen",
      sql`${t.state} in ('draft', 'scheduled', 'cancelled') or (${t.launchedAt} is not null and ${t.snapshot} is not null and ${t.htmlSha} is not null)`,
    ),
  ],
);

export const campaignLists = pgTable(
  "campaign_lists",
  {
    campaign: uuid("campaign")
      .notNull()
      .references(() => campaigns.id, { onDelete: "cascade" }),
    list: uuid("list")
      .notNull()
      .references(() => lists.id),
  },
  (t) => [primaryKey({ columns: [t.campaign, t.list] })],
);

/** A version kept at each test send and at launch. */
export const campaignVersions = pgTable(
  "campaign_versions",
  {
    campaign: uuid("campaign")
      .notNull()
      .references(() => campaigns.id, { onDelete: "cascade" }),
    version: integer("version").notNull(),
    keptFor: text("kept_for", { enum: ["test", "launch"] }).notNull(),
    subject: text("subject").notNull(),
    preheader: text("preheader").notNull(),
    fromName: text("from_name").notNull(),
    mjml: text("mjml").notNull(),
    text: text("text"),
    keptAt: instant("kept_at").notNull(),
    keptBy: uuid("kept_by").notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaign, t.version, t.keptFor] })],
);

/** Frozen texts by hash: MJML, compiled HTML, text and head of what was sent. Insert only. */
export const contents = pgTable(
  "contents",
  {
    organization: uuid("organization").notNull(),
    sha256: bytea("sha256").notNull(),
    kind: text("kind", { enum: ["mjml", "html", "text", "head"] }).notNull(),
    body: text("body").notNull(),
  },
  (t) => [primaryKey({ columns: [t.organization, t.sha256, t.kind] })],
);

export const deliveryState = pgEnum("delivery_state", [
  "pending",
  "claimed",
  "sending",
  "accepted",
  "rejected",
  "deferred",
  "uncertain",
  "excluded",
  "cancelled",
]);

/**
 * One campaign to one contact (design.md §5). Excluded people are rows too, with their reason.
 * `contact` is the recipient key: unique within an organization by address key.
 * Columns stand by their alignment, 8 bytes first and last what needs none: 8 bytes less of a row that is kept for years. A new one goes where it fits, or to another table.
 */
export const deliveries = pgTable(
  "deliveries",
  {
    decidedAt: instant("decided_at").notNull(),
    sentAt: instant("sent_at"),
    nextAt: instant("next_at"),
    position: integer("position").notNull(),
    state: deliveryState("state").notNull().default("pending"),
    epoch: integer("epoch"),
    tries: smallint("tries").notNull().default(0),
    campaign: uuid("campaign")
      .notNull()
      .references(() => campaigns.id),
    contact: uuid("contact").notNull(),
    /** The list whose basis carried it (first by order), for words and List-Id. */
    list: uuid("list"),
    basis: uuid("basis"),
    attempt: uuid("attempt"),
    reason: text("reason"),
    /** Of what was accepted without its code, which the state says; whole in `server_log`. */
    reply: text("reply"),
  },
  (t) => [
    primaryKey({ columns: [t.campaign, t.position] }),
    // The contact first: it is also how the mailings of one person are found.
    unique("once_a_campaign").on(t.contact, t.campaign),
    index("deliveries_to_do").on(t.campaign, t.position).where(sql`${t.state} in ('pending', 'deferred')`),
    // Few rows of many: the pages of what was deferred, refused or nobody knows, and of one reason, find theirs without reading the rest (lib/delivery/rows.ts).
    index("deliveries_noted")
      .on(t.campaign, t.state, sql`coalesce(${t.reason}, '')`, t.position)
      .where(
        sql`${t.state} in ('deferred', 'rejected', 'uncertain', 'excluded', 'cancelled') or ${t.reason} is not null`,
      ),
    index("deliveries_held").on(t.epoch).where(sql`${t.state} in ('claimed', 'sending')`),
    check("held_by_an_owner", sql`${t.state} not in ('claimed', 'sending') or ${t.epoch} is not null`),
    check("deferred_has_a_time", sql`(${t.state} = 'deferred') = (${t.nextAt} is not null)`),
    check("excluded_has_a_reason", sql`${t.state} <> 'excluded' or ${t.reason} is not null`),
  ],
);

/** The values merged into a message, sealed under the person's key: her exact copy can be rebuilt, and is gone when she is. */
export const deliveryValues = pgTable(
  "delivery_values",
  {
    campaign: uuid("campaign").notNull(),
    position: integer("position").notNull(),
    subject: uuid("subject").notNull(),
    sealed: bytea("sealed").notNull(),
    /** SHA-256 of the message as it left. Not in `deliveries`, whose rows are rewritten three times and have to be small. */
    sha256: bytea("sha256"),
  },
  (t) => [primaryKey({ columns: [t.campaign, t.position] })],
);

/** Which servers a campaign uses, and how much of it each shall carry when it is split by weight. */
export const campaignServers = pgTable(
  "campaign_servers",
  {
    campaign: uuid("campaign")
      .notNull()
      .references(() => campaigns.id, { onDelete: "cascade" }),
    server: uuid("server")
      .notNull()
      .references(() => servers.id),
    weight: integer("weight").notNull().default(1),
  },
  (t) => [
    primaryKey({ columns: [t.campaign, t.server] }),
    index("campaigns_of_server").on(t.server),
    check("weight_is_positive", sql`${t.weight} > 0`),
  ],
);

/**
 * How many deliveries of a campaign stand in each state, kept by a trigger on `deliveries` in the statement that changes them: pages read a few rows instead of a million.
 * `shard` spreads concurrent writers; the figure is the sum over shards.
 */
export const campaignCounts = pgTable(
  "campaign_counts",
  {
    campaign: uuid("campaign").notNull(),
    state: deliveryState("state").notNull(),
    reason: text("reason").notNull().default(""),
    shard: smallint("shard").notNull(),
    n: integer("n").notNull(),
  },
  (t) => [primaryKey({ columns: [t.campaign, t.state, t.reason, t.shard] })],
);

/** The order of an audience that is neither oldest nor newest first, worked out once before the snapshot; emptied when that is done. */
export const campaignOrder = pgTable(
  "campaign_order",
  { campaign: uuid("campaign").notNull(), rank: integer("rank").notNull(), contact: uuid("contact").notNull() },
  (t) => [primaryKey({ columns: [t.campaign, t.rank] })],
);

/** The report of a campaign as the worker counted it last: by state, day, recipient domain and reason. */
export const campaignReports = pgTable("campaign_reports", {
  campaign: uuid("campaign")
    .primaryKey()
    .references(() => campaigns.id, { onDelete: "cascade" }),
  at: instant("at").notNull(),
  body: jsonb("body").notNull(),
});
