import { setTimeout as wait } from "node:timers/promises";
import { cluster } from "./harness/cluster.ts";
import type { Fault } from "./harness/fault.ts";
import { onStage } from "./harness/stage.ts";

export const faults: Fault[] = [
  {
    id: "F09",
    title: "PostgreSQL crashes in mid-batch and comes back [F09]",
    quick: true,
    async run({ random, size }) {
      const crashes = size(2, 6, 20);
      return onStage({ people: size(1200, 4000, 16_000), behaviour: { slow: 12 } }, async (stage) => {
        const campaign = await stage.campaign();
        await stage.fleet.be(2);
        for (let i = 0; i < crashes; i++) {
          await stage.reach(stage.arrived() + 50);
          await wait(random.between(0, 300));
          // By turns: a power cut, and one process of its own killed, after which it recovers by itself.
          if (i % 2 === 0) {
            await cluster().crash();
            await wait(random.between(0, 500));
            await cluster().start();
          } else await cluster().killBackend("assenso hand-off");
          const from = Date.now();
          stage.count("postgres");
          await stage.resumed(from, campaign);
          await stage.look();
        }
        await stage.ended(campaign, 300_000);
      });
    },
  },
];
