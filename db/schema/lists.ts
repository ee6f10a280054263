import { sql } from "drizzle-orm";
import { check, index, integer, pgEnum, pgTable, primaryKey, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytea, byteaArray, id, instant } from "./columns.ts";
import { locale, organizations, tone } from "./organizations.ts";

export const purpose = pgEnum("purpose", [
  "promo",
  "editorial",
  "profiling",
  "tracking_open",
  "tracking_click",
  "disclosure_third_party",
]);

/** A promise: what is sent, how often, by whom. */
export const lists = pgTable(
  "lists",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    name: text("name").notNull(),
    /** What those who sign up receive, as it stands in the words ("offerte e novità del negozio"). */
    topics: text("topics").notNull(),
    frequency: text("frequency").notNull(),
    locale: locale("locale").notNull(),
    tone: tone("tone").notNull(),
    purpose: purpose("purpose").notNull().default("promo"),
    createdAt: instant("created_at").notNull(),
    archivedAt: instant("archived_at"),
  },
  (t) => [
    index("lists_of").on(t.organization),
    check("a_list_carries_mail", sql`${t.purpose} in ('promo', 'editorial')`),
  ],
);

export const noticeKind = pgEnum("notice_kind", [
  "consent_box",
  "short_notice",
  "full_notice",
  "confirmation_mail",
  "confirm_page",
  "leave_page",
  "footer",
]);

/**
 * Every text that is shown, word for word. A row whose `published_at` is set is immutable (trigger): an event points at exactly these words.
 * `list` null: the text of the whole organization (full notice).
 */
export const notices = pgTable(
  "notices",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    list: uuid("list").references(() => lists.id),
    kind: noticeKind("kind").notNull(),
    purpose: purpose("purpose"),
    locale: locale("locale").notNull(),
    tone: tone("tone").notNull(),
    version: integer("version").notNull(),
    body: text("body").notNull(),
    sha256: bytea("sha256").notNull(),
    createdAt: instant("created_at").notNull(),
    createdBy: uuid("created_by"),
    publishedAt: instant("published_at"),
    publishedBy: uuid("published_by"),
  },
  (t) => [
    unique("one_version_of_a_text")
      .on(t.organization, t.list, t.kind, t.purpose, t.locale, t.tone, t.version)
      .nullsNotDistinct(),
    index("notices_by_hash").on(t.organization, t.sha256),
  ],
);

export const forms = pgTable(
  "forms",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    list: uuid("list")
      .notNull()
      .references(() => lists.id),
    name: text("name").notNull(),
    createdAt: instant("created_at").notNull(),
    withdrawnAt: instant("withdrawn_at"),
  },
  (t) => [index("forms_of").on(t.organization), index("forms_of_list").on(t.list)],
);

/** A form as it was published: the HTML of the boxes and words, by hash, and the notices it shows. Immutable (trigger). */
export const formVersions = pgTable(
  "form_versions",
  {
    form: uuid("form")
      .notNull()
      .references(() => forms.id),
    version: integer("version").notNull(),
    organization: uuid("organization").notNull(),
    locale: locale("locale").notNull(),
    tone: tone("tone").notNull(),
    html: text("html").notNull(),
    sha256: bytea("sha256").notNull(),
    /** Ids of the notices shown, in the order box, short, full, confirmation mail, confirm page. */
    notices: uuid("notices").array().notNull(),
    noticeHashes: byteaArray("notice_hashes").notNull(),
    publishedAt: instant("published_at").notNull(),
    publishedBy: uuid("published_by"),
  },
  (t) => [primaryKey({ columns: [t.form, t.version] })],
);
