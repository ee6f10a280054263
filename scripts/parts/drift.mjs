import { cpSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { command } from "./command.mjs";

/**
 * Whether db/schema says something that db/migrations does not do yet. drizzle-kit ends with 0 when it wrote a migration, and also when it
 * failed for want of a terminal: its words and the folder are judged, on a copy.
 *
 * @param {string} project
 * @returns {Promise<string[]>} findings
 */
export async function schemaDrift(project) {
  const copy = join(project, ".assenso", `check-${process.pid}`);
  mkdirSync(copy, { recursive: true });
  try {
    for (const path of ["db/schema", "db/migrations", "drizzle.config.ts"])
      cpSync(join(project, path), join(copy, path), { recursive: true });
    const files = () => readdirSync(join(copy, "db/migrations"), { recursive: true }).sort().join();
    const before = files();
    const kit = join(project, "node_modules/drizzle-kit/bin.cjs");
    const { said } = await command(process.execPath, [kit, "generate"], { cwd: copy });
    if (said.includes("No schema changes") && files() === before) return [];
    return ["db/schema is ahead of db/migrations: npm run db:generate", ...said.trim().split("\n").slice(-6)];
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
