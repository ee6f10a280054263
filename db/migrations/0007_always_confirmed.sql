ALTER TABLE "lists" DROP CONSTRAINT "promo_is_confirmed";--> statement-breakpoint
ALTER TABLE "lists" DROP COLUMN "double_opt_in";