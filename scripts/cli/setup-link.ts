import { randomBytes } from "node:crypto";
import type pg from "pg";
import { migrate } from "../../db/migrate.ts";
import { type Config, readConfig } from "../../lib/config.ts";
import type { KeyRing } from "../../lib/crypto/keys.ts";
import { makeLink } from "../../lib/crypto/links.ts";
import { hashToken, newToken } from "../../lib/crypto/tokens.ts";
import { requireDirect, withConnection } from "./connection.ts";
import { NotDone } from "./failure.ts";
import { beginInstallation, keysOf } from "./installation.ts";
import type { Answer } from "./main.ts";

/** `assenso setup-link`: a new link, for who has lost the one that npm start printed. The one before works no more. */
export async function setUpLinkCommand(): Promise<Answer> {
  const config = readConfig();
  await requireDirect(config);
  await migrate(config.DATABASE_DIRECT_URL);
  const link = await withConnection(config.DATABASE_DIRECT_URL, async (client) => {
    const keys = await keysOf(client, config);
    await beginInstallation(client, config, keys);
    return setUpLink(client, config, keys);
  });
  if (!link) throw new NotDone("Assenso is set up already: sign in, or use: assenso user reset --email …");
  return { lines: [link], data: { link } };
}

/** A new one-time link for the first set-up, in the place of every earlier one; undefined when somebody has set up already. */
export async function setUpLink(client: pg.Client, config: Config, keys: KeyRing): Promise<string | undefined> {
  const { rowCount } = await client.query("select from users limit 1");
  if (rowCount) return undefined;
  const token = newToken(randomBytes);
  await client.query("delete from user_tokens where purpose = 's' and used_at is null");
  await client.query("insert into user_tokens (hash, purpose, created_at) values ($1, 's', app_now())", [
    hashToken(token),
  ]);
  return `${config.APP_URL}/s/${makeLink(keys, "s", token)}`;
}
