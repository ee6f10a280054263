import { randomBytes } from "node:crypto";
import { openDatabase } from "../../db/client.ts";
import { migrate } from "../../db/migrate.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import type { KeyRing } from "../../lib/crypto/keys.ts";
import type { Services } from "../../lib/services.ts";
import { createSetupLink } from "../../lib/users/setup-link.ts";
import { requireDirect, withConnection } from "./connection.ts";
import { NotDone } from "./failure.ts";
import { beginInstallation, keysOf } from "./installation.ts";
import type { Answer } from "./main.ts";

/** `assenso setup-link`: a new link, for who has lost the one that npm start printed. The one before works no more. */
export async function setUpLinkCommand(): Promise<Answer> {
  const config = readConfig();
  const keys = await begin(config);
  const link = await withLinks(config, keys, createSetupLink);
  if (!link) throw new NotDone("Assenso is set up already: sign in, or use: assenso user reset --email …");
  return { lines: [link], data: { link } };
}

/** Schema, keys and folders, for a command that may be the first thing that runs. */
export async function begin(config: Config): Promise<KeyRing> {
  await requireDirect(config);
  await migrate(config.DATABASE_DIRECT_URL);
  return withConnection(config.DATABASE_DIRECT_URL, async (client) => {
    const keys = await keysOf(client, config);
    await beginInstallation(client, config, keys);
    return keys;
  });
}

type LinkWorld = Pick<Services, "db" | "keys" | "config" | "randomBytes">;

/** Gives `work` what a link is made of; without a journal, for nothing of a person changes. */
export async function withLinks<T>(config: Config, keys: KeyRing, work: (s: LinkWorld) => Promise<T>): Promise<T> {
  const { db, close } = openDatabase(config.DATABASE_DIRECT_URL, { max: 1, name: "assenso command" });
  try {
    return await work({ db, keys, config, randomBytes });
  } finally {
    await close();
  }
}
