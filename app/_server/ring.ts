import { type JobName, type Jobs, openJobs } from "../../lib/jobs/queues.ts";
import { processServices } from "./services.ts";

const holder = globalThis as { assensoJobs?: Jobs };

/**
 * Tells the worker that there is something to do. Nobody waits for it, and a ring that is lost costs a second: the worker looks by itself.
 * Call it whatever the verb found, so that an answer takes as long for a known address as for an unknown one.
 */
export function ring(name: JobName, id: string): void {
  const s = processServices();
  if (!s) return;
  const { DATABASE_DIRECT_URL: directUrl, REDIS_URL: redisUrl } = s.config;
  holder.assensoJobs ??= openJobs({ directUrl, log: s.log, ...(redisUrl ? { redisUrl } : {}) });
  void holder.assensoJobs.ring(name, id);
}

/** Ends the connections of the doorbell. */
export async function closeRing(): Promise<void> {
  await holder.assensoJobs?.close();
}
