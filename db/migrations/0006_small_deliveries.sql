ALTER TABLE "delivery_values" ADD COLUMN "sha256" "bytea";--> statement-breakpoint
UPDATE "delivery_values" v SET "sha256" = d."sha256" FROM "deliveries" d WHERE d."campaign" = v."campaign" AND d."position" = v."position";--> statement-breakpoint
ALTER TABLE "deliveries" DROP COLUMN "sha256";--> statement-breakpoint
-- A campaign rewrites each of its rows three times: swept by number, not by a share of a table that only grows (20 % of ten millions are two millions of dead rows).
ALTER TABLE "deliveries" SET (autovacuum_vacuum_scale_factor = 0.005, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
