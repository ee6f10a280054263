import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Problem } from "../parts/problem.mjs";

/** @typedef {{ name: string, uid: number, gid: number }} Account */

/**
 * PostgreSQL refuses to run as root. Gives the unprivileged user who runs it instead: `assenso`, made if it can be,
 * else one that the system brings. Undefined when this process is no root: then it runs the cluster itself.
 *
 * @returns {Account | undefined}
 */
export function clusterAccount() {
  if (process.getuid?.() !== 0) return undefined;
  const found = find("assenso");
  if (found) return found;
  // Two starts at once: the second finds that the first has made the user.
  spawnSync("useradd", ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "assenso"], {
    stdio: "ignore",
  });
  const account = find("assenso") ?? find("postgres") ?? find("nobody");
  if (!account)
    throw new Problem(
      "PostgreSQL does not run as root and no other user could be made: start Assenso as an ordinary user.",
    );
  return account;
}

/** Reads /etc/passwd: the uid must exist there, or initdb stops. */
function find(/** @type {string} */ name) {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((line) => line.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid && gid ? { name, uid: Number(uid), gid: Number(gid) } : undefined;
}
