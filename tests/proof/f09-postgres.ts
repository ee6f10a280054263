import { setTimeout as wait } from "node:timers/promises";
import pg from "pg";
import { cluster } from "./harness/cluster.ts";
import type { Fault } from "./harness/fault.ts";
import { allEnded, underWay } from "./harness/rounds.ts";
import { onStage, type Stage } from "./harness/stage.ts";
import { inParallel, leaveLink, oneClick, startWeb, webPort } from "./harness/web.ts";

/** What was handed over before may still be said to the server a moment later. */
const ON_ITS_WAY_MS = 2000;

export const faults: Fault[] = [
  {
    id: "F09",
    minutes: 3,
    title: "PostgreSQL crashes in mid-batch and comes back: nobody is even uncertain [F09]",
    quick: true,
    run: ({ random, size }) =>
      onStage({ people: size(500, 1500, 3000), behaviour: { slow: 12 } }, async (stage) => {
        const crashes = size(2, 6, 21);
        await stage.campaign();
        await stage.fleet.be(2);
        for (let i = 0; i < crashes; i++) {
          const campaign = await underWay(stage);
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
        await allEnded(stage);
      }),
  },
  {
    id: "F10",
    minutes: 6,
    title: "PostgreSQL down for minutes: nothing is sent blindly, and people leave all the same [F10]",
    web: true,
    run: async ({ size }) =>
      onStage({ people: size(600, 1200, 2500), behaviour: { slow: 20 }, webPort: await webPort() }, async (stage) => {
        const campaign = await stage.campaign();
        await stage.fleet.be(2);
        const web = await startWeb(stage);
        await stage.reach(50);
        await cluster().crash();
        const down = Date.now();
        stage.count("postgres");
        const leaving = stage.scene.contacts.slice(-size(20, 50, 200));
        await inParallel(leaving, 4, async (contact) => {
          const status = await oneClick(leaveLink(stage, contact));
          if (status !== 200) stage.wrong.push(`leaving without PostgreSQL was answered ${status}`);
        });
        await refusedWrite(stage);
        await wait(Math.max(0, down + size(8000, 30_000, 300_000) - Date.now()));
        const { mails } = stage.sink.ledger.look();
        const blind = mails.filter((at) => at > down + ON_ITS_WAY_MS).length;
        if (blind > 0) stage.wrong.push(`${blind} messages were begun while PostgreSQL was down`);
        await cluster().start();
        await stage.resumed(Date.now(), campaign);
        await stage.ended(campaign, 240_000);
        if (web.gone()) stage.wrong.push("the web process ended");
        const { rows } = await stage.d.pool.query("select from bases where contact = any($1) and ended_at is null", [
          leaving,
        ]);
        if (rows.length > 0) stage.wrong.push(`${rows.length} who left are still in`);
      }),
  },
  {
    id: "F11",
    title: "the answer to a COMMIT gets lost: the attempt's id says what became of it [F11]",
    quick: true,
    run: ({ random, size }) =>
      onStage({ people: size(300, 1000, 2500), through: ["postgres"], behaviour: { slow: 12 } }, async (stage) => {
        const cuts = size(6, 16, 60);
        await stage.campaign();
        await stage.fleet.be(2);
        const { postgres } = stage.proxies;
        // The hand-off; rows that are taken, where the one statement is its own COMMIT; outcomes that are written alone.
        const answers = [
          ["hand_off_locks", "COMMIT"],
          ["for update skip locked", "SELECT"],
          ["hand_off_locks", "COMMIT"],
        ] as const;
        for (let i = 0; i < cuts; i++) {
          const campaign = await underWay(stage, 60);
          await stage.reach(stage.arrived() + 5);
          await wait(random.between(0, 100));
          const [text, until] = answers[i % answers.length] ?? answers[0];
          postgres?.swallow(text, until);
          await stage.until(
            async () => postgres?.swallowed() === i + 1 || (await stage.stateOf(campaign)) === "ended",
            "nothing was swallowed",
          );
          const from = Date.now();
          stage.count("cuts");
          await stage.resumed(from, campaign);
        }
        await allEnded(stage);
      }),
  },
  {
    id: "F12",
    title: "no connection left, sessions ended by force, deadlocks [F12]",
    run: ({ random, size }) =>
      onStage({ people: size(600, 1500, 2500), behaviour: { slow: 12 } }, async (stage) => {
        await stage.campaign();
        await stage.fleet.be(2);
        await stage.reach(20);
        for (let i = 0; i < size(2, 4, 10); i++) {
          const campaign = await underWay(stage);
          const hogs = await hog(stage);
          await hogs[0]?.query(
            "select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'assenso%' and datname = current_database()",
          );
          stage.count("cuts");
          await wait(random.between(500, 2000));
          await Promise.all(hogs.map((client) => client.end()));
          await stage.resumed(Date.now(), campaign);
          await deadlocks(stage, campaign);
          stage.count("others");
        }
        await allEnded(stage);
      }),
  },
];

/** A public page that must write says so, and when to come back. */
async function refusedWrite(stage: Stage): Promise<void> {
  const link = `${stage.s.config.PUBLIC_URL}/f/${stage.scene.list}`;
  const form = await fetch(link, { method: "POST", body: new URLSearchParams({ email: "a@example.it" }) }).catch(
    () => undefined,
  );
  if (form?.status !== 503 || !form.headers.get("retry-after"))
    stage.wrong.push(`a write without PostgreSQL was answered ${form?.status ?? "by nobody"}`);
}

/** Takes every connection that is left. */
async function hog(stage: Stage): Promise<pg.Client[]> {
  const taken: pg.Client[] = [];
  for (;;) {
    const client = new pg.Client({ connectionString: stage.d.ownerUrl });
    client.on("error", () => undefined);
    try {
      await client.connect();
    } catch {
      return taken;
    }
    taken.push(client);
    stage.after(() => client.end());
  }
}

/** Sessions that lock a campaign's rows crosswise, so that PostgreSQL has to end some statements, ours among them. */
async function deadlocks(stage: Stage, campaign: string): Promise<void> {
  const one = async (downwards: boolean) => {
    const client = await stage.d.owner.pool.connect();
    try {
      await client.query("begin; set local deadlock_timeout = '50ms'");
      for (let i = 0; i < 6; i++) {
        await client.query(
          `select from deliveries where campaign = $1 and state in ('pending', 'claimed', 'sending') order by position ${downwards ? "desc" : "asc"} offset $2 limit 20 for update`,
          [campaign, i * 20],
        );
        await wait(30);
      }
    } catch {
      // It was the one that PostgreSQL chose.
    } finally {
      await client.query("rollback").catch(() => undefined);
      client.release();
    }
  };
  await Promise.all([one(true), one(false), one(true)]);
}
