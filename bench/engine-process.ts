// What the benchmark measures, in a process of its own and built as the worker is (under tsx each closure costs more). Its world comes as JSON in argv,
// what to do as messages; it answers each with seconds, CPU of this process, and what the message weighs.
import { randomBytes as draw } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { createTransport } from "nodemailer";
import { openDatabase } from "../db/client.ts";
import { frozenCampaign } from "../lib/campaigns/frozen.ts";
import { readConfig } from "../lib/config.ts";
import { readKeyRing } from "../lib/crypto/keys.ts";
import { inStock } from "../lib/crypto/random.ts";
import { uuidSource } from "../lib/crypto/uuid.ts";
import { campaignMailer } from "../lib/delivery/campaign-mailer.ts";
import { startEngine } from "../lib/delivery/engine.ts";
import { openJournal } from "../lib/journal/journal.ts";
import type { Services } from "../lib/services.ts";
import { type Prepared, prepareMessage, renderMessage, renderParts } from "../lib/templates/message.ts";
import type { Person } from "../lib/templates/types.ts";

export type Task =
  | { what: "engine"; campaign: string; people: number }
  | { what: "loop"; campaign: string; people: number; pool: number };
export type Measured = { seconds: number; micros: number; bytes: number };

const given = JSON.parse(process.argv[2] ?? "{}") as { url: string; keys: string; folder: string; port: number };
const randomBytes = inStock(draw);
const newId = uuidSource({ now: () => new Date(Date.now()), randomBytes });
const quiet = () => undefined;
const keys = readKeyRing(given.keys);
const journal = openJournal({ folder: given.folder, keys, writer: newId(), now: () => new Date(Date.now()) });
const { db } = openDatabase(given.url, { role: "assenso_app" });
const config = readConfig({
  ...{ DATABASE_URL: given.url, PUBLIC_URL: "https://news.example.it", ASSENSO_HOME: given.folder },
  ASSENSO_SMTP_ALLOW: `127.0.0.1:${given.port}`,
});
const log = { info: quiet, warn: console.error, error: console.error };
const world = { randomBytes, randomId: newId, resolve: async () => [], dns: async () => ({ is: "unknown" as const }) };
const s: Services = { db, keys, journal, config, log, ...world };

process.on("message", async (task: Task) => {
  const prepared = prepareMessage(await frozenCampaign(s.db, task));
  const bytes = renderMessage(prepared, somebody()).raw.length;
  const run = task.what === "engine" ? () => viaEngine(task) : () => viaLoop(prepared, task);
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  const end = await run();
  const used = process.cpuUsage(cpu);
  const measured: Measured = { seconds: (performance.now() - begun) / 1000, micros: used.user + used.system, bytes };
  await end();
  process.send?.(measured);
});
process.once("disconnect", () => process.exit(0));
process.once("SIGTERM", () => process.exit(0));

/** The engine, as the worker starts it. */
async function viaEngine(o: { campaign: string; people: number }): Promise<() => Promise<void>> {
  const engine = startEngine({
    ...{ s, directUrl: given.url, role: "assenso_app", boot: journal.writer, mailer: campaignMailer },
    composeSystem: () => Promise.reject(new Error("there is no system mail here")),
    deadAddress: async () => undefined,
  });
  while (!(await isDone(o.campaign))) await wait(250);
  return () => engine.stop();
}

/** Asked in a way that costs nothing of what is measured. @throws when somebody's mail did not arrive */
async function isDone(campaign: string): Promise<boolean> {
  const { rows } = await db.execute<{ done: boolean; lost: boolean }>(`
    select c.snapshot_done and not exists (select from deliveries d where d.campaign = c.id and d.state in ('pending', 'claimed', 'sending', 'deferred')) as done,
           exists (select from deliveries d where d.campaign = c.id and d.state in ('rejected', 'uncertain', 'excluded', 'cancelled')) as lost
      from campaigns c where c.id = '${campaign}'::uuid`);
  if (rows[0]?.lost) throw new Error("a message of the campaign did not arrive");
  return rows[0]?.done ?? false;
}

/**
 * What a program without an engine does with the same template: `for (…) await transport.sendMail(…)`; with a pool, as many such loops as it has
 * connections. Nothing is recorded, asked or limited.
 */
async function viaLoop(prepared: Prepared, o: { people: number; pool: number }): Promise<() => Promise<void>> {
  const server = { host: "127.0.0.1", port: given.port, secure: false, ignoreTLS: true };
  const transport =
    o.pool > 0 ? createTransport({ ...server, pool: true, maxConnections: o.pool }) : createTransport(server);
  let next = 0;
  const loop = async () => {
    for (let i = next++; i < o.people; i = next++) {
      const person = { ...somebody(), to: `p${i}@example.it`, messageId: `<${i}@libreria.example>` };
      const { subject, html, text } = renderParts(prepared, person);
      await transport.sendMail({
        ...{ from: person.from, to: person.to, subject, html, text, messageId: person.messageId },
        date: new Date(person.date),
        list: { unsubscribe: { url: person.links.leave, comment: "" } },
        headers: { "List-Unsubscribe-Post": "List-Unsubscribe=One-Click" },
      });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, o.pool) }, loop));
  return async () => transport.close();
}

function somebody(): Person {
  return {
    ...{
      to: "p0@example.it",
      name: "Ada",
      fields: {},
      list: "0190a1b2-0000-7000-8000-000000000001",
      listName: "Novità",
    },
    ...{ since: "2026-01-05T09:00:00.000Z", date: "2026-12-01T09:00:00.000Z", messageId: "<1@libreria.example>" },
    from: { name: "Libreria Rossi", address: "news@libreria.example" },
    links: { leave: `https://news.example.it/u/v1.k1.${"a".repeat(86)}.${"b".repeat(22)}` },
  };
}
