import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";
import { type Engine, type EngineSettings, startEngine } from "../../lib/delivery/engine.ts";
import type { Services } from "../../lib/services.ts";
import type { TestDatabase } from "./database.ts";
import { plainMailer } from "./sending.ts";

/** An engine over a test's database, in this process; stopped before the database goes. */
export function testEngine(
  d: TestDatabase,
  s: Services & { logged?: unknown[] },
  o: Partial<EngineSettings> = {},
): Engine {
  const engine = startEngine({
    s,
    directUrl: d.url,
    role: "assenso_app",
    boot: s.journal.writer,
    mailer: plainMailer,
    composeSystem: async (_, { mail, messageId }) => ({
      to: String(mail.payload.to),
      raw: Buffer.from(`To: ${mail.payload.to}\r\nMessage-ID: ${messageId}\r\nSubject: ${mail.kind}\r\n\r\nCiao\r\n`),
    }),
    deadAddress: async () => undefined,
    ...o,
  });
  d.after(() => engine.stop());
  return engine;
}

/** Waits until `done` answers with something true; fails after `ms`. */
export async function until<T>(
  done: () => Promise<T> | T,
  ms = 10_000,
  what = "did not happen in time",
): Promise<Exclude<T, undefined | null | false>> {
  for (const end = performance.now() + ms; ; await wait(20)) {
    const value = await done();
    if (value) return value as Exclude<T, undefined | null | false>;
    if (performance.now() > end) assert.fail(what);
  }
}
