import assert from "node:assert/strict";
import { after, test } from "node:test";
import { eq, sql } from "drizzle-orm";
import { servers } from "../../db/schema/servers.ts";
import { until } from "../support/engine.ts";
import { launched, type Scene, scene, sinkServer, states } from "../support/sending.ts";
import { type Sink, type SinkOptions, startSink } from "../support/sink.ts";
import { engineHouse } from "../support/under-way.ts";

const { d, s, running, fillAll, ended } = await engineHouse({ after });

/** Another live server of the organization, with a sink of its own. */
async function route(here: Scene, o: Partial<Parameters<typeof sinkServer>[1]> & { sink?: SinkOptions } = {}) {
  const sink = await startSink({ keep: true, ...o.sink });
  d.after(() => sink.close());
  s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
  const { sink: _, ...settings } = o;
  const server = await sinkServer(s, { organization: here.organization, port: sink.port, ...settings });
  return { sink, server };
}

const positions = (sink: Sink) =>
  sink.kept.map((one) => Number(/^<c\d+\.(\d+)\./.exec(one.messageId)?.[1])).sort((a, b) => a - b);
const domains = (sink: Sink) => new Set(sink.kept.map((one) => one.messageId.split("@")[1]));

test("by weight each server carries its part, nobody twice, and the Message-ID does not tell which", async (t) => {
  const here = await scene(s, { people: 400 });
  const [a, b] = [await route(here), await route(here, { fromAddress: "posta@altra.example" })];
  const campaign = await launched(s, {
    ...{ scene: here, server: a.server, split: "weight" },
    servers: [
      { server: a.server, weight: 3 },
      { server: b.server, weight: 1 },
    ],
  });
  await ended(campaign, running(t));
  assert.deepEqual(await states(s, campaign), { accepted: 400 });
  assert.deepEqual([a.sink.kept.length, b.sink.kept.length], [300, 100]);
  assert.deepEqual(
    [...positions(a.sink), ...positions(b.sink)].sort((x, y) => x - y),
    [...Array(400).keys()],
  );
  for (const { sink } of [a, b]) assert.deepEqual([...domains(sink)], ["libreria.example>"]);
  assert.match(b.sink.sources[0]?.toString() ?? "", /^From: Libreria Rossi <news@libreria.example>/);
  // What answers for the way is the server's own: SPF is asked for it.
  assert.deepEqual(new Set(b.sink.kept.map((one) => one.from)), new Set(["posta@altra.example"]));
});

test("by capacity a fast server carries what a limited one cannot, and each keeps its own limit", async (t) => {
  const here = await scene(s, { people: 120 });
  const [a, b] = [await route(here, { perDay: 10 }), await route(here)];
  const campaign = await launched(s, {
    ...{ scene: here, server: a.server, split: "capacity" },
    servers: [{ server: a.server }, { server: b.server }],
  });
  await ended(campaign, running(t));
  assert.deepEqual(await states(s, campaign), { accepted: 120 });
  assert.ok(a.sink.kept.length <= 10 && a.sink.kept.length + b.sink.kept.length === 120);
});

test("by domain only servers that send as the sender's domain carry it", async (t) => {
  const here = await scene(s, { people: 30 });
  const [a, b] = [await route(here), await route(here, { fromAddress: "posta@altra.example" })];
  const campaign = await launched(s, {
    ...{ scene: here, server: b.server, split: "domain" },
    servers: [{ server: a.server }, { server: b.server }],
  });
  await ended(campaign, running(t));
  assert.deepEqual([a.sink.kept.length, b.sink.kept.length], [0, 30]);
});

test("by weight the part of a server that a person has to help is carried by the others; when it is back it carries its own again", async (t) => {
  const here = await scene(s, { people: 200 });
  const [a, b] = [await route(here), await route(here)];
  const pause = (paused: boolean) =>
    s.db
      .update(servers)
      .set({ pausedAt: paused ? (sql`app_now()` as never) : null, pausedReason: paused ? "auth" : null })
      .where(eq(servers.id, a.server));
  await pause(true);
  const launch = () =>
    launched(s, {
      ...{ scene: here, server: a.server, split: "weight" },
      servers: [{ server: a.server }, { server: b.server }],
    });
  const engine = running(t);
  const first = await launch();
  await ended(first, engine);
  assert.deepEqual([a.sink.kept.length, b.sink.kept.length], [0, 200]);
  await pause(false);
  const second = await launch();
  await fillAll(second);
  await ended(second, engine);
  assert.deepEqual([a.sink.kept.length, b.sink.kept.length], [100, 300]);
});

test("a campaign that waits for its server's window holds up no other server's", async (t) => {
  const [here, there] = [await scene(s, { people: 50 }), await scene(s, { people: 50 })];
  const [a, b] = [await route(here, { perDay: 5 }), await route(there)];
  const waiting = await launched(s, { scene: here, server: a.server });
  const engine = running(t);
  await until(() => a.sink.kept.length === 5);
  const other = await launched(s, { scene: there, server: b.server });
  await ended(other, engine);
  assert.equal(b.sink.kept.length, 50);
  assert.equal((await states(s, waiting)).accepted, 5);
});
