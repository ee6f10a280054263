import { setTimeout as wait } from "node:timers/promises";
import { Redis } from "ioredis";
import { type Jobs, openJobs } from "../../lib/jobs/queues.ts";
import type { Fault } from "./harness/fault.ts";
import { allEnded, underWay } from "./harness/rounds.ts";
import { onStage, type Stage } from "./harness/stage.ts";
import { inParallel, leaveLink, oneClick, startWeb, webPort } from "./harness/web.ts";

/** The doorbell as the web process rings it. */
function bell(stage: Stage): Jobs {
  const { d, s, redis } = stage;
  const jobs = openJobs({ directUrl: d.ownerUrl, ...(redis ? { redisUrl: redis.url } : {}), log: s.log });
  stage.after(() => jobs.close());
  return jobs;
}

/** A command to the stage's Redis, past every proxy. */
async function command(stage: Stage, ...words: [string, ...string[]]): Promise<unknown> {
  const redis = new Redis(stage.redis?.url ?? "", { maxRetriesPerRequest: 1 });
  redis.on("error", () => undefined);
  try {
    return await redis.call(...words);
  } finally {
    redis.disconnect();
  }
}

/** Process id of the stage's Redis. */
async function pidOf(stage: Stage): Promise<number> {
  return Number(/process_id:(\d+)/.exec(String(await command(stage, "INFO", "server")))?.[1]);
}

export const faults: Fault[] = [
  {
    id: "F05",
    title: "Redis emptied in mid-campaign, and rings that got lost with it [F05]",
    quick: true,
    run: ({ random, size }) =>
      onStage({ people: size(400, 1000, 3000), redis: true, behaviour: { slow: 10 } }, async (stage) => {
        const flushes = size(3, 8, 21);
        await stage.fleet.be(2);
        const jobs = bell(stage);
        // The ring for the launch is lost before anybody hears it, and nobody has his first look still before him.
        await stage.until(
          () => stage.fleet.all.every((one) => one.said().includes("epoch_begun")),
          "no worker has begun",
        );
        await wait(2000);
        for (const one of stage.fleet.all) one.freeze();
        const campaign = await stage.campaign();
        await jobs.ring("campaign", campaign);
        await stage.redis?.flush();
        stage.count("flushes");
        for (const one of stage.fleet.all) one.thaw();
        await stage.resumed(Date.now(), campaign);
        for (let i = 1; i < flushes; i++) {
          const now = await underWay(stage, 100);
          await stage.reach(stage.arrived() + 20);
          await wait(random.between(0, 200));
          await jobs.ring("campaign", now);
          await stage.redis?.flush();
          const from = Date.now();
          stage.count("flushes");
          await stage.resumed(from, now);
        }
        await allEnded(stage);
      }),
  },
  {
    id: "F06",
    minutes: 3,
    title: "Redis killed, and started empty a minute later: sending and leaving go on without it [F06]",
    web: true,
    run: async ({ size }) =>
      onStage(
        {
          people: size(400, 1500, 2500),
          redis: true,
          behaviour: { slow: size(60, 60, 110) },
          webPort: await webPort(),
        },
        async (stage) => {
          await stage.fleet.be(2);
          const web = await startWeb(stage);
          const jobs = bell(stage);
          const campaign = await stage.campaign();
          await jobs.ring("campaign", campaign);
          await stage.reach(20);
          await stage.redis?.kill();
          stage.count("redis");
          const from = Date.now();
          await jobs.ring("campaign", campaign);
          await stage.resumed(from, campaign);
          const leaving = stage.scene.contacts.slice(-size(20, 100, 300));
          await inParallel(leaving, 4, async (contact) => {
            const status = await oneClick(leaveLink(stage, contact));
            if (status !== 200) stage.wrong.push(`leaving without Redis was answered ${status}`);
          });
          await wait(Math.max(0, from + size(5000, 20_000, 60_000) - Date.now()));
          await stage.redis?.start();
          await stage.redis?.flush();
          await stage.ended(campaign, 240_000);
          if (web.gone()) stage.wrong.push("the web process ended");
          // After it all a ring is heard again.
          const again = await stage.campaign();
          await jobs.ring("campaign", again);
          await stage.ended(again, 240_000);
        },
      ),
  },
  {
    id: "F08",
    title: "Redis out of memory, and read-only as a replica after a failover [F08]",
    run: ({ size }) =>
      onStage({ people: size(300, 800, 1500), redis: true, behaviour: { slow: 10 } }, async (stage) => {
        await stage.fleet.be(2);
        const jobs = bell(stage);
        const campaign = await stage.campaign();
        await jobs.ring("campaign", campaign);
        await stage.reach(20);
        const troubles: [string, string[], string[]][] = [
          ["out of memory", ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"]],
          ["read-only", ["REPLICAOF", "127.0.0.1", "1"], ["REPLICAOF", "NO", "ONE"]],
        ];
        for (const [, begin, end] of troubles) {
          await command(stage, ...(begin as [string, ...string[]]));
          const from = Date.now();
          stage.count("redis");
          // Rings are lost: who is not rung for looks by itself.
          await jobs.ring("campaign", campaign);
          const another = await stage.campaign();
          await jobs.ring("campaign", another);
          await stage.resumed(from, campaign);
          await stage.ended(another, 240_000);
          await command(stage, ...(end as [string, ...string[]]));
        }
        await stage.ended(campaign);
      }),
  },
  {
    id: "F07",
    minutes: 5,
    title: "Redis, and workers, frozen for longer than any lock [F07]",
    quick: true,
    run: ({ form, random, size }) =>
      onStage(
        { people: size(600, 2000, 4000), redis: true, connections: 6, behaviour: { slow: 60 } },
        async (stage) => {
          const rounds = size(1, 2, 5);
          /** BullMQ holds a job for 30 s; a worker's row is held by a session's lock, which is taken away while it sleeps. */
          const long = form === "quick" ? 4000 : 33_000;
          await stage.fleet.be(size(4, 4, 5));
          const jobs = bell(stage);
          for (let i = 0; i < rounds; i++) {
            const campaign = await underWay(stage, 400);
            await jobs.ring("campaign", campaign);
            await stage.reach(stage.arrived() + 30);
            await wait(random.between(0, 100));
            const sleepers = stage.fleet.all.slice(1);
            const redis = await pidOf(stage);
            process.kill(redis, "SIGSTOP");
            for (const one of sleepers) one.freeze();
            const from = Date.now();
            stage.count("redis");
            stage.count("freezes", sleepers.length);
            // The other side has given them up: their locks are free while they know nothing of it.
            const epochs = sleepers.flatMap((one) =>
              [...one.said().matchAll(/"epoch":(\d+)/g)].map((found) => Number(found[1])),
            );
            await stage.d.owner.pool.query(
              `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 1 and objid::int = any($1)
              and database = (select oid from pg_database where datname = current_database())`,
              [epochs],
            );
            await stage.resumed(from, campaign);
            // They wake one by one while others are taking and sending what they hold, before they take it for too old by themselves; the last one when it is long over.
            const last = sleepers.pop();
            for (const one of sleepers) {
              await stage.reach(stage.arrived() + 12);
              one.thaw();
            }
            await wait(Math.max(0, from + long - Date.now()));
            process.kill(redis, "SIGCONT");
            last?.thaw();
            await stage.resumed(Date.now(), campaign);
            await stage.look();
          }
          await allEnded(stage);
        },
      ),
  },
];
