// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of our sources, template strings among them.
/** One piece of a file in the place of another; the piece must stand there once. */
export type Change = { file: string; from: string; to: string };
export type Mutant = {
  name: string;
  /** The fault that must find it. */
  caughtBy: string;
  changes: Change[];
};

const HAND_OFF = "lib/delivery/hand-off.ts";
const STATEMENT = "lib/delivery/hand-off-sql.ts";
const RESULTS = "lib/delivery/results.ts";

/** The engine with one mistake each. The proof is worth something because it finds every one of them. */
export const MUTANTS: Mutant[] = [
  {
    name: "marked before it is sent",
    caughtBy: "F01",
    changes: [
      {
        file: RESULTS,
        from: "set state = c.state::delivery_state,",
        to: "set state = case c.state when 'sending' then 'accepted' else c.state end::delivery_state,",
      },
      {
        file: RESULTS,
        from: "case when c.kind <> 'answered' then d.sent_at when",
        to: "case when c.kind = 'sending' then m.at when c.kind <> 'answered' then d.sent_at when",
      },
    ],
  },
  {
    name: "marked after it is sent: who dies in between has not sent",
    caughtBy: "F01",
    changes: [
      {
        file: "lib/delivery/reconcile.ts",
        from: "case d.state when 'claimed' then 'pending' else 'uncertain' end::delivery_state",
        to: "'pending'::delivery_state",
      },
      {
        file: "lib/delivery/reconcile.ts",
        from: "epoch = case d.state when 'sending' then d.epoch end",
        to: "epoch = null",
      },
    ],
  },
  {
    name: "no gate at the hand-off",
    caughtBy: "F13",
    changes: [
      { file: STATEMENT, from: "where j.reason is null and j.fault is null", to: "where j.fault is null" },
      { file: STATEMENT, from: "where reason is not null or fault is not null", to: "where fault is not null" },
    ],
  },
  {
    name: "tried again after 354",
    caughtBy: "F30",
    changes: [
      {
        file: "lib/delivery/outcome.ts",
        from: 'return a.begun ? kept("uncertain", "answer_lost") : {',
        to: "return {",
      },
      {
        file: "lib/delivery/outcome.ts",
        from: "wait: BROKEN };\n  }\n  if (a.code < 400)",
        to: "wait: 1 };\n  }\n  if (a.code < 400)",
      },
    ],
  },
  {
    name: "jobs only in the queue: who is not rung for does not look",
    caughtBy: "F05",
    changes: [{ file: "lib/delivery/engine.ts", from: "const LOOK_MS = 1000;", to: "const LOOK_MS = 1_000_000_000;" }],
  },
  {
    name: "quota in the memory of each process",
    caughtBy: "F20",
    changes: [
      {
        file: HAND_OFF,
        from: "  private readonly epoch: number;\n",
        to: "  private used = 0;\n  private readonly epoch: number;\n",
      },
      { file: HAND_OFF, from: "      epoch: this.epoch,\n", to: "      epoch: this.epoch,\n      used: this.used,\n" },
      {
        file: HAND_OFF,
        from: "      return read(main.value.rows[0]);",
        to: "      const done = read(main.value.rows[0]);\n      this.used += done.sending.length;\n      return done;",
      },
      {
        file: STATEMENT,
        from: "coalesce((select min(room_campaign) from windows), 2147483647)),",
        to: 'coalesce((select min(most) from windows), 2147483647) - ${given("used", "int")}),',
      },
      { file: "lib/servers/windows.ts", from: "and ${o.n} > 0\n", to: "and ${o.n} > 0 and false\n" },
    ],
  },
  {
    name: "no attempt id: an unanswered COMMIT is not known again",
    caughtBy: "F11",
    changes: [{ file: "lib/delivery/doubt.ts", from: "d.attempt = a.attempt as same", to: "false as same" }],
  },
  {
    name: "no error listener on a checked-out connection",
    caughtBy: "F09",
    changes: [
      {
        file: "lib/delivery/engine.ts",
        from: '  pool.on("connect", (client) => void client.on("error", onError));\n',
        to: "",
      },
      { file: "db/client.ts", from: '  pool.on("connect", (client) => void client.on("error", onError));\n', to: "" },
    ],
  },
  {
    name: "a snapshot of subscriptions, without the key of one row a person",
    caughtBy: "F17",
    changes: [
      {
        file: "db/migrations/0015_one_contact_index.sql",
        from: 'ALTER TABLE "deliveries" ADD CONSTRAINT "once_a_campaign" UNIQUE("contact","campaign");',
        to: "select 1;",
      },
      {
        file: "lib/delivery/snapshot.ts",
        from: "from judged j join next on next.contact = j.contact",
        to: "from judged j join next on next.contact = j.contact join bases twin on twin.contact = j.contact and twin.ended_at is null",
      },
    ],
  },
  {
    name: "an old epoch may write",
    caughtBy: "F07",
    changes: [
      { file: "lib/delivery/owner.ts", from: "lost: () => gone,", to: "lost: () => false," },
      {
        file: STATEMENT,
        from: "       and exists (select from processes p where p.epoch = ${o.epoch} and p.ended_at is null)\n",
        to: "",
      },
      {
        file: STATEMENT,
        from: "where (select open from door) and d.state = 'claimed' and d.epoch = ${epoch} and",
        to: "where (select open from door) and",
      },
      {
        file: RESULTS,
        from: "and d.epoch = c.epoch\n     and case when c.kind = 'answered' then d.attempt = c.attempt and d.state in ('sending', 'uncertain') else d.state = 'claimed' end",
        to: "and (c.kind <> 'answered' or d.epoch = c.epoch and d.attempt = c.attempt and d.state in ('sending', 'uncertain'))",
      },
    ],
  },
  {
    name: "the outcome of a late answer is lost",
    caughtBy: "F07",
    changes: [
      {
        file: RESULTS,
        from: "d.attempt = c.attempt and d.state in ('sending', 'uncertain') else",
        to: "d.attempt = c.attempt and d.state = 'sending' else",
      },
    ],
  },
  {
    name: "the reserve for system mail is ignored",
    caughtBy: "F24",
    changes: [
      {
        file: "lib/servers/windows.ts",
        from: "u.most - greatest(0, u.kept - coalesce(w.system, 0)) - ${used}",
        to: "u.most - ${used}",
      },
    ],
  },
];
