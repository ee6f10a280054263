import { join } from "node:path";
import { type Config, ConfigFaults, readConfig } from "../lib/config.ts";
import { applyTail, type Finished } from "../lib/consent/apply-journal.ts";
import { campaignMailer } from "../lib/delivery/campaign-mailer.ts";
import { composeSystemMail } from "../lib/delivery/compose-system.ts";
import { deadAddress } from "../lib/delivery/dead-address.ts";
import { startEngine } from "../lib/delivery/engine.ts";
import { startSandbox } from "../lib/delivery/sandbox-server.ts";
import { openJobs } from "../lib/jobs/queues.ts";
import { onStop, sayFailed, sayReady } from "../lib/parent.ts";
import { openProcess } from "../lib/process.ts";
import { ring } from "./processors/ring.ts";
import { schedule } from "./schedule.ts";

/** The worker: sends, and does everything that repeats. As many as you like beside one another; PostgreSQL keeps them apart. */
const config = settings();
const running = await openProcess(config, "worker", () => new Date()).catch((error: Error) => sayFailed(error.message));
const { s } = running;
const journalFolder = join(config.ASSENSO_HOME, "journal");
const finished: Finished = new Map();
// Who left while a process died must be out before the first message of this one (formats.md §4, Tail).
await applyTail(s, { folder: journalFolder, finished }).catch((error: Error) => sayFailed(error.message));

const sandbox = await startSandbox(s);
const engine = startEngine({
  s,
  directUrl: config.DATABASE_DIRECT_URL,
  ...(running.role ? { role: running.role } : {}),
  boot: s.journal.writer,
  // PostgreSQL was away, perhaps: who was told meanwhile that she is out stands in the journals of those who told her.
  beforeFirst: () => applyTail(s, { folder: journalFolder, finished, answered: true }),
  mailer: campaignMailer,
  composeSystem: composeSystemMail,
  deadAddress,
  sandbox: sandbox.address,
  // In order, and then started again by the parent, with a new file.
  journalBroken: () => process.kill(process.pid, "SIGTERM"),
  onEnded: (campaigns) => s.log.info("campaigns_ended", { n: campaigns.length }),
});
const jobs = openJobs({
  directUrl: config.DATABASE_DIRECT_URL,
  log: s.log,
  ...(config.REDIS_URL ? { redisUrl: config.REDIS_URL } : {}),
});
for (const name of ["campaign", "outbox", "server"] as const) jobs.work(name, ring(engine));
schedule(jobs, { s, engine, journalFolder, finished });
// Before it is told: who hears that this process works may end it at once.
onStop(async () => {
  await Promise.all([engine.stop(), jobs.close()]);
  await sandbox.close();
  await running.close();
});
sayReady();

function settings(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (error instanceof ConfigFaults) return sayFailed(error.message);
    throw error;
  }
}
