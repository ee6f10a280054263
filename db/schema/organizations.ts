import { sql } from "drizzle-orm";
import { boolean, check, integer, jsonb, pgEnum, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

export const tone = pgEnum("tone", ["tu", "lei"]);
export const locale = pgEnum("locale", ["it", "en"]);

/** Who processes mail for the controller, and where (GDPR art. 13(1)(e)(f)). */
export type Processor = { name: string; country: string; safeguard?: string };

/** One controller (titolare). Every row of the program belongs to one. */
export const organizations = pgTable(
  "organizations",
  {
    id: id(),
    slug: text("slug").notNull().unique(),
    legalName: text("legal_name").notNull(),
    address: text("address").notNull(),
    taxId: text("tax_id").notNull(),
    privacyEmail: text("privacy_email").notNull(),
    dpo: text("dpo"),
    processors: jsonb("processors").$type<Processor[]>().notNull().default([]),
    consentMonths: integer("consent_months").notNull().default(24),
    /** Their own full notice; null: ours at /p/{slug}/privacy. */
    privacyUrl: text("privacy_url"),
    website: text("website"),
    locale: locale("locale").notNull().default("it"),
    tone: tone("tone").notNull().default("tu"),
    timeZone: text("time_zone").notNull().default("Europe/Rome"),
    demo: boolean("demo").notNull().default(false),
    /** When the first real sending server went into production; null: all mail goes to the sandbox. */
    liveAt: instant("live_at"),
    /** Somebody stopped all sending of this organization, with a reason. */
    pausedAt: instant("paused_at"),
    pausedReason: text("paused_reason"),
    closedAt: instant("closed_at"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    check("slug_shape", sql`${t.slug} ~ '^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$'`),
    check("consent_months_range", sql`${t.consentMonths} between 1 and 60`),
    check("demo_is_never_live", sql`not (${t.demo} and ${t.liveAt} is not null)`),
  ],
);

/** A slug once in a ledger's origin is never given again (formats.md §5). */
export const usedSlugs = pgTable("used_slugs", {
  slug: text("slug").primaryKey(),
  organization: uuid("organization").notNull(),
});
