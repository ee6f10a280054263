import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "./problem.mjs";

/** @typedef {import("node:child_process").ChildProcess} Process */

/**
 * How each process is started. What a message leaves behind is young garbage and dies at once: 8 MB of room for it, where 32 MB took 75 MB more of the machine and 1,000,000
 * people have to fit into 200 (bench scale). Two arenas of the C library instead of one for each thread that ever asked for memory: 20 MB less.
 * @type {Record<string, { flags: string[], env: Record<string, string> }>}
 */
export const STARTED = { worker: { flags: ["--max-semi-space-size=8"], env: { MALLOC_ARENA_MAX: "2" } } };

/**
 * Keeps one process of dist/ running. It says `{ ready: true }` over its channel, or `{ failed: sentence }`; when the channel closes
 * (this process was killed) it ends. What it prints goes into `logs/<name>.log`.
 */
export class Child {
  /** @type {Process | undefined} */
  #process;
  #stopping = false;

  /**
   * @param {string} name web or worker
   * @param {{ project: string, home: string, env: Record<string, string | undefined>, say: (line: string) => void, changed: () => void }} o
   */
  constructor(name, o) {
    this.name = name;
    this.o = o;
    this.log = join(o.home, "logs", `${name}.log`);
  }

  get pid() {
    return this.#process?.pid;
  }

  /**
   * Starts it and waits until it is ready; from then on it is started again whenever it ends.
   *
   * @throws {Problem} when it ends before it was ready
   */
  async start() {
    await this.#launch();
    void this.#watch();
  }

  async #launch() {
    if (existsSync(this.log) && statSync(this.log).size > 20_000_000) renameSync(this.log, `${this.log}.1`);
    const from = existsSync(this.log) ? statSync(this.log).size : 0;
    const fd = openSync(this.log, "a", 0o600);
    // Its own process group: Ctrl-C in the terminal reaches us alone, and we stop everybody in order.
    const args = [
      "--enable-source-maps",
      ...(STARTED[this.name]?.flags ?? []),
      join(this.o.project, "dist", `${this.name}.mjs`),
    ];
    const child = spawn(process.execPath, args, {
      cwd: this.o.project,
      env: { ...STARTED[this.name]?.env, ...this.o.env },
      stdio: ["ignore", fd, fd, "ipc"],
      detached: true,
    });
    closeSync(fd);
    this.#process = child;
    this.o.changed();
    const failed = await answer(child);
    if (failed === undefined || this.#stopping) return;
    const said = readFileSync(this.log).subarray(from).toString().trim().split("\n").slice(-8).join("\n");
    throw new Problem(
      failed || `The ${this.name} process did not start. Its last words (all of them are in ${this.log}):\n${said}`,
    );
  }

  async #watch() {
    for (let pause = 1000; ; pause = Math.min(pause * 2, 30_000)) {
      const since = process.hrtime.bigint();
      const code = await ended(this.#process);
      if (this.#stopping) return;
      if (process.hrtime.bigint() - since > 60_000_000_000n) pause = 1000;
      this.o.say(`The ${this.name} process ended (${code}); it is started again. See ${this.log}`);
      await wait(pause);
      if (this.#stopping) return;
      await this.#launch().catch((error) => this.o.say(String(error.message)));
    }
  }

  /** Asks it to end so that it is started again, with what `env` holds then. */
  restart() {
    this.#process?.kill("SIGTERM");
  }

  /** Asks it to end, and after `ms` ends it. */
  async stop(/** @type {number} */ ms) {
    this.#stopping = true;
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGTERM");
    const timer = setTimeout(() => child.kill("SIGKILL"), ms);
    await ended(child);
    clearTimeout(timer);
  }
}

/** @returns {Promise<string | undefined>} undefined when it is ready, else the sentence of why not ("" when it gave none) */
function answer(/** @type {Process} */ child) {
  return new Promise((resolve) => {
    child.on("message", (/** @type {{ ready?: boolean, failed?: string }} */ message) => {
      if (message.ready) resolve(undefined);
      if (message.failed) resolve(message.failed);
    });
    child.once("exit", () => setImmediate(resolve, ""));
    child.once("error", (error) => resolve(String(error)));
  });
}

/** @returns {Promise<string>} how it ended */
function ended(/** @type {Process | undefined} */ child) {
  return new Promise((resolve) => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve("at once");
    child.once("exit", (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
}
