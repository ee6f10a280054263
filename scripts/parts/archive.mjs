import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/**
 * What the program is made of, by name: an installation's own files (keys, settings, dumps) may lie in the same folder and are never handed out.
 * `.npmrc` is left out too: people keep tokens there.
 */
const PARTS = [
  ...["app", "bench", "db", "docs", "lib", "messages", "public", "scripts", "tests", "workers"],
  ...["CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "SECURITY.md", "biome.json", "drizzle.config.ts"],
  ...["next.config.ts", "package-lock.json", "package.json", "postcss.config.mjs", "proxy.ts", "tsconfig.json"],
];

const BLOCK = 512;

/**
 * The source of this program as a gzipped tar (ustar, POSIX.1-1988): what AGPL-3.0 §13 has us offer to whoever uses it over a network. Files that begin
 * with a dot and links are none of it.
 *
 * @param {string} project
 * @param {string} root folder that everything lies in once it is unpacked
 */
export function sourceArchive(project, root) {
  const blocks = PARTS.flatMap((path) => filesIn(project, path)).flatMap((path) => {
    const bytes = readFileSync(join(project, path));
    return [header(`${root}/${path}`, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/** @param {string} project @param {string} path @returns {string[]} */
function filesIn(project, path) {
  const found = lstatSync(join(project, path), { throwIfNoEntry: false });
  if (found?.isFile()) return [path];
  if (!found?.isDirectory()) return [];
  const names = readdirSync(join(project, path)).filter((name) => !name.startsWith("."));
  return names.sort().flatMap((name) => filesIn(project, `${path}/${name}`));
}

/** @param {string} path @param {number} size */
function header(path, size) {
  const { name, prefix } = split(path);
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0);
  block.write("0000644\0", 100);
  block.write("0000000\0".repeat(2), 108);
  block.write(`${size.toString(8).padStart(11, "0")}\0`, 124);
  // One time for all: the same source makes the same bytes.
  block.write(`${"0".padStart(11, "0")}\0`, 136);
  block.write(" ".repeat(8), 148);
  block.write("0", 156);
  block.write("ustar\0" + "00", 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}

/** A name has room for 100 bytes, and 155 more for the folders before it. @param {string} path */
function split(path) {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: "" };
  for (let at = path.indexOf("/"); at > 0; at = path.indexOf("/", at + 1)) {
    const [prefix, name] = [path.slice(0, at), path.slice(at + 1)];
    if (Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155) return { name, prefix };
  }
  throw new Error(`${path} is too long for an archive`);
}
