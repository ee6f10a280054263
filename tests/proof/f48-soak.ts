import { readFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { cluster } from "./harness/cluster.ts";
import type { Fault } from "./harness/fault.ts";
import { onStage, type Stage } from "./harness/stage.ts";

const CONNECTIONS = 4;
const MINUTE = 60_000;
/** A server that falls silent after the message is waited for ten minutes (RFC 5321 4.5.3.2.6). */
const SILENCE = 11 * MINUTE;

type Blow = (stage: Stage) => Promise<void>;

export const faults: Fault[] = [
  {
    id: "F48",
    minutes: 14,
    title: "an hour's worth of faults at random, in pairs, under load: flat memory, nothing lost [F48]",
    run: ({ form, random, size }) => {
      const duration = form === "soak" ? 120 * MINUTE : size(MINUTE / 2, MINUTE, 11 * MINUTE);
      const rules =
        duration >= SILENCE ? [{ to: "^p7@", first: 1, script: { at: "dot" as const, how: "silent" as const } }] : [];
      const options = {
        people: size(1000, 2000, 3000),
        redis: true,
        connections: CONNECTIONS,
        through: ["postgres" as const],
      };
      return onStage({ ...options, behaviour: { slow: 25, rules } }, async (stage) => {
        await stage.fleet.be(3);
        // The first is never killed: its memory shall be flat.
        const [steady] = stage.fleet.all;
        const memory: number[] = [];
        const end = Date.now() + duration;
        const campaigns = [await stage.campaign()];
        if (rules.length > 0) stage.bound++;
        while (Date.now() < end) {
          const current = campaigns.at(-1) ?? "";
          if ((await stage.stateOf(current)) === "ended" || (await toDo(stage)) < 200)
            campaigns.push(await stage.campaign());
          await wait(random.between(3000, 9000));
          const blows = [random.pick(BLOWS), ...(random.next() < 0.3 ? [random.pick(BLOWS)] : [])];
          for (const blow of blows) await blow(stage);
          await stage.look();
          await stage.resumed(Date.now(), campaigns.at(-1) ?? "");
          if (steady && !steady.gone()) memory.push(residentOf(steady.pid));
        }
        for (const campaign of campaigns)
          await stage.endedByWaiting(campaign, 2 * MINUTE, rules.length > 0 ? SILENCE + 4 * MINUTE : 300_000);
        grows(stage, memory);
      });
    },
  },
];

/** One blow each; those that kill spare the first worker. */
const BLOWS: Blow[] = [
  async (stage) => {
    const victim = stage.fleet.all.at(-1);
    if (!victim) return;
    await stage.fleet.replace(victim);
    stage.count("kills");
    stage.bound += CONNECTIONS;
  },
  async (stage) => {
    const victim = stage.fleet.all[1];
    if (!victim) return;
    await victim.ready.catch(() => undefined);
    await stage.fleet.replace(victim, "SIGTERM");
    stage.count("stops");
  },
  async (stage) => {
    await cluster().crash();
    await cluster().start();
    stage.count("postgres");
  },
  async (stage) => {
    await stage.redis?.flush();
    stage.count("flushes");
  },
  async (stage) => {
    stage.proxies.postgres?.cut("reset");
    stage.count("cuts");
  },
  async (stage) => {
    const { postgres } = stage.proxies;
    if (!postgres) return;
    postgres.latency = 60;
    await wait(3000);
    postgres.latency = 0;
    stage.count("others");
  },
  async (stage) => {
    await stage.sink.kill();
    await wait(300);
    await stage.sink.start();
    stage.count("smtp");
    stage.bound += CONNECTIONS;
  },
];

async function toDo(stage: Stage): Promise<number> {
  const { rows } = await stage.d.owner.pool.query<{ n: string }>(
    "select coalesce(sum(n), 0) as n from campaign_counts where state in ('pending', 'claimed', 'sending', 'deferred')",
  );
  return Number(rows[0]?.n ?? 0);
}

/** Megabytes that a process holds. */
function residentOf(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
}

/** Between the second fifth of the time and the last one a worker's memory stays where it is. */
function grows(stage: Stage, memory: number[]): void {
  const fifth = Math.floor(memory.length / 5);
  if (fifth < 4) return;
  const middle = (these: number[]) => [...these].sort((a, b) => a - b)[Math.floor(these.length / 2)] ?? 0;
  const [early, late] = [middle(memory.slice(fifth, 2 * fifth)), middle(memory.slice(-fifth))];
  if (late > early + 30 || late > 250)
    stage.wrong.push(`a worker held ${early.toFixed(0)} MB early and ${late.toFixed(0)} MB late`);
}
