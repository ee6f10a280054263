CREATE TABLE "campaign_counts" (
	"campaign" uuid NOT NULL,
	"state" "delivery_state" NOT NULL,
	"reason" text DEFAULT '' NOT NULL,
	"shard" smallint NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "campaign_counts_campaign_state_reason_shard_pk" PRIMARY KEY("campaign","state","reason","shard")
);
--> statement-breakpoint
CREATE TABLE "campaign_order" (
	"campaign" uuid NOT NULL,
	"rank" integer NOT NULL,
	"contact" uuid NOT NULL,
	CONSTRAINT "campaign_order_campaign_rank_pk" PRIMARY KEY("campaign","rank")
);
--> statement-breakpoint
CREATE TABLE "campaign_reports" (
	"campaign" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"body" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "campaign_servers" (
	"campaign" uuid NOT NULL,
	"server" uuid NOT NULL,
	"weight" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "campaign_servers_campaign_server_pk" PRIMARY KEY("campaign","server"),
	CONSTRAINT "weight_is_positive" CHECK ("campaign_servers"."weight" > 0)
);
--> statement-breakpoint
CREATE TABLE "dkim_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"domain" text NOT NULL,
	"selector" text NOT NULL,
	"algorithm" text NOT NULL,
	"private" "bytea" NOT NULL,
	"public" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone,
	"seen" jsonb,
	"active_at" timestamp (3) with time zone,
	"retired_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "retired_was_active" CHECK ("dkim_keys"."retired_at" is null or "dkim_keys"."active_at" is not null)
);
--> statement-breakpoint
CREATE TABLE "domain_checks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"server" uuid NOT NULL,
	"domain" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"spf" text NOT NULL,
	"dkim" text NOT NULL,
	"dmarc" text NOT NULL,
	"findings" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "server_domain_windows" (
	"server" uuid NOT NULL,
	"domain" text NOT NULL,
	"unit" text NOT NULL,
	"begins" timestamp (3) with time zone NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "server_domain_windows_server_domain_unit_begins_pk" PRIMARY KEY("server","domain","unit","begins")
);
--> statement-breakpoint
CREATE TABLE "server_domains" (
	"server" uuid NOT NULL,
	"domain" text NOT NULL,
	"paused_at" timestamp (3) with time zone NOT NULL,
	"reason" text NOT NULL,
	"reply" text,
	"retry_at" timestamp (3) with time zone,
	CONSTRAINT "server_domains_server_domain_pk" PRIMARY KEY("server","domain")
);
--> statement-breakpoint
CREATE TABLE "server_loan_windows" (
	"server" uuid NOT NULL,
	"organization" uuid NOT NULL,
	"begins" timestamp (3) with time zone NOT NULL,
	"n" integer NOT NULL,
	CONSTRAINT "server_loan_windows_server_organization_begins_pk" PRIMARY KEY("server","organization","begins")
);
--> statement-breakpoint
CREATE TABLE "server_loans" (
	"server" uuid NOT NULL,
	"organization" uuid NOT NULL,
	"per_day" integer NOT NULL,
	"from_name" text DEFAULT '' NOT NULL,
	"from_address" text DEFAULT '' NOT NULL,
	"envelope_from" text DEFAULT '' NOT NULL,
	"tested_at" timestamp (3) with time zone,
	"test_ok" text,
	"live_at" timestamp (3) with time zone,
	"lent_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "server_loans_server_organization_pk" PRIMARY KEY("server","organization"),
	CONSTRAINT "share_is_positive" CHECK ("server_loans"."per_day" > 0)
);
--> statement-breakpoint
CREATE TABLE "server_log" (
	"n" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "server_log_n_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"server" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"organization" uuid,
	"campaign" uuid,
	"position" integer,
	"outbox" uuid,
	"domain" text,
	"outcome" text NOT NULL,
	"reason" text,
	"reply" text
);
--> statement-breakpoint
CREATE TABLE "server_samples" (
	"server" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"queue" integer NOT NULL,
	"accepted" integer DEFAULT 0 NOT NULL,
	"deferred" integer DEFAULT 0 NOT NULL,
	"rejected" integer DEFAULT 0 NOT NULL,
	"uncertain" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "server_samples_server_at_pk" PRIMARY KEY("server","at")
);
--> statement-breakpoint
CREATE TABLE "staff_notice_choices" (
	"user" uuid NOT NULL,
	"organization" uuid NOT NULL,
	"kind" text NOT NULL,
	"mail" boolean NOT NULL,
	CONSTRAINT "staff_notice_choices_user_organization_kind_pk" PRIMARY KEY("user","organization","kind")
);
--> statement-breakpoint
CREATE TABLE "staff_notices" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"kind" text NOT NULL,
	"object" uuid,
	"key" text NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"done_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "servers" DROP CONSTRAINT "password_has_a_user";--> statement-breakpoint
