// A worker process for tests that kill: the engine as workers/main.ts starts it, with a message of a few lines. Its world comes as JSON in argv.
import { randomBytes } from "node:crypto";
import { openDatabase } from "../../db/client.ts";
import { readConfig } from "../../lib/config.ts";
import { readKeyRing } from "../../lib/crypto/keys.ts";
import { uuidSource } from "../../lib/crypto/uuid.ts";
import { startEngine } from "../../lib/delivery/engine.ts";
import { openJobs } from "../../lib/jobs/queues.ts";
import { openJournal } from "../../lib/journal/journal.ts";
import type { Services } from "../../lib/services.ts";
import { plainMailer } from "./sending.ts";

const given = JSON.parse(process.argv[2] ?? "{}") as {
  url: string;
  keys: string;
  folder: string;
  allow: string;
  redisUrl?: string;
};
const newId = uuidSource({ now: () => new Date(Date.now()), randomBytes });
const line =
  (level: string) =>
  (event: string, facts: object = {}) =>
    console.log(JSON.stringify({ level, event, ...facts }));
const log = { info: line("info"), warn: line("warn"), error: line("error") };
const keys = readKeyRing(given.keys);
const journal = openJournal({ folder: given.folder, keys, writer: newId(), now: () => new Date(Date.now()) });
const { db } = openDatabase(given.url, {
  role: "assenso_app",
  onError: (error) => log.warn("database", { code: (error as { code?: string }).code }),
});
const config = readConfig({
  DATABASE_URL: given.url,
  PUBLIC_URL: "https://news.example.it",
  ASSENSO_HOME: given.folder,
  ASSENSO_SMTP_ALLOW: given.allow,
});
const s: Services = { db, keys, journal, config, log, randomBytes, randomId: newId, resolve: async () => [] };

const engine = startEngine({
  s,
  directUrl: given.url,
  role: "assenso_app",
  boot: journal.writer,
  mailer: plainMailer,
  composeSystem: async (_, { mail, messageId }) => ({
    to: String(mail.payload.to),
    raw: Buffer.from(`Message-ID: ${messageId}\r\n\r\nCiao\r\n`),
  }),
  deadAddress: async () => undefined,
});
const jobs = openJobs({ directUrl: given.url, log, ...(given.redisUrl ? { redisUrl: given.redisUrl } : {}) });
jobs.work("campaign", async () => engine.ring());
jobs.repeat("reconcile", 200, () => engine.reconcile());
process.once("SIGTERM", async () => {
  await Promise.all([engine.stop(), jobs.close()]);
  process.exit(0);
});
console.log(JSON.stringify({ event: "ready", writer: journal.writer }));
