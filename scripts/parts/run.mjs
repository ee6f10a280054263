import { readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { Problem } from "./problem.mjs";

/** @typedef {{ pid: number, address: string, children: number[] }} Run */

/**
 * Refuses a second start in the same data folder; after a `kill -9` waits for, then ends, the processes that were left.
 *
 * @returns {Promise<boolean>} whether something was left
 */
export async function requireSole(/** @type {string} */ home) {
  const run = readRun(home);
  if (!run) return false;
  if (run.pid !== process.pid && ours(run.pid, "start.mjs")) {
    throw new Problem(
      `Assenso already runs here, at ${run.address}: to stop it, press Ctrl-C where it was started, or run: kill ${run.pid}`,
    );
  }
  // Web and worker end by themselves when they lose their parent; who has hung does not.
  for (const pid of run.children) {
    for (let i = 0; ours(pid, "dist/") && i < 100; i++) await wait(100);
    if (ours(pid, "dist/")) process.kill(pid, "SIGKILL");
  }
  return true;
}

/** Remembers who runs here, for the next start. */
export function writeRun(/** @type {string} */ home, /** @type {Run} */ run) {
  writeFileSync(join(home, "run.json"), JSON.stringify(run), { mode: 0o600 });
}

export function removeRun(/** @type {string} */ home) {
  rmSync(join(home, "run.json"), { force: true });
}

/** @returns {Run | undefined} */
export function readRun(/** @type {string} */ home) {
  try {
    return JSON.parse(readFileSync(join(home, "run.json"), "utf8"));
  } catch {
    return undefined;
  }
}

/** Whether the process lives and is what we think it is: numbers are given again. */
function ours(/** @type {number} */ pid, /** @type {string} */ part) {
  try {
    process.kill(pid, 0);
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(part);
  } catch (error) {
    return /** @type {{ syscall?: string }} */ (error).syscall === "open" && process.platform !== "linux";
  }
}

/**
 * @param {number} port
 * @param {number} [patience] ms: of a process that was killed, the system closes the port a moment after it is gone
 * @throws {Problem} when another program listens on the port, or this user may not
 */
export async function requireFreePort(port, patience = 0) {
  const code = await listenError(port);
  if (code === undefined) return;
  if (code === "EACCES")
    throw new Problem(`Port ${port} may not be used by this user: choose one above 1023, for example PORT=3000.`);
  if (patience <= 0) {
    throw new Problem(
      `Port ${port} is in use by another program: stop that, or choose another port, for example PORT=${port + 1} npm start`,
    );
  }
  await wait(100);
  return requireFreePort(port, patience - 100);
}

/** @returns {Promise<string | undefined>} why the port cannot be opened */
function listenError(/** @type {number} */ port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (/** @type {{ code?: string }} */ { code }) => resolve(code));
    server.listen(port, () => server.close(() => resolve(undefined)));
  });
}

/** @throws {Problem} when the file system of `path` has less than `megabytes` free */
export function requireSpace(/** @type {string} */ path, /** @type {number} */ megabytes) {
  const { bavail, bsize } = statfsSync(path);
  const free = Math.floor((bavail * bsize) / 1e6);
  if (free < megabytes)
    throw new Problem(
      `The disk is full: ${path} has ${free} MB free and ${megabytes} MB are needed. Free some space and start again.`,
    );
}
