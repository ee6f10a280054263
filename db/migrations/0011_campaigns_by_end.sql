DROP INDEX "campaigns_by_end";--> statement-breakpoint
CREATE INDEX "campaigns_by_end" ON "campaigns" USING btree ("organization","ended_at") WHERE "campaigns"."launched_at" is not null;