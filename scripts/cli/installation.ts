import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type pg from "pg";
import type { Config } from "../../lib/config.ts";
import { createKeyRing, type KeyRing, loadKeyRing } from "../../lib/crypto/keys.ts";
import { uuidv7 } from "../../lib/crypto/uuid.ts";
import { NotDone } from "./failure.ts";

/**
 * The key ring of this installation, made on the first start (mode 0600). A database that already belongs to an installation is never
 * given new keys: without its own nothing in it opens, no leave link works, and new ones would hide that.
 *
 * @param client the migrated database
 * @throws NotDone when keys are missing
 */
export async function keysOf(client: pg.Client, config: Config): Promise<KeyRing> {
  const file = join(config.ASSENSO_HOME, "keys.json");
  if (config.ASSENSO_KEYS === undefined && !existsSync(file)) {
    const owner = await installationOf(client);
    if (owner)
      throw new NotDone(
        `The keys are missing: this database belongs to the installation ${owner}, and ${file} is not there. Bring that file back from your backup.`,
      );
    mkdirSync(config.ASSENSO_HOME, { recursive: true, mode: 0o700 });
    writeFileSync(file, createKeyRing(randomBytes, uuidv7(new Date(), randomBytes)), { flag: "wx", mode: 0o600 });
  }
  try {
    return loadKeyRing({ file, json: config.ASSENSO_KEYS });
  } catch (error) {
    throw new NotDone(`The keys cannot be read: ${(error as Error).message}`);
  }
}

/** Id of the installation that the database belongs to; undefined while it belongs to none. */
export async function installationOf(client: pg.Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>("select id from installation");
  return rows[0]?.id;
}

/** Makes the folders of the data folder, and the database's row of the installation when there is none. */
export async function beginInstallation(client: pg.Client, config: Config, keys: KeyRing): Promise<void> {
  for (const folder of ["journal", "evidence", "logs"])
    mkdirSync(join(config.ASSENSO_HOME, folder), { recursive: true, mode: 0o700 });
  await client.query(
    "insert into installation (id, url, created_at) values ($1, $2, app_now()) on conflict do nothing",
    [keys.installation, config.PUBLIC_URL],
  );
}
