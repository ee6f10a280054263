import { setTimeout as wait } from "node:timers/promises";
import { cluster } from "./harness/cluster.ts";
import type { Fault } from "./harness/fault.ts";
import { fill, noSmallDisks } from "./harness/small-disk.ts";
import { onStage, type Stage } from "./harness/stage.ts";
import { inParallel, leaveLink, oneClick, startWeb, webPort } from "./harness/web.ts";

const ON_ITS_WAY_MS = 2000;

export const faults: Fault[] = [
  {
    id: "F33",
    title:
      "the disk of PostgreSQL full until it gives up: nothing is sent blindly, people leave, all goes on with space [F33]",
    web: true,
    cannot: noSmallDisks,
    run: ({ size }) =>
      cluster().onSmallDisk(250, async () => {
        const options = { people: size(500, 800, 1000), behaviour: { slow: 15 }, webPort: await webPort() };
        return onStage(options, async (stage) => {
          await Promise.all([startWeb(stage), stage.fleet.be(2)]);
          const campaign = await stage.campaign();
          await stage.reach(50);
          const free = fill(cluster().data);
          stage.count("others");
          await downFor(stage);
          const down = Date.now();
          const leaving = stage.scene.contacts.slice(-20);
          await leaveAll(stage, leaving, "PostgreSQL");
          const ready = await fetch(`${stage.s.config.APP_URL}/readyz`).catch(() => undefined);
          if (ready?.status !== 503) stage.wrong.push(`readyz says ${ready?.status} while PostgreSQL is down`);
          await wait(5000);
          blind(stage, down);
          free();
          await cluster().start();
          await stage.resumed(Date.now(), campaign);
          await stage.ended(campaign);
        });
      }),
  },
  {
    id: "F34",
    title:
      "the disk of the data folder full: sending pauses and says so, people leave, and it goes on by itself with space [F34]",
    web: true,
    cannot: noSmallDisks,
    run: async ({ size }) => {
      const options = {
        people: size(3000, 4000, 5000),
        behaviour: { slow: 8 },
        smallHome: 4,
        webPort: await webPort(),
      };
      return onStage(options, async (stage) => {
        await Promise.all([startWeb(stage), stage.fleet.be(2)]);
        const campaign = await stage.campaign();
        await stage.reach(50);
        const free = fill(stage.home);
        stage.count("others");
        await stage.until(
          async () => (await pausedFor(stage)) === "disk_full",
          "the server does not say that the disk is full",
        );
        const paused = Date.now();
        await leaveAll(stage, stage.scene.contacts.slice(-20), "a journal");
        await wait(4000);
        blind(stage, paused);
        free();
        await stage.resumed(Date.now(), campaign);
        await stage.ended(campaign, 240_000);
      });
    },
  },
];

/** Makes PostgreSQL write until it cannot, and waits until it has given up. */
async function downFor(stage: Stage): Promise<void> {
  await stage.until(async () => {
    await stage.d.owner.pool
      .query("select pg_switch_wal(), pg_logical_emit_message(false, 'proof', repeat('x', 1000000))")
      .catch(() => undefined);
    return !(await cluster().up());
  }, "PostgreSQL lives on a full disk");
}

async function leaveAll(stage: Stage, leaving: string[], without: string): Promise<void> {
  await inParallel(leaving, 4, async (contact) => {
    const status = await oneClick(leaveLink(stage, contact));
    stage.count("leaves");
    if (status !== 200) stage.wrong.push(`leaving without ${without} was answered ${status}`);
  });
}

function blind(stage: Stage, from: number): void {
  const begun = stage.sink.ledger.look().mails.filter((at) => at > from + ON_ITS_WAY_MS).length;
  if (begun > 0) stage.wrong.push(`${begun} messages were begun while sending had to rest`);
}

async function pausedFor(stage: Stage): Promise<string | undefined> {
  const { rows } = await stage.d.owner.pool.query<{ why: string }>(
    "select paused_reason as why from servers where id = $1",
    [stage.servers[0]],
  );
  return rows[0]?.why;
}
