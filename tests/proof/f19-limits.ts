import { setTimeout as wait } from "node:timers/promises";
import { cancel } from "../../lib/campaigns/cancel.ts";
import { launchDue } from "../../lib/campaigns/due.ts";
import { requestConsent } from "../../lib/consent/request.ts";
import { parseAddress } from "../../lib/text/address.ts";
import { makeList } from "../support/people.ts";
import type { Fault } from "./harness/fault.ts";
import { onStage, type Stage } from "./harness/stage.ts";
import { changesOf, daysAround } from "./harness/zones.ts";

const HOUR = 3_600_000;
const CONNECTIONS = 4;

export const faults: Fault[] = [
  {
    id: "F19",
    title: "1, 8, 1 workers by turns: within the limit of a second, nobody twice [F19]",
    run: ({ size }) => {
      const perSecond = size(40, 60, 90);
      const options = { people: size(500, 1500, 4000), connections: 8, limits: { perSecond } };
      return onStage({ ...options, behaviour: { slow: 5 } }, async (stage) => {
        const campaign = await stage.campaign();
        for (let i = 0; (await stage.stateOf(campaign)) !== "ended" && i < 40; i++) {
          await stage.fleet.be(i % 2 === 0 ? 1 : 8);
          stage.count("others");
          await stage.resumed(Date.now(), campaign);
          for (let k = 0; k < 20 && (await stage.stateOf(campaign)) !== "ended"; k++) await wait(250);
        }
        await stage.ended(campaign);
      });
    },
  },
  {
    id: "F20",
    title: "a limit a day, eight workers and kills: never above it, day after day [F20]",
    quick: true,
    run: ({ random, size }) => {
      const [perDay, days] = [size(120, 300, 600), size(2, 3, 5)];
      const options = { people: perDay * days, connections: CONNECTIONS, limits: { perDay } };
      return onStage({ ...options, behaviour: { slow: 8 } }, async (stage) => {
        await stage.fleet.be(size(3, 6, 8));
        const campaign = await stage.campaign();
        for (let day = 0; day < days; day++) {
          for (let i = 0; i < size(1, 2, 4); i++) {
            await stage.reach(stage.arrived() + 10);
            await wait(random.between(0, 200));
            await stage.fleet.replace(random.pick(stage.fleet.all));
            stage.count("kills");
            stage.bound += CONNECTIONS;
          }
          await full(stage, "day", perDay);
          await stage.moveClock(24 * HOUR);
        }
        await stage.ended(campaign, 240_000);
      });
    },
  },
  {
    id: "F21",
    title: "days of 23 and of 25 hours: one day's limit a local day [F21]",
    run: async ({ size }) => {
      const finding = [];
      for (const zone of ["Europe/Rome", "Australia/Lord_Howe"].slice(0, size(1, 1, 2)))
        finding.push(await daylight(zone));
      const [first, second] = finding;
      if (!first || !second) return first as NonNullable<typeof first>;
      const sum = (name: "recipients" | "lost" | "twice" | "late" | "over" | "uncertain") => first[name] + second[name];
      return {
        ...first,
        ...{
          recipients: sum("recipients"),
          lost: sum("lost"),
          twice: sum("twice"),
          late: sum("late"),
          over: sum("over"),
        },
        ...{ injected: { others: 12 }, wrong: [...first.wrong, ...second.wrong] },
      };
    },
  },
  {
    id: "F22",
    title: "scheduled for 02:30 where the clocks skip it, and where it comes twice: started once [F22]",
    run: ({ size }) =>
      onStage({ people: size(20, 30, 60), connections: CONNECTIONS }, async (stage) => {
        const zone = "Europe/Rome";
        for (const change of changesOf(zone, await stage.now())) {
          const day = change.at.toISOString().slice(0, 10);
          await stage.moveTo(change.at.getTime() - 6 * HOUR);
          await stage.fleet.be(3);
          stage.count("others");
          const typed = `${day}T02:30`;
          const planned = await stage
            .campaign({ at: typed })
            .catch((error: { code?: string; facts?: { first?: string } }) => error);
          if (change.kind === "spring") {
            // The minute does not exist: it is refused, and the first one after it is named.
            if (typeof planned === "string" || planned.facts?.first !== change.at.toISOString())
              stage.wrong.push("a minute that the clocks skip was taken");
            await startsOnce(stage, `${day}T03:00`, change.at.getTime(), []);
          } else {
            const first = change.at.getTime() - HOUR / 2;
            await startsOnce(stage, planned as string, first, [first + HOUR]);
          }
        }
      }),
  },
  {
    id: "F23",
    title: "one worker's clock is three days ahead, one's a day behind, one's steps while it sends [F23]",
    run: ({ size }) => {
      const limits = { perSecond: 40, perHour: size(200, 300, 600) };
      return onStage(
        { people: size(300, 500, 1000), connections: CONNECTIONS, limits, behaviour: { slow: 5 } },
        async (stage) => {
          for (const [ahead, step] of [
            [72 * HOUR, 0],
            [-24 * HOUR, 0],
            [0, 5 * HOUR],
          ] as const) {
            await stage.fleet.add({ flags: ["--import", wrongClock(ahead, step)] });
            stage.count("others");
          }
          const campaign = await stage.campaign();
          await stage.d.owner.pool.query(
            "update campaigns set state = 'scheduled', scheduled_at = app_now() + interval '1 hour' where id = $1",
            [campaign],
          );
          await wait(4000);
          if ((await stage.stateOf(campaign)) !== "scheduled") stage.wrong.push("started by a wrong clock");
          await stage.moveClock(HOUR);
          for (let hour = 0; (await stage.stateOf(campaign)) !== "ended" && hour < 10; hour++) {
            await full(stage, "hour", limits.perHour);
            await stage.moveClock(HOUR);
          }
          await stage.ended(campaign);
        },
      );
    },
  },
  {
    id: "F24",
    title: "two campaigns fill an hour of the server: confirmations leave from its reserve within 30 s [F24]",
    quick: true,
    run: ({ size }) => {
      const [perHour, reserve] = [size(100, 300, 1000), size(30, 60, 150)];
      const options = { people: perHour, connections: CONNECTIONS, limits: { perHour, reserve } };
      return onStage({ ...options, behaviour: { slow: 8 } }, async (stage) => {
        const { form } = await makeList(stage.s, stage.scene.organization, "Altra");
        await stage.fleet.be(2);
        const change = { lists: [stage.scene.list] };
        const campaigns = [await stage.campaign({ change }), await stage.campaign({ change })];
        // Some ask while it fills, the rest when campaigns have had all that is theirs.
        for (let i = 0; i < reserve / 3; i++) await ask(stage, form, i);
        await full(stage, "hour", perHour, reserve);
        for (let i = reserve; i < reserve + reserve / 3; i++) await ask(stage, form, i);
        stage.count("others", Math.ceil(reserve / 3) * 2);
        await stage
          .until(
            async () => (await waits(stage)).every((ms) => ms !== undefined),
            "a confirmation did not leave",
            40_000,
          )
          .catch(() => stage.wrong.push("confirmations wait behind campaigns"));
        const waited = (await waits(stage)).map((ms) => ms ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
        const p95 = waited[Math.floor(waited.length * 0.95)] ?? 0;
        if (p95 > 30_000) stage.wrong.push(`95 of 100 confirmations left within ${Math.round(p95 / 1000)} s`);
        for (const campaign of campaigns) await cancel(stage.s, { who: stage.scene.who, campaign });
      });
    },
  },
  {
    id: "F25",
    title: "many campaigns due at once, three workers and more that look for them: each starts once [F25]",
    run: ({ size }) =>
      onStage({ people: 5, connections: CONNECTIONS }, async (stage) => {
        const campaigns: string[] = [];
        for (let i = 0; i < size(10, 30, 100); i++) campaigns.push(await stage.campaign());
        await stage.d.owner.pool.query(
          "update campaigns set state = 'scheduled', scheduled_at = app_now() + interval '1 hour'",
        );
        await stage.fleet.be(3);
        await stage.moveClock(HOUR);
        const started = await Promise.all(Array.from({ length: 10 }, () => launchDue(stage.s)));
        const ids = started.flat();
        if (new Set(ids).size !== ids.length) stage.wrong.push("a campaign was started twice");
        stage.count("others", campaigns.length);
        for (const campaign of campaigns) await stage.ended(campaign);
      }),
  },
];

/** Waits until the window of this moment has all that campaigns may take of it, and what was begun has arrived. */
async function full(stage: Stage, unit: "hour" | "day", most: number, reserve = 0): Promise<void> {
  const used = async () => {
    const { rows } = await stage.d.owner.pool.query<{ system: number; campaign: number }>(
      `select w.system, w.campaign from server_windows w join servers s on s.id = w.server where w.server = $1 and w.unit = $2
        and w.begins = case $2 when 'day' then date_trunc('day', app_now(), s.zone) else date_trunc($2, app_now()) end`,
      [stage.servers[0], unit],
    );
    const { campaign = 0, system = 0 } = rows[0] ?? {};
    return campaign >= most - Math.max(reserve, system);
  };
  const nothingLeft = async () => {
    const { rows } = await stage.d.owner.pool.query(
      "select from deliveries where state in ('pending', 'claimed', 'sending', 'deferred') limit 1",
    );
    return rows.length === 0;
  };
  await stage.until(async () => (await used()) || (await nothingLeft()), `the ${unit} was not used up`);
  await wait(1200);
}

/** Three days around each of the next two changes of a zone's clocks, with jumps to just before and after midnight. */
function daylight(zone: string) {
  const perDay = 20;
  return onStage({ people: perDay * 7, connections: CONNECTIONS, limits: { perDay, zone } }, async (stage) => {
    const campaign = await stage.campaign();
    await stage.fleet.be(2);
    await full(stage, "day", perDay);
    for (const change of changesOf(zone, await stage.now())) {
      stage.count("others");
      for (const day of await daysAround(stage.d.owner.pool, zone, change.at)) {
        const before = stage.arrived();
        await stage.moveTo(day.begins + 60_000);
        await full(stage, "day", perDay);
        const first = stage.arrived() - before;
        for (const at of [day.begins + 6 * HOUR, day.ends - 70_000]) {
          await stage.moveTo(at);
          await wait(2200);
        }
        const all = stage.arrived() - before;
        if (first !== perDay || all !== perDay)
          stage.wrong.push(`${all} left on ${day.name} in ${zone}, ${perDay} may`);
      }
    }
    await stage.ended(campaign);
  });
}

/** Launched (or planned) for a minute, it starts at that instant and at none of the later ones. */
async function startsOnce(stage: Stage, planned: string, at: number, later: number[]): Promise<void> {
  const campaign = planned.includes("T") ? await stage.campaign({ at: planned }) : planned;
  const before = stage.arrived();
  await stage.moveTo(at - 5000);
  await wait(2500);
  if (stage.arrived() > before) stage.wrong.push("it started early");
  await stage.moveTo(at + 1000);
  await stage.ended(campaign);
  for (const again of later) {
    await stage.moveTo(again + 1000);
    await wait(2500);
  }
  if (stage.arrived() !== before + stage.o.people)
    stage.wrong.push(`${stage.arrived() - before} left of ${stage.o.people}`);
}

/** A module that sets a process's clock wrong, at once or 3 s after its start. */
function wrongClock(ahead: number, step: number): string {
  const code = `const now = Date.now.bind(Date); let by = ${ahead}; if (${step}) setTimeout(() => { by += ${step} }, 3000).unref();
    const Real = Date; globalThis.Date = class extends Real { constructor(...a) { if (a.length) super(...a); else super(now() + by) } static now() { return now() + by } };`;
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

/** Somebody asks on the form, each from a network of her own. */
async function ask(stage: Stage, form: string, i: number): Promise<void> {
  const address = parseAddress(`chiede${i}@gmail.com`);
  if (!address) throw new Error("it is an address");
  const ip = `203.0.${Math.floor(i / 250)}.${(i % 250) + 1}`;
  await requestConsent(stage.s, {
    ...{
      form,
      version: 1,
      address,
      locale: "it",
      boxes: [{ purpose: "promo", shown: true, ticked: true }],
      network: ip,
    },
    request: { ip, ipFrom: "socket", userAgent: "Test/1", page: "https://negozio.example/iscriviti" },
  });
}

/** Milliseconds that each confirmation waited, by the sink; undefined for one that has not arrived. */
async function waits(stage: Stage): Promise<(number | undefined)[]> {
  const { rows } = await stage.d.owner.pool.query<{ id: string; asked: Date }>(
    "select id, created_at as asked from outbox where kind = 'confirmation'",
  );
  const { copies } = stage.sink.ledger.look();
  const arrived = new Map(copies.map(({ messageId, at }) => [/^<o\.([^@]+)@/.exec(messageId)?.[1], at]));
  return rows.map(({ id, asked }) => {
    const at = arrived.get(id);
    return at === undefined ? undefined : at - asked.getTime();
  });
}
