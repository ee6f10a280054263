import { migrate } from "../../db/migrate.ts";
import { readConfig } from "../../lib/config.ts";
import { requireDirect } from "./connection.ts";
import type { Answer } from "./main.ts";

/** `assenso migrate`: the schema alone, for who starts the processes by other means than npm start. */
export async function migrateCommand(): Promise<Answer> {
  const config = readConfig();
  await requireDirect(config);
  const { applied, total, role } = await migrate(config.DATABASE_DIRECT_URL);
  const lines = [
    applied === 0 ? `The schema is up to date (${total} changes).` : `${applied} of ${total} changes applied.`,
  ];
  return { lines: role ? lines : [...lines, NO_ROLE], data: { applied, total, role } };
}

export const NO_ROLE =
  "The role assenso_app could not be made: what is insert-only is guarded by triggers alone. As a superuser: create role assenso_app; grant assenso_app to the user of DATABASE_URL.";
