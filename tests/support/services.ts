import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installation } from "../../db/schema/installation.ts";
import { readConfig } from "../../lib/config.ts";
import { createKeyRing, readKeyRing } from "../../lib/crypto/keys.ts";
import { uuidSource } from "../../lib/crypto/uuid.ts";
import { openJournal } from "../../lib/journal/journal.ts";
import type { Services } from "../../lib/services.ts";
import type { TestDatabase } from "./database.ts";

export type TestServices = Services & {
  /** Folder of the journal's files. */
  journalFolder: string;
  /** The key ring as JSON, for a process of its own over the same database. */
  keyRingJson: string;
  /** What was logged so far. */
  logged: { level: "info" | "warn" | "error"; event: string; facts: Record<string, unknown> }[];
};

const newId = uuidSource({ now: () => new Date(Date.now()), randomBytes });

/**
 * The world of a verb over a test's database: real keys, a real journal in a folder of its own, names that resolve to nothing, a DNS that never answers. Made once,
 * it writes the row `installation`; a second one over the same database (another process, so to say) is given the first as `like`.
 *
 * @param o settings: environment variables; like: shares keys and journal folder; the rest replaces parts of the Services
 */
export async function testServices(
  d: TestDatabase,
  o: {
    settings?: Record<string, string>;
    like?: Pick<TestServices, "keys" | "journalFolder" | "keyRingJson">;
    /** The machine's clock, as the journal has it. */
    now?: () => Date;
  } & Partial<Pick<Services, "randomBytes" | "resolve" | "dns">> = {},
): Promise<TestServices> {
  const folder = o.like?.journalFolder ?? mkdtempSync(join(tmpdir(), "journal-"));
  const keyRingJson = o.like?.keyRingJson ?? createKeyRing(randomBytes, newId());
  const keys = readKeyRing(keyRingJson);
  const config = readConfig({
    PUBLIC_URL: "https://news.example.it",
    DATABASE_URL: d.url,
    ASSENSO_HOME: folder,
    ...o.settings,
  });
  const journal = openJournal({ folder, keys, writer: newId(), now: o.now ?? (() => new Date(Date.now())) });
  d.after(async () => {
    await journal.close();
    if (!o.like) rmSync(folder, { recursive: true, force: true });
  });
  if (!o.like)
    await d.owner.db
      .insert(installation)
      .values({ id: keys.installation, url: config.PUBLIC_URL, createdAt: new Date(Date.now()) });
  const logged: TestServices["logged"] = [];
  const write =
    (level: "info" | "warn" | "error") =>
    (event: string, facts: Record<string, unknown> = {}) =>
      void logged.push({ level, event, facts });
  return {
    ...{ db: d.db, keys, keyRingJson, journal, config, logged, journalFolder: folder, randomId: newId },
    log: { info: write("info"), warn: write("warn"), error: write("error") },
    randomBytes: o.randomBytes ?? randomBytes,
    resolve: o.resolve ?? (async () => []),
    dns: o.dns ?? (async () => ({ is: "unknown" })),
  };
}
