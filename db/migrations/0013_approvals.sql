CREATE TABLE "campaign_approvals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization" uuid NOT NULL,
	"campaign" uuid NOT NULL,
	"version" integer NOT NULL,
	"subject" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"asked_by" uuid NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" uuid,
	"approved" boolean,
	"reason" text,
	CONSTRAINT "decided_whole" CHECK (("campaign_approvals"."decided_at" is null) = ("campaign_approvals"."decided_by" is null) and ("campaign_approvals"."decided_at" is null) = ("campaign_approvals"."approved" is null)),
	CONSTRAINT "four_eyes" CHECK ("campaign_approvals"."decided_by" <> "campaign_approvals"."asked_by"),
	CONSTRAINT "refused_with_a_reason" CHECK ("campaign_approvals"."approved" or coalesce("campaign_approvals"."reason", '') <> '')
);
--> statement-breakpoint
ALTER TABLE "campaign_approvals" ADD CONSTRAINT "campaign_approvals_campaign_campaigns_id_fk" FOREIGN KEY ("campaign") REFERENCES "public"."campaigns"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "approvals_of" ON "campaign_approvals" USING btree ("campaign","asked_at");--> statement-breakpoint
CREATE UNIQUE INDEX "one_open_approval" ON "campaign_approvals" USING btree ("campaign") WHERE "campaign_approvals"."decided_at" is null;--> statement-breakpoint
CREATE INDEX "approvals_waiting" ON "campaign_approvals" USING btree ("organization") WHERE "campaign_approvals"."decided_at" is null;--> statement-breakpoint
-- What somebody decided stays decided, and what was asked in it too.
create function keep_decided() returns trigger language plpgsql as $$
begin
  if old.decided_at is not null then
    raise exception 'a decision of campaign_approvals is never changed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
--> statement-breakpoint
create trigger decided_is_frozen before update on campaign_approvals for each row execute function keep_decided();
--> statement-breakpoint
do $$
begin
  if exists (select from pg_roles where rolname = 'assenso_app') then
    grant select, insert, update on campaign_approvals to assenso_app;
  end if;
end $$;
