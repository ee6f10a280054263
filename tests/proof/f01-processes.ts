import { setTimeout as wait } from "node:timers/promises";
import { cluster } from "./harness/cluster.ts";
import type { Fault } from "./harness/fault.ts";
import { allEnded, underWay } from "./harness/rounds.ts";
import { onStage } from "./harness/stage.ts";

const CONNECTIONS = 4;
/** Milliseconds before 250: a campaign that lasts as long as its faults. */
const SLOW = 12;

export const faults: Fault[] = [
  {
    id: "F01",
    minutes: 7,
    title: "kill -9 of a worker at any moment, again and again [F01]",
    run: ({ random, size }) =>
      onStage(
        { people: size(600, 2000, 20_000), connections: CONNECTIONS, behaviour: { slow: SLOW } },
        async (stage) => {
          const kills = size(5, 25, 165);
          await stage.campaign();
          await stage.fleet.be(2);
          for (let i = 0; i < kills; i++) {
            const campaign = await underWay(stage);
            await stage.reach(stage.arrived() + 1);
            await wait(random.between(20, 300));
            await stage.fleet.replace(random.pick(stage.fleet.all));
            const from = Date.now();
            stage.count("kills");
            stage.bound += CONNECTIONS;
            if (i % 10 === 0) await stage.look();
            await stage.resumed(from, campaign);
          }
          await allEnded(stage);
        },
      ),
  },
  {
    id: "F02",
    title: "a power cut: every process at once, with PostgreSQL or without it [F02]",
    quick: true,
    run: ({ random, size }) =>
      onStage({ people: size(300, 1000, 3000), connections: CONNECTIONS, behaviour: { slow: SLOW } }, async (stage) => {
        const rounds = size(2, 4, 14);
        for (let i = 0; i < rounds; i++) {
          const campaign = await underWay(stage);
          await stage.fleet.be(3);
          await stage.reach(stage.arrived() + 20);
          await wait(random.between(0, 300));
          const [killed] = await Promise.all([stage.fleet.endAll(), i % 2 === 1 ? cluster().crash() : undefined]);
          stage.count("kills", killed);
          // All of them together have as many connections as the server allows.
          stage.bound += CONNECTIONS;
          if (i % 2 === 1) {
            stage.count("postgres");
            await cluster().start();
          }
          await stage.look();
          const from = Date.now();
          await stage.fleet.be(3);
          await stage.resumed(from, campaign);
        }
        if (stage.recovered > 30) stage.wrong.push("more than 30 s after a power cut");
        await allEnded(stage);
      }),
  },
  {
    id: "F03",
    title: "SIGTERM in mid-work, as a deploy does: nobody is uncertain [F03]",
    run: ({ random, size }) =>
      onStage({ people: size(300, 1000, 3000), connections: CONNECTIONS, behaviour: { slow: 20 } }, async (stage) => {
        const stops = size(3, 10, 40);
        await stage.campaign();
        await stage.fleet.be(2);
        for (let i = 0; i < stops; i++) {
          const campaign = await underWay(stage, 100);
          await stage.reach(stage.arrived() + 5);
          await wait(random.between(0, 200));
          const victim = random.pick(stage.fleet.all);
          await victim.ready;
          await stage.fleet.replace(victim, "SIGTERM");
          const from = Date.now();
          stage.count("stops");
          if (victim.code() !== 0) stage.wrong.push(`ended with ${victim.code()} after SIGTERM`);
          await stage.resumed(from, campaign);
        }
        await allEnded(stage);
      }),
  },
  {
    id: "F04",
    title: "SIGTERM, and SIGKILL 5 s later while the server takes 20 s for each 250 [F04]",
    run: ({ size }) =>
      onStage({ people: size(40, 60, 120), connections: CONNECTIONS, behaviour: { slow: 20_000 } }, async (stage) => {
        const rounds = size(1, 2, 4);
        const campaign = await stage.campaign();
        for (let i = 0; i < rounds; i++) {
          const before = stage.arrived();
          const one = await stage.fleet.add();
          await stage.reach(before + CONNECTIONS);
          one.signal("SIGTERM");
          await wait(5000);
          await stage.fleet.endAll();
          stage.count("kills");
          stage.bound += CONNECTIONS;
        }
        await stage.sink.behave({});
        const from = Date.now();
        await stage.fleet.be(1);
        await stage.resumed(from, campaign);
        await stage.ended(campaign);
        const { uncertain = 0 } = await stage.states(campaign);
        if (uncertain !== stage.bound) stage.wrong.push(`${uncertain} uncertain, ${stage.bound} were with the server`);
      }),
  },
];
