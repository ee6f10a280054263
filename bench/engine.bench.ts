import { rmSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { createTransport } from "nodemailer";
import { frozenCampaign } from "../lib/campaigns/frozen.ts";
import { campaignMailer } from "../lib/delivery/campaign-mailer.ts";
import type { Services } from "../lib/services.ts";
import { type Prepared, prepareMessage, renderMessage, renderParts } from "../lib/templates/message.ts";
import type { Person } from "../lib/templates/types.ts";
import { freshDatabase, type TestDatabase } from "../tests/support/database.ts";
import { testEngine, until } from "../tests/support/engine.ts";
import { built, start } from "../tests/support/process.ts";
import { launchedStarter, scene, sinkServer, states } from "../tests/support/sending.ts";
import { testServices } from "../tests/support/services.ts";
import type { Figure } from "./figure.ts";

const PEOPLE = 8000;
const WARM = 2000;
const CONNECTIONS = 10;

type Run = { seconds: number; micros: number };

/**
 * The engine against a sink in a process of its own, beside a plain loop of `nodemailer.sendMail` with the same template, in the same run; and beside
 * the same loop over a pool of as many connections, which saves it the connecting. CPU is that of this process alone: PostgreSQL and the sink are others.
 */
export default async function engineBench(): Promise<Figure[]> {
  const closers: (() => Promise<void>)[] = [];
  const t = { after: (work: () => Promise<void>) => void closers.unshift(work) };
  const d = await freshDatabase(t, { durable: true });
  const s = await testServices(d);
  const file = await built("sink-process");
  const sink = start(t, file, {});
  const { port } = (await sink.printed("ready")) as { port: number };
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port });
  try {
    await viaEngine(d, s, port, WARM);
    const ours = await viaEngine(d, s, port, PEOPLE);
    for (const pool of [false, true]) await viaLoop(ours, { port, people: WARM, pool });
    const plain = await viaLoop(ours, { port, people: PEOPLE / 4, pool: false });
    const pooled = await viaLoop(ours, { port, people: PEOPLE, pool: true });
    const size = `${Math.round(ours.bytes / 1000)} KB`;
    return [
      {
        name: `engine, CPU µs per message of ${size}`,
        ours: Math.round(ours.micros / PEOPLE),
        reference: { name: "plain loop of nodemailer.sendMail", value: Math.round(plain.micros / (PEOPLE / 4)) },
        better: "less",
        goal: { times: 3 },
      },
      {
        name: `engine, CPU µs per message of ${size}`,
        ours: Math.round(ours.micros / PEOPLE),
        reference: { name: `sendMail on a pool of ${CONNECTIONS}`, value: Math.round(pooled.micros / PEOPLE) },
        better: "less",
        goal: { times: 1 },
      },
      {
        name: `engine, messages per second, ${CONNECTIONS} connections`,
        ours: Math.round(PEOPLE / ours.seconds),
        reference: { name: "plain loop of nodemailer.sendMail", value: Math.round(PEOPLE / 4 / plain.seconds) },
        better: "more",
        goal: { times: 1 },
      },
    ];
  } finally {
    for (const close of closers) await close();
    rmSync(file, { force: true });
  }
}

async function measured(work: () => Promise<void>): Promise<Run> {
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  await work();
  const used = process.cpuUsage(cpu);
  return { seconds: (performance.now() - begun) / 1000, micros: used.user + used.system };
}

/** A campaign from the starter "news", launched as the page does it, sent by the engine as the worker runs it. */
async function viaEngine(
  d: TestDatabase,
  s: Services,
  port: number,
  people: number,
): Promise<Run & { prepared: Prepared; person: Person; bytes: number }> {
  const here = await scene(s, { people });
  await sinkServer(s, { organization: here.organization, port, connections: CONNECTIONS });
  const campaign = await launchedStarter(s, { scene: here });
  const run = await measured(async () => {
    const engine = testEngine(d, s, { mailer: campaignMailer });
    await until(async () => (await wait(250, true)) && (await states(s, campaign)).accepted === people, 120_000);
    await engine.stop();
  });
  const prepared = prepareMessage(await frozenCampaign(s.db, { campaign }));
  const person = await somebody(s, campaign);
  return { ...run, prepared, person, bytes: renderMessage(prepared, person).raw.length };
}

async function somebody(s: Services, campaign: string): Promise<Person> {
  const { rows } = await s.db.execute<{ list: string }>(
    sql`select list from deliveries where campaign = ${campaign}::uuid limit 1`,
  );
  const from = { name: "Libreria Rossi", address: "news@libreria.example" };
  const leave = `https://news.example.it/u/v1.k1.${"a".repeat(86)}.${"b".repeat(22)}`;
  return {
    to: "p0@example.it",
    name: "Ada",
    fields: {},
    list: rows[0]?.list ?? "",
    listName: "Novità",
    since: "2026-01-05T09:00:00.000Z",
    date: "2026-12-01T09:00:00.000Z",
    messageId: "<1@libreria.example>",
    from,
    links: { leave },
  };
}

/**
 * What a program without an engine does with the same template: `for (…) await transport.sendMail(…)`; over a pool, as many such loops as connections.
 * Nothing is recorded, asked or limited.
 */
async function viaLoop(
  o: { prepared: Prepared; person: Person },
  r: { port: number; people: number; pool: boolean },
): Promise<Run> {
  const server = { host: "127.0.0.1", port: r.port, secure: false, ignoreTLS: true };
  const transport = r.pool
    ? createTransport({ ...server, pool: true, maxConnections: CONNECTIONS })
    : createTransport(server);
  const run = await measured(async () => {
    let next = 0;
    const loop = async () => {
      for (let i = next++; i < r.people; i = next++) {
        const person = { ...o.person, to: `p${i}@example.it`, messageId: `<${i}@libreria.example>` };
        const { subject, html, text } = renderParts(o.prepared, person);
        await transport.sendMail({
          ...{
            from: person.from,
            to: person.to,
            subject,
            html,
            text,
            messageId: person.messageId,
            date: new Date(person.date),
          },
          list: { unsubscribe: { url: person.links.leave, comment: "" } },
          headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
        });
      }
    };
    await Promise.all(Array.from({ length: r.pool ? CONNECTIONS : 1 }, loop));
  });
  transport.close();
  return run;
}