ALTER TABLE "servers" DROP CONSTRAINT "limits_are_positive";--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "split" text DEFAULT 'capacity' NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "priority" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "send_order" text DEFAULT 'oldest' NOT NULL;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "order_seed" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "not_after" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "per_hour" integer;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "weekdays" smallint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "hour_from" smallint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "hour_to" smallint;--> statement-breakpoint
ALTER TABLE "campaigns" ADD COLUMN "closed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "installation" ADD COLUMN "blocklists" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "paused_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "paused_reason" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "preset" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "oauth" "bytea";--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "pin_sha256" "bytea";--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "pin_reason" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "pinned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "pinned_by" uuid;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "messages_per_connection" integer DEFAULT 100 NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "day_window" text DEFAULT 'calendar' NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "weekdays" smallint DEFAULT 127 NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "hour_from" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "hour_to" smallint DEFAULT 24 NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "rest_holidays" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "domain_limits" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "ramp_first" integer;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "ramp_from" date;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "over_limit_reason" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "expires_on" date;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "renew_url" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "ips" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "dkim" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "dkim_domain" text;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "dkim_selector" text;--> statement-breakpoint
ALTER TABLE "campaign_reports" ADD CONSTRAINT "campaign_reports_campaign_campaigns_id_fk" FOREIGN KEY ("campaign") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_servers" ADD CONSTRAINT "campaign_servers_campaign_campaigns_id_fk" FOREIGN KEY ("campaign") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "campaign_servers" ADD CONSTRAINT "campaign_servers_server_servers_id_fk" FOREIGN KEY ("server") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dkim_keys" ADD CONSTRAINT "dkim_keys_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "domain_checks" ADD CONSTRAINT "domain_checks_server_servers_id_fk" FOREIGN KEY ("server") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_loans" ADD CONSTRAINT "server_loans_server_servers_id_fk" FOREIGN KEY ("server") REFERENCES "public"."servers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "server_loans" ADD CONSTRAINT "server_loans_organization_organizations_id_fk" FOREIGN KEY ("organization") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "campaigns_of_server" ON "campaign_servers" USING btree ("server");--> statement-breakpoint
CREATE UNIQUE INDEX "selector_of_domain" ON "dkim_keys" USING btree ("organization","domain","selector");--> statement-breakpoint
CREATE INDEX "checks_of_server" ON "domain_checks" USING btree ("server","at");--> statement-breakpoint
CREATE INDEX "loans_of" ON "server_loans" USING btree ("organization");--> statement-breakpoint
CREATE INDEX "server_log_of" ON "server_log" USING btree ("server","n");--> statement-breakpoint
CREATE INDEX "server_log_of_campaign" ON "server_log" USING btree ("campaign","position");--> statement-breakpoint
CREATE UNIQUE INDEX "once_a_key" ON "staff_notices" USING btree ("organization","key");--> statement-breakpoint
CREATE INDEX "staff_notices_of" ON "staff_notices" USING btree ("organization","at");--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaign_hours" CHECK (coalesce("campaigns"."hour_from", 0) between 0 and 23 and coalesce("campaigns"."hour_to", 24) between 1 and 24 and coalesce("campaigns"."hour_from", 0) < coalesce("campaigns"."hour_to", 24) and coalesce("campaigns"."weekdays", 1) between 1 and 127);--> statement-breakpoint
ALTER TABLE "campaigns" ADD CONSTRAINT "campaign_pace" CHECK (coalesce("campaigns"."per_hour", 1) > 0);--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "oauth_has_its_tokens" CHECK (("servers"."auth" = 'oauth2') = ("servers"."oauth" is not null));--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "hours_of_a_day" CHECK ("servers"."hour_from" between 0 and 23 and "servers"."hour_to" between 1 and 24 and "servers"."hour_from" < "servers"."hour_to" and "servers"."weekdays" between 1 and 127);--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "ramp_is_whole" CHECK (("servers"."ramp_first" is null) = ("servers"."ramp_from" is null) and coalesce("servers"."ramp_first", 1) > 0);--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "pin_has_a_reason" CHECK ("servers"."pin_sha256" is null or ("servers"."pin_reason" is not null and "servers"."pinned_at" is not null and "servers"."pinned_by" is not null));--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "provider_signs_as" CHECK ("servers"."dkim" <> 'provider' or ("servers"."dkim_domain" is not null and "servers"."dkim_selector" is not null));--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "password_has_a_user" CHECK (("servers"."auth" = 'password') = ("servers"."password" is not null) and ("servers"."auth" = 'none' or "servers"."username" is not null));--> statement-breakpoint
ALTER TABLE "servers" ADD CONSTRAINT "limits_are_positive" CHECK (coalesce(least("servers"."per_second", "servers"."per_minute", "servers"."per_hour", "servers"."per_day"), 1) > 0 and "servers"."reserve" >= 0 and "servers"."connections" between 1 and 50 and "servers"."messages_per_connection" > 0);--> statement-breakpoint
-- The figures of a campaign change in the statement that changes its rows, whoever writes them: pages read a few rows instead of a million.
-- A statement with several parts that change deliveries fires this once, with the rows of all of them.
create function count_deliveries() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into campaign_counts as c (campaign, state, reason, shard, n)
    select campaign, state, coalesce(reason, ''), pg_backend_pid() % 16, count(*) from fresh group by 1, 2, 3 order by 1, 2, 3
    on conflict (campaign, state, reason, shard) do update set n = c.n + excluded.n;
  elsif tg_op = 'UPDATE' then
    insert into campaign_counts as c (campaign, state, reason, shard, n)
    select campaign, state, reason, pg_backend_pid() % 16, sum(by)
      from (select campaign, state, coalesce(reason, '') as reason, 1 as by from fresh union all select campaign, state, coalesce(reason, ''), -1 from stale) moved
     group by 1, 2, 3 having sum(by) <> 0 order by 1, 2, 3
    on conflict (campaign, state, reason, shard) do update set n = c.n + excluded.n;
  else
    insert into campaign_counts as c (campaign, state, reason, shard, n)
    select campaign, state, coalesce(reason, ''), pg_backend_pid() % 16, -count(*) from stale group by 1, 2, 3 order by 1, 2, 3
    on conflict (campaign, state, reason, shard) do update set n = c.n + excluded.n;
  end if;
  return null;
end $$;
--> statement-breakpoint
create trigger counted_in after insert on deliveries referencing new table as fresh for each statement execute function count_deliveries();
--> statement-breakpoint
create trigger counted_anew after update on deliveries referencing old table as stale new table as fresh for each statement execute function count_deliveries();
--> statement-breakpoint
create trigger counted_out after delete on deliveries referencing old table as stale for each statement execute function count_deliveries();
--> statement-breakpoint
insert into campaign_counts (campaign, state, reason, shard, n) select campaign, state, coalesce(reason, ''), 0, count(*) from deliveries group by 1, 2, 3;
--> statement-breakpoint
-- Its rows change all the time and hold no indexed column that does: room for the next version on the same page.
alter table campaign_counts set (fillfactor = 50);
--> statement-breakpoint
insert into campaign_servers (campaign, server) select id, server from campaigns where server is not null;
--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'assenso_app') then
    grant select, insert, update, delete on campaign_counts, campaign_order, campaign_reports, campaign_servers, dkim_keys, domain_checks, server_domain_windows,
      server_domains, server_loan_windows, server_loans, server_log, server_samples, staff_notice_choices, staff_notices to assenso_app;
    grant usage, select on all sequences in schema public to assenso_app;
  end if;
end $$;
