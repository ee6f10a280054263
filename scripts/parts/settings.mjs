import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem } from "./problem.mjs";

/** The project's folder. */
export const PROJECT = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");

/**
 * A setting from outside, or from the file that `NAME_FILE` names. Before anything is installed only these few are read;
 * all of them are checked together by lib/config.ts.
 *
 * @param {string} name
 * @returns {string | undefined}
 */
export function setting(name) {
  const file = process.env[`${name}_FILE`]?.trim();
  if (!file) return process.env[name]?.trim() || undefined;
  try {
    return readFileSync(file, "utf8").trim() || undefined;
  } catch {
    throw new Problem(`${name}_FILE names ${file}, which cannot be read.`);
  }
}

/** The data folder: ASSENSO_HOME, or .assenso in the project. */
export function dataFolder() {
  return resolve(PROJECT, setting("ASSENSO_HOME") ?? join(PROJECT, ".assenso"));
}

/** The port that the web process listens on. */
export function webPort() {
  const port = Number(setting("PORT") ?? 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65535) throw new Problem("PORT must be a number from 1 to 65535.");
  return port;
}
