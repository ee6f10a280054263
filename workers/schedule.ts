import { sweepAllCancelled } from "../lib/campaigns/cancel.ts";
import { launchDue } from "../lib/campaigns/due.ts";
import { sweepLate } from "../lib/campaigns/not-after.ts";
import { applyTail, type Finished } from "../lib/consent/apply-journal.ts";
import { expireRequests } from "../lib/consent/expire.ts";
import { forgetAttempts } from "../lib/consent/limits.ts";
import { brakes } from "../lib/delivery/brake.ts";
import { closeEnded } from "../lib/delivery/close-ended.ts";
import type { Engine } from "../lib/delivery/engine.ts";
import { forgetSamples, sampleServers } from "../lib/delivery/sample-servers.ts";
import type { Jobs } from "../lib/jobs/queues.ts";
import { sequenceAll } from "../lib/ledger/sequence.ts";
import { countReports } from "../lib/reports/campaign-report.ts";
import { watch } from "../lib/reports/watch.ts";
import { lookAtWaitingKeys } from "../lib/servers/dkim-activate.ts";
import { checkDueDomains, forgetChecks } from "../lib/servers/domain-check/nightly.ts";
import { remindOfExpiry } from "../lib/servers/expiry.ts";
import { forgetLog } from "../lib/servers/log-line.ts";
import { forgetDomains } from "../lib/servers/pause-domain.ts";
import { forgetWindows } from "../lib/servers/windows.ts";
import type { Services } from "../lib/services.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * Everything that repeats, on one page. Each runs in every worker and is safe in all of them at once: PostgreSQL says who does it.
 * None needs the queue: this is what heals a queue that lost its rings.
 */
export function schedule(
  jobs: Jobs,
  o: { s: Services; engine: Engine; journalFolder: string; finished: Finished },
): void {
  const { s, engine } = o;
  /** Dead processes' rows, pauses that are over, campaigns that have ended. */
  jobs.repeat("reconcile", 2 * SECOND, () => engine.reconcile());
  /** Scheduled campaigns whose time has come. */
  jobs.repeat("launch-due", SECOND, async () => {
    if ((await launchDue(s)).length > 0) engine.ring();
  });
  /** Rows that a cancelled campaign still had to do. */
  jobs.repeat("sweep-cancelled", MINUTE, () => sweepAllCancelled(s.db));
  /** What a campaign had not sent by its last instant. */
  jobs.repeat("sweep-late", 2 * SECOND, () => sweepLate(s.db));
  /** Entries of the ledger get their numbers; one waits five seconds at most. */
  jobs.repeat("sequence", 2 * SECOND, () => sequenceAll(s));
  /** What dead processes journaled and did not commit: people who left. */
  jobs.repeat("journal-tail", 2 * SECOND, () => applyTail(s, { folder: o.journalFolder, finished: o.finished }));
  /** Requests that nobody confirmed in seven days: the address goes. */
  jobs.repeat("expire-requests", MINUTE, () => expireRequests(s));
  /** Staff are told of what ended, stopped or waits. */
  jobs.repeat("watch", 30 * SECOND, () => watch(s));
  /** Servers whose service ends soon. */
  jobs.repeat("expiry", 10 * MINUTE, () => remindOfExpiry(s));
  /** What became of the campaigns, for their reports. */
  jobs.repeat("count-reports", MINUTE, () => countReports(s));
  /** The place that the rows of ended campaigns took while they were sent. */
  jobs.repeat("close-ended", HOUR, () => closeEnded(s, { directUrl: s.config.DATABASE_DIRECT_URL }));
  /** Counters that are over. */
  jobs.repeat("forget-attempts", HOUR, () => forgetAttempts(s.db));
  jobs.repeat("forget-windows", HOUR, () => forgetWindows(s.db));
  /** DKIM keys that wait for their record to be seen. */
  jobs.repeat("dkim-look", 10 * MINUTE, () => lookAtWaitingKeys(s));
  /** What each server did in five minutes, for its graphs; asked often, so that a sample is taken when its bucket ends. */
  jobs.repeat("sample-servers", 10 * SECOND, () => sampleServers(s.db));
  /** Lines of the servers' logs after 30 days, samples after 400. */
  jobs.repeat("forget-log", HOUR, () => forgetLog(s.db));
  jobs.repeat("forget-domains", HOUR, () => forgetDomains(s.db));
  /** Campaigns of which too many addresses are dead, or that too many people call spam. */
  jobs.repeat("brakes", MINUTE, () => brakes(s));
  jobs.repeat("forget-samples", HOUR, () => forgetSamples(s.db));
  /** Sender domains: every night, and at once where a sender is new. */
  jobs.repeat("domain-checks", MINUTE, () => checkDueDomains(s));
  jobs.repeat("forget-checks", HOUR, () => forgetChecks(s));
}
