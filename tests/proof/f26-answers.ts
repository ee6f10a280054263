import { setTimeout as wait } from "node:timers/promises";
import type { Script } from "../support/sink.ts";
import type { Fault } from "./harness/fault.ts";
import { allEnded, underWay } from "./harness/rounds.ts";
import type { Rule } from "./harness/sink.ts";
import { onStage, type Stage } from "./harness/stage.ts";

const CONNECTIONS = 4;
const MINUTE = 60_000;

const people = (...these: number[]) => `^p(${these.join("|")})@`;
const fails = (at: Script["at"], how: Script["how"]): Script => ({ ...(at ? { at } : {}), ...(how ? { how } : {}) });

/** What happens to one person each, and whether her fate is known after it (RFC 1047). */
const MATRIX: { rule: Rule; uncertain: boolean }[] = [
  ...(["rcpt", "data"] as const).flatMap((at, i) =>
    (["close", "reset"] as const).map((how, k) => ({
      rule: { to: people(10 + 2 * i + k), first: 1, script: fails(at, how) },
      uncertain: false,
    })),
  ),
  ...(["body", "dot"] as const).flatMap((at, i) =>
    (["close", "reset"] as const).map((how, k) => ({
      rule: { to: people(20 + 2 * i + k), script: fails(at, how) },
      uncertain: true,
    })),
  ),
];
/** Our patience with a silent server is two minutes until 354. */
const SILENT: Rule[] = (["rcpt", "data"] as const).map((at, i) => ({
  ...{ to: people(30 + i), first: 1, script: fails(at, "silent") },
}));

export const faults: Fault[] = [
  {
    id: "F26",
    title: "greylisted by the envelope, and after the message: accepted later, with one Message-ID [F26]",
    run: ({ size }) => {
      const rules: Rule[] = [
        {
          to: "^p\\d*[02468]@",
          first: 1,
          script: { replies: { rcpt: "450 4.7.1 Greylisted, see you in five minutes" } },
        },
        {
          to: "^p\\d*[159]@",
          first: 2,
          script: { replies: { dot: "451 4.7.1 Greylisting in action, please come back" } },
        },
      ];
      return onStage(
        { people: size(100, 300, 1000), connections: CONNECTIONS, behaviour: { rules, tell: true } },
        async (stage) => {
          await stage.fleet.be(2);
          const campaign = await stage.campaign();
          await stage.endedByWaiting(campaign, 16 * MINUTE);
          stage.count("others", 2);
          await allAccepted(stage, campaign);
          const ids = new Map<string, Set<string>>();
          for (const { tried, to } of stage.sink.ledger.look().tried)
            ids.set(to, (ids.get(to) ?? new Set()).add(tried));
          const changed = [...ids.values()].filter((set) => set.size > 1).length;
          if (changed > 0) stage.wrong.push(`${changed} got another Message-ID with a repeat`);
        },
      );
    },
  },
  {
    id: "F27",
    title: "421: too many connections, at the greeting and in the envelope: fewer, and nobody is given up [F27]",
    run: ({ size }) => {
      const rules: Rule[] = [{ to: "@", every: 41, script: { replies: { rcpt: "421 4.7.0 too many connections" } } }];
      const options = { people: size(200, 500, 1000), connections: 6 };
      return onStage({ ...options, behaviour: { connections: 2, rules, slow: 10 } }, async (stage) => {
        await stage.fleet.be(3);
        const campaign = await stage.campaign();
        await stage.endedByWaiting(campaign, 2 * MINUTE);
        stage.count("others");
        await allAccepted(stage, campaign);
      });
    },
  },
  {
    id: "F28",
    title: "454: a server that takes so many a second: slower, and all of them arrive [F28]",
    run: ({ size }) =>
      onStage(
        { people: size(200, 500, 1000), connections: CONNECTIONS, behaviour: { perSecond: size(30, 30, 60) } },
        async (stage) => {
          await stage.fleet.be(2);
          const campaign = await stage.campaign();
          await stage.endedByWaiting(campaign, 2 * MINUTE);
          stage.count("others");
          await allAccepted(stage, campaign);
        },
      ),
  },
  {
    id: "F29",
    title: "user unknown, mailbox full, policy of one domain and of two: only dead addresses are suppressed [F29]",
    run: ({ size }) =>
      onStage({ people: size(600, 600, 1500), connections: CONNECTIONS, behaviour: { slow: 5 } }, refusals),
  },
  {
    id: "F30",
    minutes: 8,
    title:
      "closed, reset, silent at each step of the talk, and the server killed: again before 354, uncertain after it [F30]",
    quick: true,
    run: ({ form, random, size }) =>
      onStage({ people: size(500, 2000, 4000), connections: CONNECTIONS, behaviour: { slow: 12 } }, async (stage) => {
        const first = await stage.campaign();
        await theMatrix(stage, first, form === "quick" ? [] : SILENT);
        for (let i = 0; i < size(2, 8, 55); i++) {
          const campaign = await underWay(stage);
          await stage.reach(stage.arrived() + 20);
          await wait(random.between(0, 200));
          await stage.sink.kill();
          await wait(random.between(0, 700));
          await stage.sink.start();
          const from = Date.now();
          stage.count("smtp");
          stage.bound += CONNECTIONS;
          await stage.resumed(from, campaign);
        }
        await allEnded(stage, { step: 2 * MINUTE, ms: 400_000 });
      }),
  },
];

