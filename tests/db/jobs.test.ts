import assert from "node:assert/strict";
import { after, afterEach, describe, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { type Jobs, openJobs } from "../../lib/jobs/queues.ts";
import type { Logger } from "../../lib/services.ts";
import { freshDatabase } from "../support/database.ts";
import { freshRedis } from "../support/redis.ts";

const log: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Waits until `done` holds, as long as a machine with other work may need. */
async function until(done: () => boolean, ms = 20_000): Promise<void> {
  for (const end = performance.now() + ms; !done() && performance.now() < end; ) await wait(10);
  assert.ok(done(), "did not happen in time");
}

for (const backend of ["postgresql", "redis"] as const) {
  describe(`jobs on ${backend}`, async () => {
    const database = await freshDatabase({ after });
    const redis = backend === "redis" ? await freshRedis({ after }) : undefined;
    const opened: Jobs[] = [];
    const open = (): Jobs => {
      const jobs = openJobs({ directUrl: database.ownerUrl, log, ...(redis ? { redisUrl: redis.url } : {}) });
      opened.push(jobs);
      return jobs;
    };
    afterEach(async () => void (await Promise.all(opened.splice(0).map((jobs) => jobs.close()))));

    test("a ring reaches a worker of another connection, again and again with the same id", async () => {
      const [web, worker] = [open(), open()];
      const heard: string[] = [];
      worker.work("campaign", async (id) => void heard.push(id));
      await web.ring("campaign", "0190a1b2-0000-7000-8000-000000000001");
      await until(() => heard.length === 1);
      // A ring may be lost while the same one is being put away: whoever has work looks by itself, and rings again.
      for (let i = 0; heard.length < 2 && i < 200; i++) {
        await web.ring("campaign", "0190a1b2-0000-7000-8000-000000000001");
        await wait(50);
      }
      assert.ok(heard.length >= 2, "the same id is heard again");
    });

    test("a delayed ring does not swallow one that means now", async () => {
      const jobs = open();
      const heard: string[] = [];
      jobs.work("outbox", async (id) => void heard.push(id));
      await jobs.ring("outbox", "one", 600);
      await jobs.ring("outbox", "one");
      await until(() => heard.length === 1, 500);
      await until(() => heard.length === 2);
    });

    test("what repeats goes on without a queue and never runs twice at once", async () => {
      const jobs = openJobs({ directUrl: "postgres://nobody@127.0.0.1:1/none", redisUrl: "redis://127.0.0.1:1", log });
      let [running, most, runs] = [0, 0, 0];
      jobs.repeat("look", 10, async () => {
        most = Math.max(most, ++running);
        await wait(35);
        running--;
        runs++;
      });
      await until(() => runs >= 3);
      assert.equal(most, 1);
      await jobs.close();
    });

    test("a ring to nobody neither throws nor takes longer than its time-out [F06]", async () => {
      const jobs = openJobs({
        directUrl: "postgres://nobody@127.0.0.1:1/none",
        log,
        ...(redis ? { redisUrl: "redis://127.0.0.1:1" } : {}),
      });
      const begun = performance.now();
      await jobs.ring("campaign", "x");
      assert.ok(performance.now() - begun < 3000);
      await jobs.close();
    });

    if (redis) {
      test("Redis emptied, killed and started again: rings work again by themselves [F05, F06]", async () => {
        const jobs = open();
        const heard: string[] = [];
        jobs.work("campaign", async (id) => void heard.push(id));
        await jobs.ring("campaign", "before");
        await until(() => heard.includes("before"));
        await redis.flush();
        await jobs.ring("campaign", "flushed");
        await until(() => heard.includes("flushed"), 12_000);
        await redis.kill();
        await jobs.ring("campaign", "lost");
        await redis.start();
        await until(() => {
          void jobs.ring("campaign", "again");
          return heard.includes("again");
        }, 15_000);
      });
    }
  });
}
