import { join } from "node:path";
import { readConfig } from "../../lib/config.ts";
import { applyOwn } from "../../lib/consent/apply-journal.ts";
import { openProcess, type RunningProcess } from "../../lib/process.ts";
import type { Services } from "../../lib/services.ts";

const holder = globalThis as {
  assensoServices?: Promise<Services>;
  assensoProcess?: RunningProcess;
  assensoTail?: NodeJS.Timeout;
};
const TAIL_MS = 2000;

/**
 * The world of this web process: one pool, one key ring, one journal; opened by the first request that needs it, and again by the next when
 * that failed. On globalThis, because Next loads this module once for each of its bundles.
 */
export function services(): Promise<Services> {
  holder.assensoServices ??= openProcess(readConfig(), "web", () => new Date()).then(
    (running) => {
      holder.assensoProcess = running;
      holder.assensoTail = keepApplying(running.s);
      return running.s;
    },
    (error: unknown) => {
      delete holder.assensoServices;
      throw error;
    },
  );
  return holder.assensoServices;
}

/** Who left while PostgreSQL was away is out there too, soon after it is back. */
function keepApplying(s: Services): NodeJS.Timeout {
  const folder = join(s.config.ASSENSO_HOME, "journal");
  let running = false;
  return setInterval(() => {
    if (running) return;
    running = true;
    applyOwn(s, { folder })
      .catch((error) => s.log.warn("journal.tail", { code: (error as { code?: string }).code ?? "unknown" }))
      .finally(() => {
        running = false;
      });
  }, TAIL_MS).unref();
}

/** What `services` opened, once it has; nothing in tests, which bring their own. */
export function processServices(): Services | undefined {
  return holder.assensoProcess?.s;
}

/** Ends what `services` opened, after the last request. */
export async function closeServices(): Promise<void> {
  clearInterval(holder.assensoTail);
  await holder.assensoProcess?.close();
}

/** The same routes over a test's database. */
export function serveWith(s: Services): void {
  holder.assensoServices = Promise.resolve(s);
}
