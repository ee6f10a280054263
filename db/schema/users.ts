import { boolean, index, pgEnum, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { bytea, id, instant } from "./columns.ts";
import { locale, organizations } from "./organizations.ts";

export const role = pgEnum("role", ["owner", "marketing", "compliance", "auditor"]);

export const users = pgTable("users", {
  id: id(),
  /** Address key (formats.md §8): what the person signs in with. */
  email: text("email").notNull().unique(),
  name: text("name").notNull(),
  /** argon2id, encoded; null until an invitation was taken. */
  passwordHash: text("password_hash"),
  locale: locale("locale").notNull().default("it"),
  theme: text("theme", { enum: ["auto", "light", "dark"] })
    .notNull()
    .default("auto"),
  density: text("density", { enum: ["comfortable", "compact"] })
    .notNull()
    .default("comfortable"),
  operator: boolean("operator").notNull().default(false),
  disabledAt: instant("disabled_at"),
  createdAt: instant("created_at").notNull(),
});

export const memberships = pgTable(
  "memberships",
  {
    user: uuid("user")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    organization: uuid("organization")
      .notNull()
      .references(() => organizations.id),
    role: role("role").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.user, t.organization, t.role] }), index("members_of").on(t.organization)],
);

/** What a signed-in browser holds is only this row's id (design.md §2.12); idle 30 minutes, 12 hours at most. */
export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    /** SHA-256 of the reference in the cookie's token. */
    hash: bytea("hash").notNull().unique(),
    user: uuid("user")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    organization: uuid("organization").references(() => organizations.id),
    createdAt: instant("created_at").notNull(),
    seenAt: instant("seen_at").notNull(),
    endedAt: instant("ended_at"),
    endedBy: text("ended_by"),
  },
  (t) => [index("sessions_of").on(t.user)],
);

/** Set-up, invitation and password links: the hash of 16 random bytes (formats.md §6 s, i, r). */
export const userTokens = pgTable("user_tokens", {
  hash: bytea("hash").primaryKey(),
  purpose: text("purpose", { enum: ["s", "i", "r"] }).notNull(),
  user: uuid("user").references(() => users.id, { onDelete: "cascade" }),
  organization: uuid("organization").references(() => organizations.id),
  /** i: who is invited, and as what. */
  email: text("email"),
  roles: role("roles").array(),
  invitedBy: uuid("invited_by"),
  createdAt: instant("created_at").notNull(),
  expiresAt: instant("expires_at"),
  usedAt: instant("used_at"),
});
