import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../scripts/embedded/postgres.mjs";
import { ensureBuilt } from "../../scripts/parts/build.mjs";
import { Child } from "../../scripts/parts/children.mjs";
import { command } from "../../scripts/parts/command.mjs";
import { freshDatabase, type TestDatabase } from "./database.ts";

const PROJECT = join(import.meta.dirname, "../..");

export type Application = {
  /** Where it is served, without a slash at the end; APP_URL and PUBLIC_URL unless the settings say otherwise. */
  url: string;
  /** The one-time set-up link that a first start prints. */
  setup: string;
  /** The data folder: keys.json, journal/, logs/. */
  home: string;
  database: TestDatabase;
  /** Processes, for tests that kill them; they are started again as npm start does. */
  web: Child;
  worker: Child;
};

/**
 * The built program over a database of its own, as npm start runs it: web and worker as processes of dist/. Built first when the sources
 * have changed. Everything ends with the context.
 *
 * @param o settings: environment variables; durable: the database keeps what it committed whatever is killed
 */
export async function startApplication(
  t: { after(work: () => Promise<void>): void },
  o: { settings?: Record<string, string>; durable?: boolean } = {},
): Promise<Application> {
  await ensureBuilt(PROJECT);
  const database = await freshDatabase(t, { durable: o.durable ?? false });
  const home = mkdtempSync(join(tmpdir(), "assenso-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const own = {
    PORT: `${port}`,
    DATABASE_URL: database.url,
    ASSENSO_HOME: home,
    NODE_ENV: "production",
    NEXT_TELEMETRY_DISABLED: "1",
  };
  const env = { ...process.env, ...own, ...o.settings };
  const { code, said } = await command(process.execPath, ["dist/assenso.mjs", "prepare", "--json"], {
    cwd: PROJECT,
    env,
  });
  if (code !== 0) throw new Error(`prepare: ${said}`);
  const { setup } = JSON.parse(said.trim().split("\n").at(-1) ?? "") as { setup: string };
  const make = (name: string) =>
    new Child(name, { project: PROJECT, home, env, say: () => undefined, changed: () => undefined });
  const [web, worker] = [make("web"), make("worker")];
  database.after(async () => {
    await Promise.all([web.stop(9500), worker.stop(9500)]);
    rmSync(home, { recursive: true, force: true });
  });
  await web.start();
  await worker.start();
  return { url, setup, home, database, web, worker };
}
