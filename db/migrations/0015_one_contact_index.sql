-- One index instead of two: unique by contact and campaign is also how the mailings of a person are found. 60 bytes less of a row while it is sent, 30 once it is closed.
ALTER TABLE "deliveries" DROP CONSTRAINT "once_a_campaign";--> statement-breakpoint
DROP INDEX "deliveries_of_contact";--> statement-breakpoint
ALTER TABLE "deliveries" ADD CONSTRAINT "once_a_campaign" UNIQUE("contact","campaign");