import { setTimeout as wait } from "node:timers/promises";
import { cancel } from "../../lib/campaigns/cancel.ts";
import { pause } from "../../lib/campaigns/pause.ts";
import { resume } from "../../lib/campaigns/resume.ts";
import { saveDraft } from "../../lib/campaigns/save.ts";
import { erase } from "../../lib/consent/erase.ts";
import { withdrawByStaff } from "../../lib/consent/withdraw-by-staff.ts";
import { suppressAddress } from "../../lib/suppression/suppress.ts";
import { confirmed } from "../support/sending.ts";
import type { Fault } from "./harness/fault.ts";
import { onStage, type Stage } from "./harness/stage.ts";
import { inParallel, leaveLink, oneClick, startWeb, webPort } from "./harness/web.ts";

const CONNECTIONS = 4;

export const faults: Fault[] = [
  {
    id: "F13",
    minutes: 3,
    title: "thousands leave by one click while the campaign runs: nothing is begun after it [F13]",
    quick: true,
    web: true,
    run: async ({ size }) => {
      const [people, leaves] = [size(500, 2000, 8000), size(150, 700, 5000)];
      const options = { people, connections: CONNECTIONS, webPort: await webPort() };
      // As slow as it takes that most of them leave before their turn.
      return onStage({ ...options, behaviour: { slow: size(20, 30, 60) } }, async (stage) => {
        await Promise.all([startWeb(stage), stage.fleet.be(2)]);
        const campaign = await stage.campaign();
        await stage.reach(10);
        // From the end, towards those whose turn it is.
        const leaving = stage.scene.contacts.slice(-leaves).reverse();
        await inParallel(leaving, 8, async (contact) => {
          const status = await oneClick(leaveLink(stage, contact));
          if (status !== 200) stage.wrong.push(`leaving was answered ${status}`);
          stage.count("leaves");
        });
        await stage.sink.behave({});
        await stage.ended(campaign, 240_000);
        const { excluded = 0 } = await stage.states(campaign);
        if (excluded < leaves / 4)
          stage.wrong.push(`only ${excluded} of ${leaves} left before their turn: the burst came too late`);
      });
    },
  },
  {
    id: "F14",
    title: "a dead address, a complaint for somebody of a running campaign: nothing more goes there [F14]",
    run: ({ random, size }) =>
      onStage({ people: size(400, 1200, 2000), connections: CONNECTIONS, behaviour: { slow: 15 } }, async (stage) => {
        await stage.fleet.be(2);
        const campaign = await stage.campaign();
        await stage.reach(10);
        const { contacts, organization } = stage.scene;
        for (let i = 0; i < size(50, 150, 250); i++) {
          const contact =
            contacts[random.between(Math.min(contacts.length - 1, stage.arrived()), contacts.length - 1)] ?? "";
          const reason = random.pick(["hard_bounce", "complaint"] as const);
          await suppressAddress(stage.s, { organization, contact, reason, method: "dsn", actor: { type: "system" } });
          stage.count("leaves");
        }
        await stage.ended(campaign);
      }),
  },
  {
    id: "F15",
    title: "paused and resumed twenty times: no gap, no repeat, nothing begun while it rests [F15]",
    run: ({ random, size }) =>
      onStage({ people: size(400, 1500, 4000), connections: CONNECTIONS, behaviour: { slow: 15 } }, async (stage) => {
        await stage.fleet.be(2);
        const { who } = stage.scene;
        const campaign = await stage.campaign();
        for (let i = 0; i < size(6, 20, 40); i++) {
          await stage.reach(stage.arrived() + 3);
          await pause(stage.s, { who, campaign, reason: "prova" });
          const from = Date.now();
          stage.count("presses", 2);
          await wait(random.between(0, 400));
          begunAfter(stage, from, "a pause");
          await resume(stage.s, { who, campaign });
          await stage.resumed(Date.now(), campaign);
        }
        await stage.ended(campaign);
      }),
  },
  {
    id: "F16",
    title: "cancelled: final, and no more leaves than was with the server [F16]",
    run: ({ size }) =>
      onStage({ people: size(200, 300, 600), connections: CONNECTIONS, behaviour: { slow: 15 } }, async (stage) => {
        await stage.fleet.be(2);
        const { who } = stage.scene;
        for (let i = 0; i < size(2, 4, 6); i++) {
          const before = stage.arrived();
          const campaign = await stage.campaign();
          await stage.reach(before + 30);
          await cancel(stage.s, { who, campaign });
          const from = Date.now();
          stage.count("presses");
          const back = await resume(stage.s, { who, campaign }).then(
            () => "went on",
            () => undefined,
          );
          if (back) stage.wrong.push("a cancelled campaign went on");
          await wait(1500);
          begunAfter(stage, from, "a cancel");
          const { sending = 0, pending = 0, claimed = 0 } = await stage.states(campaign);
          if (sending + pending + claimed > 0)
            stage.wrong.push(`${sending + pending + claimed} rows of a cancelled campaign are not final`);
        }
      }),
  },
  {
    id: "F17",
    title:
      "list renamed, people added, removed, erased, with another address, on two lists at once: each has her one fate [F17]",
    quick: true,
    run: ({ size }) =>
      onStage({ people: size(250, 800, 2000), connections: CONNECTIONS, behaviour: { slow: 15 } }, async (stage) => {
        const { s, scene } = stage;
        const { contacts, organization, who } = scene;
        const second = await secondList(stage);
        await stage.fleet.be(2);
        const campaign = await stage.campaign({ change: { lists: [scene.list, second] } });
        await stage.until(async () => (await filled(stage, campaign)) === contacts.length, "the snapshot is not whole");
        await stage.reach(20);
        await stage.d.owner.pool.query("update lists set name = 'Altro nome' where id = $1", [scene.list]);
        await confirmed(s, { organization, list: scene.list, n: 20, from: 1_000_000 });
        const [removed, erased, moved] = [contacts.slice(-60, -40), contacts.slice(-40, -20), contacts.slice(-20)];
        for (const contact of removed) await withdrawByStaff(s, { who, contact, list: null, channel: "phone" });
        const gone = new Map<string, number>();
        for (const contact of erased) {
          await erase(s, { who, contact });
          gone.set(scene.addressOf(contact), Date.now());
        }
        await stage.d.owner.pool.query(
          "update contacts set address = 'nuovo.' || address, address_key = 'nuovo.' || address_key where id = any($1)",
          [moved],
        );
        stage.count("others", 62);
        await stage.ended(campaign);
        const { copies } = stage.sink.ledger.look();
        const late = copies.filter(({ to, begun }) => begun > (gone.get(to) ?? Number.POSITIVE_INFINITY) + 3000);
        if (late.length > 0) stage.wrong.push(`${late.length} messages to erased people`);
        if (copies.some(({ to }) => to.startsWith("p10000")))
          stage.wrong.push("somebody was written to who came after the launch");
      }),
  },
  {
    id: "F18",
    title: "subject and texts changed under a running campaign: one version leaves [F18]",
    run: ({ size }) =>
      onStage({ people: size(300, 600, 1000), connections: CONNECTIONS, behaviour: { slow: 15 } }, async (stage) => {
        await stage.fleet.be(2);
        const { who } = stage.scene;
        const campaign = await stage.campaign();
        await stage.reach(50);
        const change = { subject: "Un altro oggetto" };
        const saved = await saveDraft(stage.s, { who, campaign, version: 2, change }).then(
          () => true,
          () => false,
        );
        if (saved) stage.wrong.push("a running campaign was edited");
        // Past every rule, as a fault of ours would do it; a new worker reads everything anew.
        await stage.d.owner.pool.query(
          "update campaigns set subject = 'Un altro oggetto', preheader = 'x', mjml = mjml || ' ' where id = $1",
          [campaign],
        );
        stage.count("others", 2);
        await stage.fleet.be(3);
        await stage.ended(campaign);
        const subjects = new Set(stage.sink.ledger.look().copies.map(({ subject }) => subject));
        if (subjects.size !== 1) stage.wrong.push(`${subjects.size} subjects left`);
      }),
  },
];

/** What is begun later than a moment after `from` is more than what was with the server. */
function begunAfter(stage: Stage, from: number, what: string): void {
  const { mails } = stage.sink.ledger.look();
  const begun = mails.filter((at) => at > from).length;
  if (begun > CONNECTIONS) stage.wrong.push(`${begun} messages were begun after ${what}`);
}

async function filled(stage: Stage, campaign: string): Promise<number> {
  const states = await stage.states(campaign);
  return Object.values(states).reduce((sum, n) => sum + n, 0);
}

/** Everybody is on a second list too. */
async function secondList(stage: Stage): Promise<string> {
  const { s, scene, d } = stage;
  const list = s.randomId();
  await d.owner.pool.query(
    "insert into lists select (jsonb_populate_record(l, jsonb_build_object('id', $2::text, 'name', 'Seconda'))).* from lists l where id = $1",
    [scene.list, list],
  );
  await d.owner.pool.query(
    "insert into bases select (jsonb_populate_record(b, jsonb_build_object('id', gen_random_uuid(), 'list', $2::text))).* from bases b where list = $1",
    [scene.list, list],
  );
  return list;
}
