import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { SMTPServer } from "smtp-server";
import { launchDue } from "../../lib/campaigns/due.ts";
import { listSandbox } from "../../lib/delivery/sandbox-inbox.ts";
import { openJobs } from "../../lib/jobs/queues.ts";
import { createServer } from "../../lib/servers/create.ts";
import { ensureSandbox } from "../../lib/servers/sandbox.ts";
import { updateServer } from "../../lib/servers/update.ts";
import { freshDatabase, type TestDatabase } from "../support/database.ts";
import { until } from "../support/engine.ts";
import { builtWorker, startWorker } from "../support/process.ts";
import { freshRedis } from "../support/redis.ts";
import { launchedStarter, scene, sinkServer, states } from "../support/sending.ts";
import { testServices } from "../support/services.ts";
import { startSink } from "../support/sink.ts";
import { workerEnv } from "../support/worker-env.ts";

const file = await builtWorker();
const LONG = process.env.ASSENSO_TEST_LONG !== undefined;

/** A live organization whose campaign goes to a sink of its own, over a database of its own. */
async function world(
  t: { after(work: () => Promise<void>): void },
  o: { people: number; slow?: number; redisUrl?: string },
) {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const sink = await startSink({ slow: o.slow ?? 0 });
  d.after(() => sink.close());
  const here = await scene(s, { people: o.people });
  await sinkServer(s, { organization: here.organization, port: sink.port });
  const env = workerEnv(d, s, { allow: `127.0.0.1:${sink.port}`, ...(o.redisUrl ? { redisUrl: o.redisUrl } : {}) });
  const worker = () => startWorker({ after: (work) => d.after(work) }, file, env);
  const campaign = () => launchedStarter(s, { scene: here, starter: "letter" });
  return { d, s, sink, here, worker, campaign };
}

test("SIGTERM in mid-work, again and again: what is with the server gets its answer, nobody is uncertain [F03]", async (t) => {
  const { s, sink, worker, campaign } = await world(t, { people: 400, slow: 20 });
  const id = await campaign();
  for (let i = 0; i < (LONG ? 6 : 3); i++) {
    const one = worker();
    const before = sink.kept.length;
    await until(() => sink.kept.length > before + 20, 20_000, one.said());
    assert.equal((await one.kill("SIGTERM")).code, 0, one.said());
    const now = await states(s, id);
    assert.deepEqual([now.uncertain ?? 0, now.sending ?? 0, now.claimed ?? 0], [0, 0, 0]);
    assert.equal(now.accepted, sink.kept.length);
  }
  const last = worker();
  await until(async () => (await states(s, id)).accepted === 400, 30_000);
  assert.equal(new Set(sink.kept.map((one) => one.to)).size, 400);
  assert.equal(sink.kept.length, 400);
  await last.kill("SIGTERM");
});

test("the first message leaves within seconds, also of many people: the snapshot goes on beside it", async (t) => {
  const people = LONG ? 20_000 : 6000;
  const { s, sink, worker, campaign } = await world(t, { people, slow: 30 });
  const one = worker();
  await one.ready;
  const id = await campaign();
  const begun = performance.now();
  await until(() => sink.kept.length > 0, 10_000, one.said());
  assert.ok(performance.now() - begun < 5000);
  await until(
    async () =>
      (await s.db.execute<{ size: number }>(sql`select size from campaigns where id = ${id}::uuid`)).rows[0]?.size ===
      people,
    20_000,
  );
  await one.kill("SIGTERM");
});

test("a scheduled campaign starts once, with three workers; what nobody rang for is found all the same [F25]", async (t) => {
  const { d, s, sink, here, worker, campaign } = await world(t, { people: 30 });
  const id = await campaign();
  await s.db.execute(
    sql`update campaigns set state = 'scheduled', scheduled_at = app_now() + interval '1 hour' where id = ${id}::uuid`,
  );
  const three = [worker(), worker(), worker()];
  await Promise.all(three.map((one) => one.ready));
  assert.deepEqual(await launchDue(s), []);
  await d.moveClock(3_600_000);
  await until(async () => (await states(s, id)).accepted === 30, 10_000);
  assert.equal(sink.kept.length, 30);
  assert.equal(here.contacts.length, 30);
  for (const one of three) assert.equal((await one.kill("SIGTERM")).code, 0, one.said());
});

test("until a server is live the worker's own sandbox keeps the mail", async (t) => {
  const d = await freshDatabase(t);
  const s = await testServices(d);
  const here = await scene(s, { people: 12, live: false });
  await ensureSandbox(s, here);
  const id = await launchedStarter(s, { scene: here });
  const one = startWorker({ after: (work) => d.after(work) }, file, workerEnv(d, s));
  await until(async () => (await states(s, id)).accepted === 12, 15_000, one.said());
  const rows = await listSandbox(s, { who: here.who });
  assert.equal(rows.length, 12);
  assert.ok(!/@example\.it/.test(one.said()), "no address reaches the log");
  assert.equal((await one.kill("SIGTERM")).code, 0, one.said());
});

