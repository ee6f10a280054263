import { execFile } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import { createCampaign } from "../../lib/campaigns/create.ts";
import { launch } from "../../lib/campaigns/launch.ts";
import { askFor, makeList } from "../support/people.ts";
import type { Fault } from "./harness/fault.ts";
import { paths } from "./harness/paths.ts";
import { onStage } from "./harness/stage.ts";
import { inParallel, oneClick, startWeb, webPort } from "./harness/web.ts";

export const faults: Fault[] = [
  {
    id: "F44",
    title: 'a confirm link pressed a hundred times at once, "send now" fifty times: one effect each [F44]',
    web: true,
    run: async ({ size }) =>
      onStage({ people: size(100, 200, 500), webPort: await webPort() }, async (stage) => {
        const { s, scene } = stage;
        await startWeb(stage);
        const { form, list } = await makeList(s, scene.organization, "Altra");
        const links = await askFor(s, form, "anna@posta.example");
        const press = () =>
          fetch(`${s.config.PUBLIC_URL}/c/${links?.confirm}`, {
            method: "POST",
            body: new URLSearchParams({ do: "confirm" }),
          });
        const answers = await Promise.all(
          Array.from({ length: 100 }, () =>
            press()
              .then((one) => one.status)
              .catch(() => 0),
          ),
        );
        stage.count("presses", 150);
        const bad = answers.filter((status) => status !== 200 && status !== 303).length;
        if (bad > 0) stage.wrong.push(`${bad} presses of the confirm link were not answered`);
        const { rows } = await stage.d.owner.pool.query<{ events: string; bases: string }>(
          "select (select count(*) from consent_events where kind = 'consent.confirmed') as events, (select count(*) from bases where list = $1) as bases",
          [list],
        );
        if (rows[0]?.events !== "1" || rows[0]?.bases !== "1")
          stage.wrong.push(`one confirmation came to ${rows[0]?.events} events and ${rows[0]?.bases} bases`);
        const { who } = scene;
        const campaign = await createCampaign(s, { who, from: "letter", name: "Prova" });
        await stage.d.owner.pool.query(
          "insert into campaign_lists (campaign, list) values ($1, $2) on conflict do nothing",
          [campaign, scene.list],
        );
        const launched = await Promise.allSettled(
          Array.from({ length: 50 }, () => launch(s, { who, campaign, version: 1 })),
        );
        const times = launched.filter(({ status }) => status === "fulfilled").length;
        if (times !== 1) stage.wrong.push(`launched ${times} times`);
        await stage.fleet.be(2);
        await stage.ended(campaign);
      }),
  },
  {
    id: "F45",
    title:
      "the web process stands still for half a minute, and is killed for want of memory: workers notice nothing [F45]",
    web: true,
    run: async ({ form, size }) =>
      onStage({ people: size(600, 1500, 4000), behaviour: { slow: 25 }, webPort: await webPort() }, async (stage) => {
        const web = await startWeb(stage);
        await stage.fleet.be(2);
        const campaign = await stage.campaign();
        await stage.reach(20);
        web.freeze();
        const from = Date.now();
        stage.count("freezes");
        await stage.resumed(from, campaign);
        await wait(form === "quick" ? 3000 : 30_000);
        web.thaw();
        const alive = await fetch(`${stage.s.config.APP_URL}/healthz`).catch(() => undefined);
        if (alive?.status !== 200) stage.wrong.push(`after it stood still the web process says ${alive?.status}`);
        await web.end("SIGKILL");
        stage.count("kills");
        await startWeb(stage);
        await stage.ended(campaign);
      }),
  },
  {
    id: "F46",
    title: "no more files to open: workers wait and try again, none dies [F46]",
    run: ({ size }) =>
      onStage(
        { people: size(1500, 2000, 3000), connections: 50, servers: 6, behaviour: { slow: 400 } },
        async (stage) => {
          const files = 256;
          await stage.fleet.add({ files });
          const campaign = await stage.campaign();
          for (const server of stage.servers.slice(1))
            await stage.d.owner.pool.query(
              "insert into campaign_servers (campaign, server) values ($1, $2) on conflict do nothing",
              [campaign, server],
            );
          stage.count("others");
          await stage.endedByWaiting(campaign, 60_000);
          if (!/EMFILE|server_not_reached/.test(stage.fleet.said())) stage.wrong.push("nobody ran out of files");
        },
      ),
  },
  {
    id: "F47",
    title: "a new key while a campaign runs: links of mails from before and after it work [F47]",
    web: true,
    run: async ({ size }) =>
      onStage(
        { people: size(800, 1500, 2000), behaviour: { slow: 40, tell: true }, webPort: await webPort() },
        async (stage) => {
          await Promise.all([startWeb(stage), stage.fleet.be(2)]);
          const campaign = await stage.campaign();
          await stage.reach(40);
          await promisify(execFile)(process.execPath, [paths.cli, "keys", "rotate", "--json"], {
            env: { ...process.env, ...stage.env },
          });
          stage.count("others");
          // Workers are started again, one after the other, and write with the new key; until then they go on with the old one.
          for (const one of [...stage.fleet.all]) await (await stage.fleet.replace(one, "SIGTERM")).ready;
          await stage.reach(stage.arrived() + 80);
          const links = stage.sink.ledger.look().copies.map(({ link = "" }) => link);
          const kids = new Set(links.map((link) => /\/v1\.(k\d+)\./.exec(link)?.[1]));
          if (!kids.has("k1") || !kids.has("k2")) stage.wrong.push(`links were made with ${[...kids]} alone`);
          const pressed = [...links.slice(0, 20), ...links.slice(-20)];
          await inParallel(pressed, 4, async (link) => {
            const status = await oneClick(link);
            stage.count("leaves");
            if (status !== 200) stage.wrong.push(`a link with ${/v1\.(k\d+)/.exec(link)?.[1]} was answered ${status}`);
          });
          await stage.ended(campaign);
          const { rows } = await stage.d.owner.pool.query<{ n: string; known: string }>(
            `select count(*) as n, count(*) filter (where exists (select from contact_keys k where k.kid = s.kid and k.key = s.key)) as known from suppressions s`,
          );
          if (rows[0]?.n !== String(new Set(pressed).size) || rows[0]?.n !== rows[0]?.known)
            stage.wrong.push(
              `${pressed.length} left, ${rows[0]?.n} are out, ${rows[0]?.known} of them by a key that the gate knows`,
            );
        },
      ),
  },
];
