ALTER TABLE "server_loan_windows" ADD COLUMN "system" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "servers" ADD COLUMN "ailing_since" timestamp (3) with time zone;