test("Redis emptied and killed in mid-work loses nothing and repeats nothing; a ring after it wakes the worker again [F05, F06]", async (t) => {
  const redis = await freshRedis(t);
  const { d, s, sink, worker, campaign } = await world(t, { people: 600, slow: 10, redisUrl: redis.url });
  const [one, two] = [worker(), worker()];
  await Promise.all([one.ready, two.ready]);
  const id = await campaign();
  const jobs = openJobs({ directUrl: d.ownerUrl, redisUrl: redis.url, log: s.log });
  d.after(() => jobs.close());
  await jobs.ring("campaign", id);
  for (let i = 1; i <= 4; i++) {
    await until(() => sink.kept.length > i * 80, 20_000);
    await redis.flush();
  }
  await redis.kill();
  await jobs.ring("campaign", id);
  await until(async () => (await states(s, id)).accepted === 600, 30_000, one.said());
  assert.equal(sink.kept.length, 600);
  assert.equal(new Set(sink.kept.map((kept) => kept.to)).size, 600);
  await redis.start();
  const again = await campaign();
  await jobs.ring("campaign", again);
  await until(async () => (await states(s, again)).accepted === 600, 30_000);
  for (const each of [one, two]) assert.equal((await each.kill("SIGTERM")).code, 0, each.said());
});

/** A server that wants TLS and a password, with a certificate of our own authority for 127.0.0.1. Answers with its port and the authority's file. */
async function secureServer(d: TestDatabase, o: { secure: boolean }) {
  const folder = mkdtempSync(join(tmpdir(), "tls-"));
  d.after(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const args =
    "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=sink -addext subjectAltName=IP:127.0.0.1";
  execFileSync("openssl", [...args.split(" "), "-keyout", key, "-out", cert], { stdio: "ignore" });
  const seen: { to: string; secure: boolean; user: string }[] = [];
  const server = new SMTPServer({
    ...{
      secure: o.secure,
      key: readFileSync(key),
      cert: readFileSync(cert),
      logger: false,
      disableReverseLookup: true,
    },
    onAuth: (auth, _, callback) =>
      callback(auth.password === "giusta" ? null : new Error("no"), { user: auth.username ?? "" }),
    onData(stream, session, callback) {
      stream.resume().on("end", () => {
        seen.push({
          to: session.envelope.rcptTo[0]?.address ?? "",
          secure: session.secure,
          user: String(session.user),
        });
        callback(null, "kept");
      });
    },
  });
  server.on("error", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  d.after(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return { port: (server.server.address() as { port: number }).port, cert, seen };
}

for (const encryption of ["starttls", "tls"] as const) {
  test(`${encryption} with a password: each message leaves encrypted and signed in; a wrong password pauses the server until a person comes [F40]`, async (t) => {
    const d = await freshDatabase(t);
    const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });
    const there = await secureServer(d, { secure: encryption === "tls" });
    s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: there.port });
    const here = await scene(s, { people: 8 });
    const described = {
      kind: "dedicated",
      name: "Casella",
      host: "127.0.0.1",
      port: there.port,
      encryption,
      auth: "password",
    } as const;
    const sender = { fromName: "Libreria", fromAddress: "news@libreria.example", username: "news" };
    const { id } = await createServer(s, { who: here.who, ...described, ...sender, password: "sbagliata" });
    await s.db.execute(sql`update servers set live_at = now() where id = ${id}::uuid`);
    const env = { ...workerEnv(d, s, { allow: `127.0.0.1:${there.port}` }), NODE_EXTRA_CA_CERTS: there.cert };
    const one = startWorker({ after: (work) => d.after(work) }, file, env);
    const campaign = await launchedStarter(s, { scene: here });
    const reason = async () =>
      (
        await s.db.execute<{ why: string; retry: Date }>(
          sql`select paused_reason as why, retry_at as retry from servers where id = ${id}::uuid`,
        )
      ).rows[0];
    await until(async () => (await reason())?.why === "auth", 15_000, one.said());
    assert.equal((await reason())?.retry, null);
    assert.equal(there.seen.length, 0);
    await updateServer(s, { who: here.who, server: id, ...described, ...sender, password: "giusta" });
    await until(async () => (await states(s, campaign)).accepted === 8, 15_000, one.said());
    assert.deepEqual([...new Set(there.seen.map((mail) => `${mail.secure} ${mail.user}`))], ["true news"]);
    assert.equal(new Set(there.seen.map((mail) => mail.to)).size, 8);
    assert.ok(!one.said().includes("giusta") && !one.said().includes("sbagliata"));
    await one.kill("SIGTERM");
  });
}

test("a worker whose parent is gone ends by itself", async (t) => {
  const { worker } = await world(t, { people: 1 });
  const one = worker();
  await one.ready;
  one.leave();
  await until(() => one.gone(), 10_000);
  await wait(0);
});
