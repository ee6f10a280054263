import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The folder of a data folder's clusters. An ordinary user has them inside the data folder. Root has them outside of it, named by a
 * hash of its path, so that two copies of the project never meet. `pg/where` in the data folder remembers which: one that was moved finds
 * its cluster again; one that was copied (the first is still there), or made anew where another one was, begins its own.
 *
 * @param {string} home absolute path of the data folder
 * @param {"pg" | "test"} use
 * @param {boolean} root
 * @param {string} variableData where root keeps clusters: a folder that the unprivileged user can reach wherever the project lies
 */
export function clustersOf(home, use, root, variableData = "/var/lib/assenso") {
  const inside = join(home, use);
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  if (!root) return inside;
  const hash = createHash("sha256").update(home).digest("hex").slice(0, 16);
  const folder =
    remembered(inside, home) ??
    unused(join(variableData, use === "test" ? `${hash}-test` : hash), use === "test" ? home : undefined);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "home"), home);
  writeFileSync(join(inside, "where"), folder);
  return folder;
}

/** The remembered folder, unless the data folder that it serves still stands elsewhere. */
function remembered(/** @type {string} */ inside, /** @type {string} */ home) {
  const where = read(join(inside, "where"));
  const owner = where && read(join(where, "home"));
  return owner && (owner === home || !existsSync(owner)) ? where : undefined;
}

/** The first of `folder`, `folder-2` … that serves nobody, or `owner`: what an earlier data folder left is not touched. */
function unused(/** @type {string} */ folder, /** @type {string | undefined} */ owner) {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? folder : `${folder}-${n}`;
    const serves = read(join(candidate, "home"));
    if (serves === undefined || serves === owner) return candidate;
  }
}

/** @returns {string | undefined} the text of a file, or undefined where there is none */
export function read(/** @type {string} */ file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
