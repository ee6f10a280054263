import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where root keeps clusters: a folder that the unprivileged user can reach wherever the project lies. */
const VARIABLE_DATA = "/var/lib/assenso";

/**
 * The folder of a data folder's clusters. An ordinary user has them inside the data folder. Root has them outside of it, named by a
 * hash of its path, so that two copies of the project never meet. `pg/where` remembers that folder: a data folder that was moved finds
 * its cluster again, one that was copied (the first is still there) begins its own.
 *
 * @param {string} home absolute path of the data folder
 * @param {"pg" | "test"} use
 * @param {boolean} root
 */
export function clustersOf(home, use, root) {
  const inside = join(home, use);
  mkdirSync(inside, { recursive: true, mode: 0o700 });
  if (!root) return inside;
  const own = join(
    VARIABLE_DATA,
    createHash("sha256").update(home).digest("hex").slice(0, 16) + (use === "test" ? "-test" : ""),
  );
  const folder = moved(inside, home) ?? own;
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  chmodSync(folder, 0o755);
  writeFileSync(join(folder, "home"), home);
  writeFileSync(join(inside, "where"), folder);
  return folder;
}

/** The remembered folder, unless the data folder that it serves still stands elsewhere. */
function moved(/** @type {string} */ inside, /** @type {string} */ home) {
  const where = read(join(inside, "where"));
  const owner = where && read(join(where, "home"));
  return owner && (owner === home || !existsSync(owner)) ? where : undefined;
}

/** @returns {string | undefined} the text of a file, or undefined where there is none */
export function read(/** @type {string} */ file) {
  try {
    return readFileSync(file, "utf8").trim();
  } catch {
    return undefined;
  }
}
