import { scene, sinkServer } from "../support/sending.ts";
import type { Fault } from "./harness/fault.ts";
import { onStage, type Stage } from "./harness/stage.ts";

/** Prints a field, and loops over the words of another as often as there are pairs of them. */
const LOOP =
  '{% assign words = contact.fields.parole | split: " " %}{% for a in words %}{% for b in words %}{% if a == b %}.{% endif %}{% endfor %}{% endfor %}';
const withFields = (mjml: string) =>
  mjml.replace("</mj-text>", `{{ contact.fields.nota | default: "" }} ${LOOP}</mj-text>`);

/** Words enough for a loop without an end in sight. */
const MANY = Array.from({ length: 5000 }, (_, i) => `p${i}`).join(" ");

export const faults: Fault[] = [
  {
    id: "F37",
    title:
      "a template that fails for one, a value of 5 MB, broken addresses: their rows end, everybody else gets it [F37]",
    run: ({ size }) =>
      onStage({ people: size(200, 500, 1000), behaviour: { slow: 5 } }, async (stage) => {
        const { contacts } = stage.scene;
        const poisoned = [3, 50, 51, 90].map((i) => contacts[i] ?? "");
        await set(stage, 'fields = \'{"nota": "ciao", "parole": "una due"}\'', contacts);
        await set(stage, "fields = fields || jsonb_build_object('parole', $2::text)", poisoned.slice(0, 1), MANY);
        await set(
          stage,
          "fields = fields || jsonb_build_object('nota', $2::text)",
          poisoned.slice(1, 2),
          "x".repeat(5_000_000),
        );
        await set(stage, "address = 'rotto', address_key = 'rotto'", poisoned.slice(2, 3));
        await set(stage, "address = 'a b@example.it', address_key = 'a b@example.it'", poisoned.slice(3));
        await stage.fleet.be(2);
        const campaign = await stage.campaign({ mjml: withFields });
        stage.count("others", poisoned.length);
        await stage.ended(campaign);
        const { rows } = await stage.d.owner.pool.query<{ n: string }>(
          "select count(*) as n from deliveries where campaign = $1 and state <> 'accepted' and not contact = any($2)",
          [campaign, poisoned],
        );
        if (rows[0]?.n !== "0") stage.wrong.push(`${rows[0]?.n} others did not get it`);
        const { rejected = 0 } = await stage.states(campaign);
        if (rejected < 3) stage.wrong.push(`${rejected} of the broken ones were told as rejected`);
      }),
  },
  {
    id: "F38",
    alone: true,
    title:
      "a campaign whose template devours the machine for everybody: stopped by limits, the other one goes on [F38]",
    run: ({ size }) =>
      onStage({ people: size(150, 300, 500), connections: 4, behaviour: { slow: 25 } }, async (stage) => {
        // Another organization, another server, the same workers.
        const other = await scene(stage.s, { people: size(200, 300, 500), slug: "avvelenata" });
        await sinkServer(stage.s, { organization: other.organization, port: stage.sink.port, connections: 4 });
        await set(stage, 'fields = \'{"nota": "ciao", "parole": "una due"}\'', other.contacts);
        const poison = await stage.campaign({ scene: other, mjml: withFields });
        await set(stage, "fields = fields || jsonb_build_object('parole', $2::text)", other.contacts, MANY);
        const campaign = await stage.campaign();
        await stage.fleet.be(1);
        stage.count("others");
        await stage.ended(campaign);
        const { rows } = await stage.d.owner.pool.query<{ number: string }>(
          "select number from campaigns where id = $1",
          [campaign],
        );
        const { copies } = stage.sink.ledger.look();
        const times = copies
          .filter(({ messageId }) => messageId.startsWith(`<c${rows[0]?.number}.`))
          .map(({ at }) => at);
        const gaps = times
          .slice(1)
          .map((at, i) => at - (times[i] ?? at))
          .sort((a, b) => a - b);
        const p95 = gaps[Math.floor(gaps.length * 0.95)] ?? 0;
        const most = gaps.at(-1) ?? 0;
        if (p95 > 2000 || most > 5000)
          stage.wrong.push(`the other campaign waited ${p95} ms (95 of 100), ${most} ms at most`);
        await stage.until(
          async () => ["paused", "ended"].includes(await stage.stateOf(poison)),
          "the poisoned campaign has no end",
          120_000,
        );
        const { accepted = 0 } = await stage.states(poison);
        if (accepted > 0) stage.wrong.push(`${accepted} of the poisoned messages left: it was no poison`);
      }),
  },
];

/** Sets columns of people, past every rule. */
async function set(stage: Stage, columns: string, contacts: string[], value?: string): Promise<void> {
  await stage.d.owner.pool.query(`update contacts set ${columns} where id = any($1)`, [
    contacts,
    ...(value === undefined ? [] : [value]),
  ]);
}
