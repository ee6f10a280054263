import { sql } from "drizzle-orm";
import {
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { organizations } from "./organizations.ts";

/** One step of the test talk with a server, as it was shown (issue: *Collauda*). */
export type TalkStep = {
  step: string;
  ok: boolean;
  code?: number;
  text?: string;
  said?: string;
  facts?: Record<string, string | number | string[] | number[]>;
};

/** What leaves for recipients of one domain at most (`*`: for each domain); null: no limit of that kind. */
export type DomainLimit = { domain: string; perMinute: number | null; perHour: number | null; perDay: number | null };

/** A route with its limits. The sandbox is one of them: a real SMTP server of ours that keeps what it takes. */
export const servers = pgTable(
  "servers",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    kind: text("kind", { enum: ["sandbox", "shared", "dedicated", "provider", "mailbox"] }).notNull(),
    /** Which preset it was made from (lib/servers/presets.ts); null: described by hand. */
    preset: text("preset"),
    name: text("name").notNull(),
    host: text("host").notNull(),
    port: integer("port").notNull(),
    encryption: text("encryption", { enum: ["none", "starttls", "tls"] }).notNull(),
    auth: text("auth", { enum: ["none", "password", "oauth2"] }).notNull(),
    username: text("username"),
    /** Sealed under `at-rest` (formats.md §7), never shown again. */
    password: bytea("password"),
    /** JSON of client, refresh and access token of OAuth2, sealed likewise. */
    oauth: bytea("oauth"),
    /** SHA-256 of the one certificate that the owner accepts for this host, though it is for another name; with who, when and why. */
    pinSha256: bytea("pin_sha256"),
    pinReason: text("pin_reason"),
    pinnedAt: instant("pinned_at"),
    pinnedBy: uuid("pinned_by"),
    fromName: text("from_name").notNull(),
    fromAddress: text("from_address").notNull(),
    envelopeFrom: text("envelope_from").notNull(),
    /** Limits; null: none. Counted as design.md §5 says, all in PostgreSQL. */
    perSecond: integer("per_second"),
    perMinute: integer("per_minute"),
    perHour: integer("per_hour"),
    perDay: integer("per_day"),
    /** Kept free for confirmations and other system mail, of the hour and of the day. */
    reserve: integer("reserve").notNull().default(0),
    connections: integer("connections").notNull().default(2),
    messagesPerConnection: integer("messages_per_connection").notNull().default(100),
    /** Whose calendar day `per_day` counts, and whose clock the weekdays and hours below mean. */
    zone: text("zone").notNull().default("Europe/Rome"),
    /** `per_day` counts the calendar day of the zone, or any 24 hours. */
    dayWindow: text("day_window", { enum: ["calendar", "rolling"] })
      .notNull()
      .default("calendar"),
    /** When campaigns may leave: bit 0 Monday … bit 6 Sunday; from this hour, before that one. System mail leaves at any time. */
    weekdays: smallint("weekdays").notNull().default(127),
    hourFrom: smallint("hour_from").notNull().default(0),
    hourTo: smallint("hour_to").notNull().default(24),
    /** Campaigns rest on Italian public holidays. */
    restHolidays: boolean("rest_holidays").notNull().default(false),
    domainLimits: jsonb("domain_limits").$type<DomainLimit[]>().notNull().default([]),
    /** Ramp-up of a new address: this many on the first day, then more each day up to `per_day` (lib/servers/ramp.ts). */
    rampFirst: integer("ramp_first"),
    rampFrom: date("ramp_from", { mode: "string" }),
    /** Why a shared server may send more than 300 a day, in the owner's words. */
    overLimitReason: text("over_limit_reason"),
    /** Last day on which the service is paid for; reminders 30, 14, 7 and 1 days before. */
    expiresOn: date("expires_on", { mode: "string" }),
    renewUrl: text("renew_url"),
    /** Public addresses that this server sends from, as the owner entered them (beside those of the host), for SPF, PTR and blocklists. */
    ips: text("ips").array().notNull().default(sql`'{}'`),
    /** Who signs: we, with the keys of `dkim_keys`; the provider, as the domain and selector below; nobody. */
    dkim: text("dkim", { enum: ["ours", "provider", "none"] })
      .notNull()
      .default("none"),
    dkimDomain: text("dkim_domain"),
    dkimSelector: text("dkim_selector"),
    pausedAt: instant("paused_at"),
    pausedReason: text("paused_reason"),
    /** Tried again by itself at this time; null with `paused_at`: a person must press. */
    retryAt: instant("retry_at"),
    /** It does not answer, or takes too long for a message: others carry what it would have carried, until it has answered in time. */
    ailingSince: instant("ailing_since"),
    testedAt: instant("tested_at"),
    testOk: text("test_ok", { enum: ["yes", "no"] }),
    testTalk: jsonb("test_talk").$type<TalkStep[]>(),
    /** The organization's real server in production. */
    liveAt: instant("live_at"),
    createdAt: instant("created_at").notNull(),
    removedAt: instant("removed_at"),
  },
  (t) => [
    index("servers_of").on(t.organization),
    uniqueIndex("one_sandbox").on(t.organization).where(sql`${t.kind} = 'sandbox'`),
    check("no_password_in_clear", sql`${t.encryption} <> 'none' or ${t.auth} = 'none'`),
    check(
      "password_has_a_user",
      sql`(${t.auth} = 'password') = (${t.password} is not null) and (${t.auth} = 'none' or ${t.username} is not null)`,
    ),
    check("oauth_has_its_tokens", sql`(${t.auth} = 'oauth2') = (${t.oauth} is not null)`),
    check(
      "hours_of_a_day",
      sql`${t.hourFrom} between 0 and 23 and ${t.hourTo} between 1 and 24 and ${t.hourFrom} < ${t.hourTo} and ${t.weekdays} between 1 and 127`,
    ),
    check("ramp_is_whole", sql`(${t.rampFirst} is null) = (${t.rampFrom} is null) and coalesce(${t.rampFirst}, 1) > 0`),
    check(
      "pin_has_a_reason",
      sql`${t.pinSha256} is null or (${t.pinReason} is not null and ${t.pinnedAt} is not null and ${t.pinnedBy} is not null)`,
    ),
    check(
      "provider_signs_as",
      sql`${t.dkim} <> 'provider' or (${t.dkimDomain} is not null and ${t.dkimSelector} is not null)`,
    ),
    check(
      "limits_are_positive",
      sql`coalesce(least(${t.perSecond}, ${t.perMinute}, ${t.perHour}, ${t.perDay}), 1) > 0 and ${t.reserve} >= 0 and ${t.connections} between 1 and 50 and ${t.messagesPerConnection} > 0`,
    ),
  ],
);

