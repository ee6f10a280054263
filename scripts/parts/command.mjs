import { spawn } from "node:child_process";

/**
 * Runs a program and gathers what it says. Ends with it when `signal` is raised.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {{ cwd: string, env?: Record<string, string | undefined>, signal?: AbortSignal }} o
 * @returns {Promise<{ code: number, said: string }>} code -1: it could not be started, or was ended by a signal
 */
export function command(program, args, o) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: o.cwd,
      env: { ...process.env, ...o.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const stop = () => child.kill("SIGTERM");
    o.signal?.addEventListener("abort", stop, { once: true });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += chunk));
    child.once("error", (error) => resolve({ code: -1, said: String(error) }));
    child.once("close", (code) => {
      o.signal?.removeEventListener("abort", stop);
      resolve({ code: code ?? -1, said });
    });
  });
}
