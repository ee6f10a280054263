CREATE TYPE "public"."campaign_state" AS ENUM('draft', 'scheduled', 'sending', 'paused', 'stopped', 'ended', 'cancelled');--> statement-breakpoint
CREATE TYPE "public"."delivery_state" AS ENUM('pending', 'claimed', 'sending', 'accepted', 'rejected', 'deferred', 'uncertain', 'excluded', 'cancelled');--> statement-breakpoint
CREATE TYPE "public"."notice_kind" AS ENUM('consent_box', 'short_notice', 'full_notice', 'confirmation_mail', 'confirm_page', 'leave_page', 'footer');--> statement-breakpoint
CREATE TYPE "public"."purpose" AS ENUM('promo', 'editorial', 'profiling', 'tracking_open', 'tracking_click', 'disclosure_third_party');--> statement-breakpoint
CREATE TYPE "public"."locale" AS ENUM('it', 'en');--> statement-breakpoint
CREATE TYPE "public"."tone" AS ENUM('tu', 'lei');--> statement-breakpoint
CREATE TYPE "public"."role" AS ENUM('owner', 'marketing', 'compliance', 'auditor');--> statement-breakpoint
CREATE TABLE "campaign_lists" (
	"campaign" uuid NOT NULL,
	"list" uuid NOT NULL,
	CONSTRAINT "campaign_lists_campaign_list_pk" PRIMARY KEY("campaign","list")
);
--> statement-breakpoint
CREATE TABLE "campaign_versions" (
	"campaign" uuid NOT NULL,
	"version" integer NOT NULL,
	"kept_for" text NOT NULL,
	"subject" text NOT NULL,
	"preheader" text NOT NULL,
	"from_name" text NOT NULL,
	"mjml" text NOT NULL,
	"text" text,
	"kept_at" timestamp (3) with time zone NOT NULL,
	"kept_by" uuid NOT NULL,
	CONSTRAINT "campaign_versions_campaign_version_kept_for_pk" PRIMARY KEY("campaign","version","kept_for")
);
--> statement-breakpoint
CREATE TABLE "campaigns" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigint GENERATED ALWAYS AS IDENTITY (sequence name "campaigns_number_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"organization" uuid NOT NULL,
	"state" "campaign_state" DEFAULT 'draft' NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"name" text NOT NULL,
	"subject" text DEFAULT '' NOT NULL,
	"preheader" text DEFAULT '' NOT NULL,
	"from_name" text DEFAULT '' NOT NULL,
	"reply_to" text,
	"locale" "locale" NOT NULL,
	"mjml" text NOT NULL,
	"text" text,
	"server" uuid,
	"scheduled_at" timestamp (3) with time zone,
	"snapshot" uuid,
	"snapshot_done" boolean DEFAULT false NOT NULL,
	"snapshot_after" uuid,
	"size" integer DEFAULT 0 NOT NULL,
	"upto" integer DEFAULT -1 NOT NULL,
	"mjml_sha" "bytea",
	"html_sha" "bytea",
	"text_sha" "bytea",
	"head_sha" "bytea",
	"simulated" boolean,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" uuid NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL,
	"launched_at" timestamp (3) with time zone,
	"launched_by" uuid,
	"paused_at" timestamp (3) with time zone,
	"paused_by" uuid,
	"paused_reason" text,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "campaigns_number_unique" UNIQUE("number"),
	CONSTRAINT "launched_is_frozen" CHECK ("campaigns"."state" in ('draft', 'scheduled', 'cancelled') or ("campaigns"."launched_at" is not null and "campaigns"."snapshot" is not null and "campaigns"."html_sha" is not null))
);
--> statement-breakpoint
CREATE TABLE "contents" (
	"organization" uuid NOT NULL,
	"sha256" "bytea" NOT NULL,
	"kind" text NOT NULL,
	"body" text NOT NULL,
	CONSTRAINT "contents_organization_sha256_kind_pk" PRIMARY KEY("organization","sha256","kind")
);
--> statement-breakpoint
CREATE TABLE "deliveries" (
	"campaign" uuid NOT NULL,
	"position" integer NOT NULL,
	"contact" uuid NOT NULL,
	"list" uuid,
	"state" "delivery_state" DEFAULT 'pending' NOT NULL,
	"reason" text,
	"basis" uuid,
	"decided_at" timestamp (3) with time zone NOT NULL,
	"epoch" integer,
	"attempt" uuid,
	"tries" smallint DEFAULT 0 NOT NULL,
	"next_at" timestamp (3) with time zone,
	"sent_at" timestamp (3) with time zone,
	"reply" text,
	"sha256" "bytea",
	CONSTRAINT "deliveries_campaign_position_pk" PRIMARY KEY("campaign","position"),
	CONSTRAINT "once_a_campaign" UNIQUE("campaign","contact"),
	CONSTRAINT "held_by_an_owner" CHECK ("deliveries"."state" not in ('claimed', 'sending') or "deliveries"."epoch" is not null),
	CONSTRAINT "deferred_has_a_time" CHECK (("deliveries"."state" = 'deferred') = ("deliveries"."next_at" is not null)),
	CONSTRAINT "excluded_has_a_reason" CHECK ("deliveries"."state" <> 'excluded' or "deliveries"."reason" is not null)
);
--> statement-breakpoint
CREATE TABLE "delivery_values" (
	"campaign" uuid NOT NULL,
	"position" integer NOT NULL,
	"subject" uuid NOT NULL,
	"sealed" "bytea" NOT NULL,
	CONSTRAINT "delivery_values_campaign_position_pk" PRIMARY KEY("campaign","position")
);
--> statement-breakpoint
CREATE TABLE "bases" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"contact" uuid NOT NULL,
	"list" uuid NOT NULL,
	"purpose" "purpose" NOT NULL,
	"kind" text DEFAULT 'consent' NOT NULL,
	"event" uuid NOT NULL,
	"level" text NOT NULL,
	"simulated" boolean DEFAULT false NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" uuid,
	"ended_reason" text,
	CONSTRAINT "ends_are_told" CHECK (("bases"."ended_at" is null) = ("bases"."ended_reason" is null) and ("bases"."ended_at" is null) = ("bases"."ended_by" is null)),
	CONSTRAINT "runs_forward" CHECK ("bases"."until_at" > "bases"."from_at")
);
--> statement-breakpoint
CREATE TABLE "confirmations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"refuse_hash" "bytea" NOT NULL,
	"organization" uuid NOT NULL,
	"subject" uuid NOT NULL,
	"list" uuid NOT NULL,
	"form" uuid NOT NULL,
	"form_version" integer NOT NULL,
	"events" uuid[] NOT NULL,
	"kid" smallint NOT NULL,
	"key" "bytea" NOT NULL,
	"sealed" "bytea",
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"outcome" text,
	"outcome_at" timestamp (3) with time zone,
	"contact" uuid,
	"simulated" boolean,
	CONSTRAINT "confirmations_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "confirmations_refuse_hash_unique" UNIQUE("refuse_hash"),
	CONSTRAINT "an_outcome_has_a_time" CHECK (("confirmations"."outcome" is null) = ("confirmations"."outcome_at" is null))
);
--> statement-breakpoint
CREATE TABLE "consent_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"subject_row" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"subject" "bytea" NOT NULL,
	"commitment" "bytea" NOT NULL,
	"list" uuid,
	"purpose" "purpose",
	"level" text,
	"method" text,
	"notice" "bytea"[] DEFAULT '{}' NOT NULL,
	"valid_until" timestamp (3) with time zone,
	"previous" uuid,
	"sealed" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"ledger" uuid NOT NULL,
	"seq" bigint NOT NULL,
	"id" uuid NOT NULL,
	"entry" "bytea" NOT NULL,
	"leaf" "bytea" NOT NULL,
	CONSTRAINT "ledger_entries_ledger_seq_pk" PRIMARY KEY("ledger","seq"),
	CONSTRAINT "ledger_entries_id_unique" UNIQUE("id")
);
--> statement-breakpoint
CREATE TABLE "ledger_queue" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"entry" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledger_records" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"kind" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"commitment" "bytea" NOT NULL,
	"previous" uuid,
	"salt" "bytea" NOT NULL,
	"sealed" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ledgers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"origin" text NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"seed" "bytea" NOT NULL,
	"public_key" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "ledgers_origin_unique" UNIQUE("origin")
);
--> statement-breakpoint
CREATE TABLE "contacts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"address" text NOT NULL,
	"address_key" text NOT NULL,
	"name" text,
	"locale" "locale" NOT NULL,
	"fields" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"provenance" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "one_contact_per_address" UNIQUE("organization","address_key")
);
--> statement-breakpoint
CREATE TABLE "provenance" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"contact" uuid NOT NULL,
	"kind" text NOT NULL,
	"collected_at" timestamp (3) with time zone NOT NULL,
	"form" uuid,
	"user" uuid,
	"event" uuid,
	CONSTRAINT "somebody_collected_it" CHECK ("provenance"."form" is not null or "provenance"."user" is not null or "provenance"."kind" = 'unknown')
);
--> statement-breakpoint
CREATE TABLE "subjects" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"contact" uuid,
	"key" "bytea",
	"created_at" timestamp (3) with time zone NOT NULL,
	"destroyed_at" timestamp (3) with time zone,
	CONSTRAINT "destroyed_keys_are_gone" CHECK (("subjects"."key" is null) = ("subjects"."destroyed_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "suppressions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"kid" smallint NOT NULL,
	"key" "bytea" NOT NULL,
	"list" uuid,
	"purpose" text,
	"reason" text NOT NULL,
	"from_at" timestamp (3) with time zone NOT NULL,
	"until_at" timestamp (3) with time zone,
	"event" uuid NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	"lifted_by" uuid,
	CONSTRAINT "one_open_suppression" UNIQUE NULLS NOT DISTINCT("organization","key","list","purpose","reason","lifted_at")
);
--> statement-breakpoint
CREATE TABLE "attempts" (
	"scope" text NOT NULL,
	"key" "bytea" NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid,
	"user" uuid,
	"action" text NOT NULL,
	"object" text,
	"at" timestamp (3) with time zone NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clock" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"offset_ms" bigint DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "installation" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid NOT NULL,
	"url" text NOT NULL,
	"locked_since" timestamp (3) with time zone,
	"locked_reasons" text[] DEFAULT '{}' NOT NULL,
	"smtp_allow" text[] DEFAULT '{}' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "one_row" CHECK ("installation"."one")
);
--> statement-breakpoint
CREATE TABLE "journal_applied" (
	"writer" uuid NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "journal_applied_writer_n_pk" PRIMARY KEY("writer","n")
);
--> statement-breakpoint
CREATE TABLE "journal_marks" (
	"writer" uuid PRIMARY KEY NOT NULL,
	"mark" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "processes" (
	"epoch" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "processes_epoch_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"boot" uuid NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "starts" (
	"boot" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"url" text NOT NULL,
	"version" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "form_versions" (
	"form" uuid NOT NULL,
	"version" integer NOT NULL,
	"organization" uuid NOT NULL,
	"locale" "locale" NOT NULL,
	"tone" "tone" NOT NULL,
	"html" text NOT NULL,
	"sha256" "bytea" NOT NULL,
	"notices" uuid[] NOT NULL,
	"notice_hashes" "bytea"[] NOT NULL,
	"published_at" timestamp (3) with time zone NOT NULL,
	"published_by" uuid,
	CONSTRAINT "form_versions_form_version_pk" PRIMARY KEY("form","version")
);
--> statement-breakpoint
CREATE TABLE "forms" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"list" uuid NOT NULL,
	"name" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"withdrawn_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"name" text NOT NULL,
	"topics" text NOT NULL,
	"frequency" text NOT NULL,
	"locale" "locale" NOT NULL,
	"tone" "tone" NOT NULL,
	"purpose" "purpose" DEFAULT 'promo' NOT NULL,
	"double_opt_in" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"archived_at" timestamp (3) with time zone,
	CONSTRAINT "promo_is_confirmed" CHECK ("lists"."purpose" <> 'promo' or "lists"."double_opt_in"),
	CONSTRAINT "a_list_carries_mail" CHECK ("lists"."purpose" in ('promo', 'editorial'))
);
--> statement-breakpoint
CREATE TABLE "notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"list" uuid,
	"kind" "notice_kind" NOT NULL,
	"purpose" "purpose",
	"locale" "locale" NOT NULL,
	"tone" "tone" NOT NULL,
	"version" integer NOT NULL,
	"body" text NOT NULL,
	"sha256" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"created_by" uuid,
	"published_at" timestamp (3) with time zone,
	"published_by" uuid,
	CONSTRAINT "one_version_of_a_text" UNIQUE NULLS NOT DISTINCT("organization","list","kind","purpose","locale","tone","version")
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"legal_name" text NOT NULL,
	"address" text NOT NULL,
	"tax_id" text NOT NULL,
	"privacy_email" text NOT NULL,
	"dpo" text,
	"processors" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"consent_months" integer DEFAULT 24 NOT NULL,
	"privacy_url" text,
	"website" text,
	"locale" "locale" DEFAULT 'it' NOT NULL,
	"tone" "tone" DEFAULT 'tu' NOT NULL,
	"time_zone" text DEFAULT 'Europe/Rome' NOT NULL,
	"demo" boolean DEFAULT false NOT NULL,
	"live_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "organizations_slug_unique" UNIQUE("slug"),
	CONSTRAINT "slug_shape" CHECK ("organizations"."slug" ~ '^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$'),
	CONSTRAINT "consent_months_range" CHECK ("organizations"."consent_months" between 1 and 60),
	CONSTRAINT "demo_is_never_live" CHECK (not ("organizations"."demo" and "organizations"."live_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "used_slugs" (
	"slug" text PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid,
	"kind" text NOT NULL,
	"subject" uuid,
	"confirmation" uuid,
	"payload" "bytea",
	"server" uuid,
	"state" text DEFAULT 'queued' NOT NULL,
	"epoch" integer,
	"tries" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"message_id" text,
	"sha256" "bytea",
	"reply" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sandbox_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"staff" text DEFAULT 'no' NOT NULL,
	"key" "bytea" NOT NULL,
	"head" "bytea" NOT NULL,
	"source" "bytea" NOT NULL,
	"size" integer NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_windows" (
	"server" uuid NOT NULL,
	"unit" text NOT NULL,
	"begins" timestamp (3) with time zone NOT NULL,
	"campaign" integer DEFAULT 0 NOT NULL,
	"system" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "server_windows_server_unit_begins_pk" PRIMARY KEY("server","unit","begins")
);
--> statement-breakpoint
CREATE TABLE "servers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"kind" text NOT NULL,
	"name" text NOT NULL,
	"host" text NOT NULL,
	"port" integer NOT NULL,
	"encryption" text NOT NULL,
	"auth" text NOT NULL,
	"username" text,
	"password" "bytea",
	"from_name" text NOT NULL,
	"from_address" text NOT NULL,
	"envelope_from" text NOT NULL,
	"per_second" integer,
	"per_minute" integer,
	"per_hour" integer,
	"per_day" integer,
	"reserve" integer DEFAULT 0 NOT NULL,
	"connections" integer DEFAULT 2 NOT NULL,
	"zone" text DEFAULT 'Europe/Rome' NOT NULL,
	"paused_at" timestamp (3) with time zone,
	"paused_reason" text,
	"retry_at" timestamp (3) with time zone,
	"tested_at" timestamp (3) with time zone,
	"test_ok" text,
	"test_talk" jsonb,
	"live_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "no_password_in_clear" CHECK ("servers"."encryption" <> 'none' or "servers"."auth" = 'none'),
	CONSTRAINT "password_has_a_user" CHECK (("servers"."auth" = 'password') = ("servers"."password" is not null and "servers"."username" is not null)),
	CONSTRAINT "limits_are_positive" CHECK (coalesce(least("servers"."per_second", "servers"."per_minute", "servers"."per_hour", "servers"."per_day"), 1) > 0 and "servers"."reserve" >= 0 and "servers"."connections" between 1 and 50)
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"user" uuid NOT NULL,
	"organization" uuid NOT NULL,
	"role" "role" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "memberships_user_organization_role_pk" PRIMARY KEY("user","organization","role")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"hash" "bytea" NOT NULL,
	"user" uuid NOT NULL,
	"organization" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"ended_by" text,
	CONSTRAINT "sessions_hash_unique" UNIQUE("hash")
);
--> statement-breakpoint
CREATE TABLE "user_tokens" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user" uuid,
	"organization" uuid,
	"email" text,
	"roles" "role"[],
	"invited_by" uuid,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"password_hash" text,
	"locale" "locale" DEFAULT 'it' NOT NULL,
	"theme" text DEFAULT 'auto' NOT NULL,
	"density" text DEFAULT 'comfortable' NOT NULL,
	"operator" boolean DEFAULT false NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
ALTER TABLE "campaign_lists" ADD CONSTRAINT "campaign_lists_campaign_campaigns_id_fk" FOREIGN KEY ("campaign") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_lists" ADD CONSTRAINT "campaign_lists_list_lists_id_fk" FOREIGN KEY ("list") REFERENCES "public"."lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_versions" ADD CONSTRAINT "campaign_versions_campaign_campaigns_id_fk" FOREIGN KEY ("campaign") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaigns_server_servers_id_fk" FOREIGN KEY ("server") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "deliveries_campaign_campaigns_id_fk" FOREIGN KEY ("campaign") REFERENCES "public"."campaigns"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_ledger_ledgers_id_fk" FOREIGN KEY ("ledger") REFERENCES "public"."ledgers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "suppressions" ADD CONSTRAINT "suppressions_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "form_versions" ADD CONSTRAINT "form_versions_form_forms_id_fk" FOREIGN KEY ("form") REFERENCES "public"."forms"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forms" ADD CONSTRAINT "forms_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "forms" ADD CONSTRAINT "forms_list_lists_id_fk" FOREIGN KEY ("list") REFERENCES "public"."lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "lists" ADD CONSTRAINT "lists_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_list_lists_id_fk" FOREIGN KEY ("list") REFERENCES "public"."lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "servers_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_tokens" ADD CONSTRAINT "user_tokens_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaigns_of" ON "campaigns" USING btree ("organization","id");--> statement-breakpoint
CREATE INDEX "campaigns_active" ON "campaigns" USING btree ("state") WHERE "campaigns"."state" in ('scheduled', 'sending');--> statement-breakpoint
CREATE INDEX "deliveries_to_do" ON "deliveries" USING btree ("campaign","position") WHERE "deliveries"."state" in ('pending', 'deferred');--> statement-breakpoint
CREATE INDEX "deliveries_held" ON "deliveries" USING btree ("epoch") WHERE "deliveries"."state" in ('claimed', 'sending');--> statement-breakpoint
CREATE INDEX "deliveries_of_contact" ON "deliveries" USING btree ("contact");--> statement-breakpoint
CREATE INDEX "bases_of_list" ON "bases" USING btree ("list","purpose","contact");--> statement-breakpoint
CREATE INDEX "bases_of_contact" ON "bases" USING btree ("contact");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_basis" ON "bases" USING btree ("contact","list","purpose") WHERE "bases"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "confirmations_due" ON "confirmations" USING btree ("expires_at") WHERE "confirmations"."outcome" is null;--> statement-breakpoint
CREATE INDEX "confirmations_of_key" ON "confirmations" USING btree ("organization","key");--> statement-breakpoint
CREATE INDEX "confirmations_of_subject" ON "confirmations" USING btree ("subject");--> statement-breakpoint
CREATE INDEX "events_about" ON "consent_events" USING btree ("subject_row","at");--> statement-breakpoint
CREATE INDEX "events_of" ON "consent_events" USING btree ("organization","id");--> statement-breakpoint
CREATE INDEX "queue_of" ON "ledger_queue" USING btree ("organization","id");--> statement-breakpoint
CREATE INDEX "records_of" ON "ledger_records" USING btree ("organization","id");--> statement-breakpoint
CREATE UNIQUE INDEX "one_ledger_a_generation" ON "ledgers" USING btree ("organization","generation");--> statement-breakpoint
CREATE INDEX "contacts_by_age" ON "contacts" USING btree ("organization","id");--> statement-breakpoint
CREATE INDEX "provenance_of" ON "provenance" USING btree ("contact");--> statement-breakpoint
CREATE INDEX "subjects_of" ON "subjects" USING btree ("contact","id");--> statement-breakpoint
CREATE INDEX "suppressions_of" ON "suppressions" USING btree ("organization","key");--> statement-breakpoint
CREATE INDEX "attempts_of_key" ON "attempts" USING btree ("scope","key","at");--> statement-breakpoint
CREATE INDEX "attempts_by_time" ON "attempts" USING btree ("at");--> statement-breakpoint
CREATE INDEX "audit_by_organization" ON "audit_log" USING btree ("organization","at");--> statement-breakpoint
CREATE INDEX "forms_of" ON "forms" USING btree ("organization");--> statement-breakpoint
CREATE INDEX "forms_of_list" ON "forms" USING btree ("list");--> statement-breakpoint
CREATE INDEX "lists_of" ON "lists" USING btree ("organization");--> statement-breakpoint
CREATE INDEX "notices_by_hash" ON "notices" USING btree ("organization","sha256");--> statement-breakpoint
CREATE INDEX "outbox_due" ON "outbox" USING btree ("due_at") WHERE "outbox"."state" in ('queued', 'sending');--> statement-breakpoint
CREATE INDEX "outbox_of_confirmation" ON "outbox" USING btree ("confirmation");--> statement-breakpoint
CREATE INDEX "sandbox_of" ON "sandbox_messages" USING btree ("organization","id");--> statement-breakpoint
CREATE INDEX "sandbox_by_key" ON "sandbox_messages" USING btree ("organization","key");--> statement-breakpoint
CREATE INDEX "servers_of" ON "servers" USING btree ("organization");--> statement-breakpoint
CREATE UNIQUE INDEX "one_sandbox" ON "servers" USING btree ("organization") WHERE "servers"."kind" = 'sandbox';--> statement-breakpoint
CREATE INDEX "members_of" ON "memberships" USING btree ("organization");--> statement-breakpoint
CREATE INDEX "sessions_of" ON "sessions" USING btree ("user");