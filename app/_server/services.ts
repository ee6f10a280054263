import { readConfig } from "../../lib/config.ts";
import { openProcess, type RunningProcess } from "../../lib/process.ts";
import type { Services } from "../../lib/services.ts";

const holder = globalThis as { assensoServices?: Promise<Services>; assensoProcess?: RunningProcess };

/**
 * The world of this web process: one pool, one key ring, one journal; opened by the first request that needs it, and again by the next when
 * that failed. On globalThis, because Next loads this module once for each of its bundles.
 */
export function services(): Promise<Services> {
  holder.assensoServices ??= openProcess(readConfig(), "web", () => new Date()).then(
    (running) => {
      holder.assensoProcess = running;
      return running.s;
    },
    (error: unknown) => {
      delete holder.assensoServices;
      throw error;
    },
  );
  return holder.assensoServices;
}

/** What `services` opened, once it has; nothing in tests, which bring their own. */
export function processServices(): Services | undefined {
  return holder.assensoProcess?.s;
}

/** Ends what `services` opened, after the last request. */
export async function closeServices(): Promise<void> {
  await holder.assensoProcess?.close();
}

/** The same routes over a test's database. */
export function serveWith(s: Services): void {
  holder.assensoServices = Promise.resolve(s);
}
