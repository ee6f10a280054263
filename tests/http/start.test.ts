import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { read } from "../../scripts/embedded/place.mjs";
import { freePort } from "../../scripts/embedded/postgres.mjs";
import { ensureBuilt } from "../../scripts/parts/build.mjs";

const PROJECT = join(import.meta.dirname, "../..");
const home = mkdtempSync(join(tmpdir(), "assenso-start-"));
// Below the range from which the system gives ports to whoever asks for any: between two starts nobody else takes it.
const port = await freePort(20_000 + (process.pid % 10_000));
await ensureBuilt(PROJECT);

type Started = { child: ChildProcess; said(): string; ended: Promise<number | null>; ready(): Promise<void> };
const begun: ChildProcess[] = [];

function start(settings: Record<string, string> = {}, script = "start.mjs", ...args: string[]): Started {
  const env: NodeJS.ProcessEnv = { ...process.env, PORT: `${port}`, ASSENSO_HOME: home, ...settings };
  delete env.npm_lifecycle_event;
  const child = spawn(process.execPath, [join(PROJECT, "scripts", script), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  begun.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (text += chunk));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const ready = async () => {
    while (!/Stop with Ctrl-C/.test(text)) {
      assert.equal(child.exitCode, null, text);
      await wait(50);
    }
  };
  return { child, said: () => text, ended, ready };
}

type Run = { pid: number; children: number[] };
const running = () => JSON.parse(readFileSync(join(home, "run.json"), "utf8")) as Run;
const postmaster = () => {
  const folder = read(join(home, "pg/where")) ?? join(home, "pg");
  return Number(read(join(folder, "cluster/data/postmaster.pid"))?.split("\n")[0]);
};
const alive = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(read(`/proc/${pid}/status`) ?? "");

after(async () => {
  for (const child of begun) if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
  for (const child of begun) while (child.exitCode === null && child.signalCode === null) await wait(50);
  const elsewhere = read(join(home, "pg/where"));
  for (const folder of [home, ...(elsewhere ? [elsewhere] : [])]) rmSync(folder, { recursive: true, force: true });
});

test("the first start says each step, the address, the set-up link once and where mail goes; a second one is refused", async () => {
  const one = start();
  await one.ready();
  for (const step of ["packages", "build", "database", "schema", "web", "worker"])
    assert.match(one.said(), new RegExp(`^  ${step} +\\d+\\.\\d s`, "m"));
  assert.match(one.said(), new RegExp(`^Assenso runs at http://localhost:${port}$`, "m"));
  assert.match(one.said(), new RegExp(`^Set it up here, once: http://localhost:${port}/s/v1\\.k1\\.\\S+$`, "m"));
  assert.match(one.said(), /^Mail: sandbox/m);
  assert.equal(statSync(join(home, "keys.json")).mode & 0o777, 0o600);
  assert.equal((await fetch(`http://localhost:${port}/readyz`)).status, 200);

  const second = start();
  assert.equal(await second.ended, 1);
  assert.match(second.said(), /already runs here/);

  const { children } = running();
  const database = postmaster();
  one.child.kill("SIGINT");
  assert.equal(await one.ended, 0);
  assert.deepEqual([...children, database].filter(alive), [], "everything has ended");
  assert.equal(existsSync(join(home, "run.json")), false);
});

/** How long a start takes is measured by `npm run bench -- start`; here other tests run beside it. */
test("after kill -9 of all of it the next start recovers by itself", async () => {
  const one = start();
  await one.ready();
  for (const pid of [one.child.pid ?? 0, ...running().children, postmaster()]) process.kill(pid, "SIGKILL");
  await one.ended;
  const next = start();
  await next.ready();

  // Killed alone, it leaves no orphan but the database, which the next one takes over.
  const { children } = running();
  next.child.kill("SIGKILL");
  await next.ended;
  for (let i = 0; children.some(alive) && i < 100; i++) await wait(100);
  assert.deepEqual(children.filter(alive), []);
  const last = start();
  await last.ready();
  assert.match(last.said(), /taken over/);
  last.child.kill("SIGTERM");
  assert.equal(await last.ended, 0);
});

test("a web process and a database that are killed are started again", async () => {
  const one = start();
  await one.ready();
  process.kill(running().children[0] ?? 0, "SIGKILL");
  await comesBack(one);
  assert.match(one.said(), /The web process ended \(SIGKILL\)/);
  const former = postmaster();
  process.kill(former, "SIGKILL");
  for (let i = 0; !/PostgreSQL had ended; it was started again/.test(one.said()) && i < 200; i++) await wait(50);
  assert.notEqual(postmaster(), former, one.said());
  await comesBack(one);
  one.child.kill("SIGTERM");
  assert.equal(await one.ended, 0);
  assert.equal(alive(postmaster()), false);
});

async function comesBack(one: Started): Promise<void> {
  for (let i = 0; ; i++) {
    if ((await fetch(`http://localhost:${port}/readyz`).catch(() => undefined))?.status === 200) break;
    assert.ok(i < 200, one.said());
    await wait(100);
  }
}

test("a signal at any moment of the start ends all that was begun", async () => {
  for (const ms of [50, 300, 600, 900, 1200]) {
    const one = start();
    await wait(ms);
    one.child.kill("SIGTERM");
    const code = await one.ended;
    // Ended by the signal itself: before it heard signals, and so before it began anything.
    const unheard = code === null && one.said() === "";
    assert.ok(code === 130 || code === 0 || unheard, `${ms} ms: ${code} ${one.said()}`);
    assert.equal(alive(postmaster()), false, `${ms} ms: the database`);
  }
});

test("what keeps it from starting is one clear sentence, and the exit code is not 0", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  const inUse = start();
  assert.equal(await inUse.ended, 1);
  assert.match(inUse.said().trim(), /^Port \d+ is in use by another program: .*$/);
  await new Promise((resolve) => server.close(resolve));

  const wrong = start({ DATABASE_URL: "postgres://somebody:secret-word@127.0.0.1:1/x" });
  assert.equal(await wrong.ended, 1);
  assert.match(wrong.said().trim().split("\n").at(-1) ?? "", /^DATABASE_URL: no PostgreSQL listens at 127\.0\.0\.1:1/);
  assert.doesNotMatch(wrong.said(), /secret-word/);

  const faults = start({ APP_URL: "nonsense", TRUSTED_PROXIES: "me" });
  assert.equal(await faults.ended, 1);
  assert.match(faults.said(), /APP_URL must be[\s\S]*TRUSTED_PROXIES: "me"/);
});

test("doctor says whether all is in order, and with which exit code", async () => {
  const doctor = start({}, "assenso.mjs", "doctor");
  assert.equal(await doctor.ended, 0);
  assert.match(doctor.said(), /Everything is in order\./);
  const wrong = start({ DATABASE_URL: "postgres://a:b@127.0.0.1:1/x" }, "assenso.mjs", "doctor", "--json");
  assert.equal(await wrong.ended, 1);
  assert.equal(JSON.parse(wrong.said()).ok, false);
  assert.equal(await start({}, "assenso.mjs", "nonsense").ended, 2);
});
