import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { organizations } from "./organizations.ts";
import { servers } from "./servers.ts";

/** What one resolver said of a key's record. `other`: what stands there instead (`value`); `missing` may stand under a wrong name (`at`). */
export type DkimSeen = {
  resolver: "system" | "authority";
  found: "same" | "other" | "missing" | "timeout";
  value?: string;
  at?: string;
};

/** A key that signs our mail (RFC 6376, RFC 8463). `private` is sealed under `at-rest` (formats.md §7). */
export const dkimKeys = pgTable(
  "dkim_keys",
  {
    id: id(),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    domain: text("domain").notNull(),
    selector: text("selector").notNull(),
    algorithm: text("algorithm", { enum: ["rsa", "ed25519"] }).notNull(),
    private: bytea("private").notNull(),
    /** The value of `p=` in the record. */
    public: text("public").notNull(),
    createdAt: instant("created_at").notNull(),
    /** When the record was last seen by both resolvers, which is when it begins to sign; what each of them said. */
    seenAt: instant("seen_at"),
    seen: jsonb("seen").$type<DkimSeen[]>(),
    activeAt: instant("active_at"),
    /** Replaced by a newer one: signs no more, its record must stand for 7 days yet. */
    retiredAt: instant("retired_at"),
    removedAt: instant("removed_at"),
  },
  (t) => [
    uniqueIndex("selector_of_domain").on(t.organization, t.domain, t.selector),
    check("retired_was_active", sql`${t.retiredAt} is null or ${t.activeAt} is not null`),
  ],
);

export type DomainFinding = {
  check: string;
  code: string;
  level: "ok" | "warn" | "bad" | "unknown";
  facts: Record<string, string | number>;
};

/** What the nightly check found for the From of a server over that server; the newest row is the present state, the others its history. */
export const domainChecks = pgTable(
  "domain_checks",
  {
    id: id(),
    organization: uuid("organization").notNull(),
    server: uuid("server")
      .notNull()
      .references(() => servers.id),
    domain: text("domain").notNull(),
    at: instant("at").notNull(),
    spf: text("spf", { enum: ["pass", "fail", "unknown"] }).notNull(),
    dkim: text("dkim", { enum: ["pass", "fail", "unknown"] }).notNull(),
    dmarc: text("dmarc", { enum: ["pass", "fail", "none", "unknown"] }).notNull(),
    findings: jsonb("findings").$type<DomainFinding[]>().notNull(),
  },
  (t) => [index("checks_of_server").on(t.server, t.at)],
);
