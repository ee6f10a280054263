import { setTimeout as wait } from "node:timers/promises";
import { openJobs } from "../../lib/jobs/queues.ts";
import type { Fault } from "./harness/fault.ts";
import { onStage } from "./harness/stage.ts";

export const faults: Fault[] = [
  {
    id: "F05",
    title: "Redis emptied in mid-campaign, and rings that got lost with it [F05]",
    quick: true,
    async run({ random, size }) {
      const flushes = size(4, 8, 20);
      return onStage({ people: size(800, 2000, 8000), redis: true, behaviour: { slow: 10 } }, async (stage) => {
        const { redis, s, d } = stage;
        await stage.fleet.be(2);
        const jobs = openJobs({ directUrl: d.ownerUrl, ...(redis ? { redisUrl: redis.url } : {}), log: s.log });
        stage.after(() => jobs.close());
        // The ring for the launch is lost before anybody hears it.
        for (const one of stage.fleet.all) one.freeze();
        const campaign = await stage.campaign();
        await jobs.ring("campaign", campaign);
        await redis?.flush();
        stage.count("flushes");
        for (const one of stage.fleet.all) one.thaw();
        await stage.resumed(Date.now(), campaign);
        for (let i = 1; i < flushes; i++) {
          await stage.reach(stage.arrived() + 20);
          await wait(random.between(0, 200));
          await jobs.ring("campaign", campaign);
          await redis?.flush();
          const from = Date.now();
          stage.count("flushes");
          await stage.resumed(from, campaign);
        }
        await stage.ended(campaign, 240_000);
      });
    },
  },
];
