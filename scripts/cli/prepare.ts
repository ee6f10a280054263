import type pg from "pg";
import { migrate } from "../../db/migrate.ts";
import { readConfig } from "../../lib/config.ts";
import { createSetupLink } from "../../lib/users/setup-link.ts";
import { requireDirect, withConnection } from "./connection.ts";
import { beginInstallation, keysOf } from "./installation.ts";
import type { Answer } from "./main.ts";
import { withLinks } from "./setup-link.ts";

/** What must be there before web and worker start: settings, a direct database, its schema, keys, folders; and the link while nobody is set up. */
export async function prepare(): Promise<Answer> {
  const config = readConfig();
  await requireDirect(config);
  const { applied, total, role } = await migrate(config.DATABASE_DIRECT_URL);
  const [keys, mail] = await withConnection(config.DATABASE_DIRECT_URL, async (client) => {
    const ring = await keysOf(client, config);
    await beginInstallation(client, config, ring);
    return [ring, await whereMailGoes(client)] as const;
  });
  const setup = await withLinks(config, keys, createSetupLink);
  const data = { applied, total, role, address: config.APP_URL, mail, ...(setup ? { setup } : {}) };
  return { lines: [`${applied} of ${total} changes applied`, mail], data };
}

/** One sentence: is anything sent out of this machine? */
async function whereMailGoes(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ live: number }>(
    "select count(*)::int as live from organizations where live_at is not null",
  );
  const live = rows[0]?.live ?? 0;
  return live === 0
    ? "sandbox (nothing leaves this machine until a sending server is chosen)"
    : `${live} ${live === 1 ? "organization sends" : "organizations send"} through a sending server`;
}
