import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, primaryKey, smallint, text, unique, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { locale, organizations } from "./organizations.ts";

/** A person known by an address. The only table where an address stands in clear (design.md §6). */
export const contacts = pgTable(
  "contacts",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    address: text("address").notNull(),
    addressKey: text("address_key").notNull(),
    name: text("name"),
    locale: locale("locale").notNull(),
    fields: jsonb("fields").$type<Record<string, string>>().notNull().default({}),
    /** LB-01: nobody is in the book without an origin (a deferred foreign key holds it, also against plain SQL). */
    provenance: uuid("provenance").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    unique("one_contact_per_address").on(t.organization, t.addressKey),
    index("contacts_by_age").on(t.organization, t.id),
  ],
);

/**
 * The suppression keys of a contact, one for each key of the ring (formats.md §8): how the gate joins people with suppressions in one statement.
 * Several rows while keys rotate, one otherwise.
 */
export const contactKeys = pgTable(
  "contact_keys",
  {
    contact: uuid("contact")
      .notNull()
      .references(() => contacts.id, { onDelete: "cascade" }),
    kid: smallint("kid").notNull(),
    organization: uuid("organization").notNull(),
    key: bytea("key").notNull(),
  },
  (t) => [primaryKey({ columns: [t.contact, t.kid] }), index("contact_of_key").on(t.organization, t.key)],
);

/** Where an address came from (compliance.md §2.3). */
export const provenance = pgTable(
  "provenance",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    contact: uuid("contact").notNull(),
    kind: text("kind", {
      enum: [
        "self_form",
        "customer_sale",
        "third_party_list",
        "collected_public",
        "paper_import",
        "api",
        "legacy_import",
        "unknown",
      ],
    }).notNull(),
    collectedAt: instant("collected_at").notNull(),
    form: uuid("form"),
    user: uuid("user"),
    event: uuid("event"),
  },
  (t) => [
    index("provenance_of").on(t.contact),
    check("somebody_collected_it", sql`${t.form} is not null or ${t.user} is not null or ${t.kind} = 'unknown'`),
  ],
);

/**
 * Who a record is about, with the key that opens it (formats.md §0), wrapped under `at-rest`.
 * A request that is not yet confirmed has a row here and no contact. Destroying the key is what erasure means.
 */
export const subjects = pgTable(
  "subjects",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    contact: uuid("contact"),
    key: bytea("key"),
    createdAt: instant("created_at").notNull(),
    destroyedAt: instant("destroyed_at"),
  },
  (t) => [
    index("subjects_of").on(t.contact, t.id),
    check("destroyed_keys_are_gone", sql`(${t.key} is null) = (${t.destroyedAt} is not null)`),
  ],
);

/** Whoever may not be mailed, by keyed hash (formats.md §8): survives erasure, import and restore. Nothing is overwritten but an open end. */
export const suppressions = pgTable(
  "suppressions",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    kid: smallint("kid").notNull(),
    key: bytea("key").notNull(),
    /** Both null: everything. */
    list: uuid("list"),
    purpose: text("purpose"),
    reason: text("reason", {
      enum: [
        "withdrawn",
        "objected",
        "complaint",
        "hard_bounce",
        "not_me",
        "request_refused",
        "erased",
        "address_changed",
        "imported",
        "blocked",
        "restricted",
      ],
    }).notNull(),
    from: instant("from_at").notNull(),
    /** not_me: twelve months, then it is over by itself. */
    until: instant("until_at"),
    event: uuid("event").notNull(),
    liftedAt: instant("lifted_at"),
    liftedBy: uuid("lifted_by"),
  },
  (t) => [
    index("suppressions_of").on(t.organization, t.key),
    index("suppressions_complaints").on(t.organization, t.from).where(sql`${t.reason} = 'complaint'`),
    unique("one_open_suppression")
      .on(t.organization, t.key, t.list, t.purpose, t.reason, t.liftedAt)
      .nullsNotDistinct(),
  ],
);
