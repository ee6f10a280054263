-- No index by `n` alone: for a few lines of one server the planner walked those of all of them.
DROP INDEX "server_log_of";--> statement-breakpoint
ALTER TABLE "server_log" DROP CONSTRAINT "server_log_pkey";--> statement-breakpoint
ALTER TABLE "server_log" ADD CONSTRAINT "server_log_of" PRIMARY KEY("server","n");
