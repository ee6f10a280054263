import { sql } from "drizzle-orm";
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { bytea, byteaArray, id, instant } from "./columns.ts";
import { purpose } from "./lists.ts";

/**
 * Records about a person (formats.md §1). Insert only, by grant and by trigger. The clear columns copy what the entry shows and name nobody;
 * `sealed` is the whole record under the subject's key.
 */
export const consentEvents = pgTable(
  "consent_events",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    subjectRow: uuid("subject_row").notNull(),
    kind: text("kind").notNull(),
    at: instant("at").notNull(),
    subject: bytea("subject").notNull(),
    commitment: bytea("commitment").notNull(),
    list: uuid("list"),
    purpose: purpose("purpose"),
    level: text("level"),
    method: text("method"),
    notice: byteaArray("notice").notNull().default(sql`'{}'`),
    validUntil: instant("valid_until"),
    previous: uuid("previous"),
    sealed: bytea("sealed").notNull(),
  },
  (t) => [index("events_about").on(t.subjectRow, t.at), index("events_of").on(t.organization, t.id)],
);

/** Records that are not about a person, sealed under `at-rest`, with their random salt sealed beside. Insert only. */
export const ledgerRecords = pgTable(
  "ledger_records",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    kind: text("kind").notNull(),
    at: instant("at").notNull(),
    commitment: bytea("commitment").notNull(),
    previous: uuid("previous"),
    salt: bytea("salt").notNull(),
    sealed: bytea("sealed").notNull(),
  },
  (t) => [index("records_of").on(t.organization, t.id)],
);

/** Entries that wait for their number; the sequencer takes them in the order of id (formats.md §1). */
export const ledgerQueue = pgTable(
  "ledger_queue",
  { id: id(), organization: uuid("organization").notNull(), entry: text("entry").notNull() },
  (t) => [index("queue_of").on(t.organization, t.id)],
);

/** One generation of an organization's Merkle log. */
export const ledgers = pgTable(
  "ledgers",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    generation: integer("generation").notNull().default(1),
    origin: text("origin").notNull().unique(),
    size: bigint("size", { mode: "number" }).notNull().default(0),
    /** Seed of the Ed25519 key, wrapped under `at-rest`. */
    seed: bytea("seed").notNull(),
    publicKey: bytea("public_key").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [uniqueIndex("one_ledger_a_generation").on(t.organization, t.generation)],
);

export const ledgerEntries = pgTable(
  "ledger_entries",
  {
    ledger: uuid("ledger")
      .notNull()
      .references(() => ledgers.id),
    seq: bigint("seq", { mode: "number" }).notNull(),
    id: uuid("id").notNull().unique(),
    entry: bytea("entry").notNull(),
    leaf: bytea("leaf").notNull(),
  },
  (t) => [primaryKey({ columns: [t.ledger, t.seq] })],
);

/**
 * A sign-up request and what became of it. The address is sealed under the request's own key: when that is destroyed (expired, refused), the row names nobody.
 * The token's hash is all that is kept of the link (formats.md §6 c).
 */
export const confirmations = pgTable(
  "confirmations",
  {
    id: id(),
    tokenHash: bytea("token_hash").notNull().unique(),
    /** Second link of the same mail: "it was not me". */
    refuseHash: bytea("refuse_hash").notNull().unique(),
    organization: uuid("organization").notNull(),
    subject: uuid("subject").notNull(),
    list: uuid("list").notNull(),
    form: uuid("form").notNull(),
    formVersion: integer("form_version").notNull(),
    /** The consent.requested events, one for each ticked purpose. */
    events: uuid("events").array().notNull(),
    kid: smallint("kid").notNull(),
    key: bytea("key").notNull(),
    sealed: bytea("sealed"),
    createdAt: instant("created_at").notNull(),
    expiresAt: instant("expires_at").notNull(),
    outcome: text("outcome", { enum: ["confirmed", "refused", "expired"] }),
    outcomeAt: instant("outcome_at"),
    contact: uuid("contact"),
    /** The mail that carries the link was taken by a server of ours that is the sandbox. */
    simulated: boolean("simulated"),
  },
  (t) => [
    index("confirmations_due").on(t.expiresAt).where(sql`${t.outcome} is null`),
    index("confirmations_of_key").on(t.organization, t.key),
    index("confirmations_of_subject").on(t.subject),
    check("an_outcome_has_a_time", sql`(${t.outcome} is null) = (${t.outcomeAt} is null)`),
  ],
);

/**
 * What allows a message, as intervals: from the first instant on, until it runs out or is ended. The projection of the events; rebuilt from zero it is equal.
 * At most one open one for a contact, list and purpose.
 */
export const bases = pgTable(
  "bases",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    contact: uuid("contact").notNull(),
    list: uuid("list").notNull(),
    purpose: purpose("purpose").notNull(),
    kind: text("kind", { enum: ["consent", "sale"] })
      .notNull()
      .default("consent"),
    event: uuid("event").notNull(),
    level: text("level").notNull(),
    simulated: boolean("simulated").notNull().default(false),
    from: instant("from_at").notNull(),
    until: instant("until_at").notNull(),
    endedAt: instant("ended_at"),
    endedBy: uuid("ended_by"),
    endedReason: text("ended_reason", { enum: ["withdrawn", "objected", "replaced", "invalidated", "erased"] }),
  },
  (t) => [
    index("bases_of_list").on(t.list, t.purpose, t.contact),
    index("bases_of_contact").on(t.contact),
    uniqueIndex("one_open_basis").on(t.contact, t.list, t.purpose).where(sql`${t.endedAt} is null`),
    check(
      "ends_are_told",
      sql`(${t.endedAt} is null) = (${t.endedReason} is null) and (${t.endedAt} is null) = (${t.endedBy} is null)`,
    ),
    check("runs_forward", sql`${t.until} > ${t.from}`),
  ],
);
