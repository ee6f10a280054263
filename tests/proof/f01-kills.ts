import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./harness/fault.ts";
import { onStage } from "./harness/stage.ts";

const CONNECTIONS = 4;
/** Milliseconds before 250: a campaign that lasts as long as its faults. */
const SLOW = 12;

export const faults: Fault[] = [
  {
    id: "F01",
    title: "kill -9 of a worker at any moment, again and again [F01]",
    quick: true,
    async run({ random, size }) {
      const kills = size(8, 25, 200);
      return onStage(
        { people: size(1500, 5000, 40_000), connections: CONNECTIONS, behaviour: { slow: SLOW } },
        async (stage) => {
          const campaign = await stage.campaign();
          await stage.fleet.be(2);
          for (let i = 0; i < kills; i++) {
            await stage.reach(stage.arrived() + 1);
            await wait(random.between(20, 300));
            const victim = random.pick(stage.fleet.all);
            await stage.fleet.replace(victim);
            const from = Date.now();
            stage.count("kills");
            stage.bound += CONNECTIONS;
            if (i % 10 === 0) await stage.look();
            await stage.resumed(from, campaign);
          }
          await stage.ended(campaign, 300_000);
        },
      );
    },
  },
];