/** How much of a window is used: one row a server, unit and beginning. Reserved in the statement that moves rows to `sending`. */
export const serverWindows = pgTable(
  "server_windows",
  {
    server: uuid("server").notNull(),
    unit: text("unit", { enum: ["second", "minute", "hour", "day"] }).notNull(),
    begins: instant("begins").notNull(),
    campaign: integer("campaign").notNull().default(0),
    system: integer("system").notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.server, t.unit, t.begins] })],
);

/**
 * System mail (confirmation, invitation, reset, alert, test): written in the transaction that causes it, at least once, kept while no server answers.
 * `payload` is sealed: under the request's own key (confirmations) or under `at-rest` (staff).
 */
export const outbox = pgTable(
  "outbox",
  {
    id: id(),
    /** Null: mail to staff of the installation itself. */
    organization: uuid("organization"),
    kind: text("kind", { enum: ["confirmation", "invitation", "reset", "alert", "test", "campaign_test"] }).notNull(),
    /** The `subjects` row whose key opens the payload; null: `at-rest`. */
    subject: uuid("subject"),
    confirmation: uuid("confirmation"),
    /** JSON: to, subject, text, html, headers; opened at hand-off. */
    payload: bytea("payload"),
    server: uuid("server"),
    state: text("state", { enum: ["queued", "sending", "accepted", "failed", "dropped"] })
      .notNull()
      .default("queued"),
    epoch: integer("epoch"),
    tries: integer("tries").notNull().default(0),
    dueAt: instant("due_at").notNull(),
    messageId: text("message_id"),
    sha256: bytea("sha256"),
    reply: text("reply"),
    createdAt: instant("created_at").notNull(),
    doneAt: instant("done_at"),
  },
  (t) => [
    index("outbox_due").on(t.dueAt).where(sql`${t.state} in ('queued', 'sending')`),
    index("outbox_of_confirmation").on(t.confirmation),
  ],
);

/** What the sandbox server took: sealed under `at-rest`, found again by the recipient's suppression key when a person is erased. */
export const sandboxMessages = pgTable(
  "sandbox_messages",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    /** Mail to staff (reset, invitation, alert) opens for the operator alone. */
    staff: text("staff", { enum: ["yes", "no"] })
      .notNull()
      .default("no"),
    key: bytea("key").notNull(),
    /** JSON: from, to, subject. */
    head: bytea("head").notNull(),
    source: bytea("source").notNull(),
    size: integer("size").notNull(),
    receivedAt: instant("received_at").notNull(),
  },
  (t) => [index("sandbox_of").on(t.organization, t.id), index("sandbox_by_key").on(t.organization, t.key)],
);