async function allAccepted(stage: Stage, campaign: string): Promise<void> {
  const { accepted = 0, ...rest } = await stage.states(campaign);
  if (accepted !== stage.o.people)
    stage.wrong.push(`accepted ${accepted} of ${stage.o.people}, ${JSON.stringify(rest)}`);
}

/** Each point of failure once, and what it came to. */
async function theMatrix(stage: Stage, campaign: string, silent: Rule[]): Promise<void> {
  const rules = [...MATRIX.map(({ rule }) => rule), ...silent];
  // Those who fail come first: the greeting and EHLO before anything is sent, then MAIL of two transactions.
  for (const at of ["greeting", "ehlo"] as const) {
    await stage.sink.behave({ rules: [{ script: fails(at, "close") }] });
    await stage.fleet.be(2);
    await wait(1500);
    stage.count("others");
  }
  await stage.sink.behave({ slow: 12, rules: [{ every: 37, script: fails("mail", "close") }, ...rules] });
  stage.count("others", rules.length + 1);
  const uncertain = MATRIX.filter((one) => one.uncertain).length;
  stage.bound += uncertain;
  await stage.until(
    async () => ((await stage.states(campaign)).uncertain ?? 0) >= uncertain,
    "nobody became uncertain after 354",
  );
  await stage.reach(100);
  if (silent.length > 0) await wait(125_000);
  await stage.moveClock(2 * MINUTE);
  await stage.sink.behave({ slow: 12, rules });
  const { rows } = await stage.d.owner.pool.query<{ address: string; state: string }>(
    `select split_part(c.address, '@', 1) || '@' as address, d.state from deliveries d join contacts c on c.id = d.contact
      where d.campaign = $1 and c.address ~ '^p(1[0-3]|2[0-3])@'`,
    [campaign],
  );
  await wait(3000);
  for (const { rule, uncertain } of MATRIX) {
    const row = rows.find(({ address }) => new RegExp(rule.to ?? "").test(address));
    if (uncertain !== (row?.state === "uncertain")) stage.wrong.push(`${JSON.stringify(rule.script)}: ${row?.state}`);
  }
  await stage.sink.behave({ slow: 12 });
}

async function refusals(stage: Stage): Promise<void> {
  const { pool } = stage.d.owner;
  await pool.query(
    "update contacts set address = replace(address, 'example.it', 'uno.example'), address_key = replace(address_key, 'example.it', 'uno.example') where address ~ '5@'",
  );
  await pool.query(
    "update contacts set address = replace(address, 'example.it', 'due.example'), address_key = replace(address_key, 'example.it', 'due.example') where address ~ '6@'",
  );
  const dead = { to: "^p\\d*99@", script: { replies: { rcpt: "550 5.1.1 User unknown" } } };
  const full = { to: "^p\\d*8@", first: 1, script: { replies: { rcpt: "552 5.2.2 Mailbox full" } } };
  const policy = (domain: string): Rule => ({
    to: `@${domain}$`,
    script: { replies: { rcpt: "554 5.7.1 Rejected by policy" } },
  });
  await stage.fleet.be(2);
  // One domain: it waits, everybody else goes on.
  await stage.sink.behave({ slow: 5, rules: [dead, full, policy("uno.example")] });
  const campaign = await stage.campaign();
  stage.count("others", 4);
  const others = Math.floor(stage.o.people * 0.7);
  await stage.reach(others);
  const paused = async () =>
    (
      await pool.query("select paused_reason as why from servers where id = $1 and paused_at is not null", [
        stage.servers[0],
      ])
    ).rows[0]?.why;
  if (await paused()) stage.wrong.push(`the server stopped (${await paused()}) for one domain's policy`);
  const refused = stage.sink.ledger.look().mails.length;
  // Two domains within ten minutes: the server stands still.
  await stage.sink.behave({ slow: 5, rules: [dead, policy("uno.example"), policy("due.example")] });
  const second = await stage.campaign();
  await stage.until(async () => (await paused()) === "policy", "two domains' policy did not stop the server");
  await wait(1500);
  const still = stage.sink.ledger.look().mails.length;
  await wait(2500);
  if (stage.sink.ledger.look().mails.length > still)
    stage.wrong.push("messages were begun while the server stood still");
  if (refused > stage.o.people) stage.wrong.push("a domain that refuses was asked again and again");
  await stage.sink.behave({});
  await stage.endedByWaiting(campaign, 61 * MINUTE);
  await stage.endedByWaiting(second, 61 * MINUTE);
  const { rows } = await pool.query<{ n: string; dead: string }>(
    "select count(*) as n, (select count(distinct d.contact) from deliveries d where d.state = 'rejected' and d.reason = 'hard_bounce') as dead from suppressions",
  );
  if (rows[0]?.n !== rows[0]?.dead || rows[0]?.n === "0")
    stage.wrong.push(`${rows[0]?.n} suppressed, ${rows[0]?.dead} dead`);
}
