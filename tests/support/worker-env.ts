import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestDatabase } from "./database.ts";
import type { TestServices } from "./services.ts";

/** Settings of a worker process over a test's database and key ring, with a data folder of its own. */
export function workerEnv(
  d: TestDatabase,
  s: TestServices,
  o: { allow?: string; redisUrl?: string } = {},
): Record<string, string> {
  const home = mkdtempSync(join(tmpdir(), "home-"));
  d.after(() => rmSync(home, { recursive: true, force: true }));
  return {
    DATABASE_URL: d.ownerUrl,
    PUBLIC_URL: s.config.PUBLIC_URL,
    ASSENSO_HOME: home,
    ASSENSO_KEYS: s.keyRingJson,
    LOG_LEVEL: "info",
    ...(o.allow ? { ASSENSO_SMTP_ALLOW: o.allow } : {}),
    ...(o.redisUrl ? { REDIS_URL: o.redisUrl } : {}),
  };
}
