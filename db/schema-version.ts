import type pg from "pg";
import journal from "./migrations/meta/_journal.json" with { type: "json" };

const NEWEST = Math.max(...journal.entries.map((entry) => entry.when));

/**
 * Whether a database has the schema that this code was written for; asked before a process begins, since what it does not know it would do wrong (F36).
 * @throws Error with one sentence for the administrator
 */
export async function requireThisSchema(client: pg.Client): Promise<void> {
  const newest = await newestOf(client);
  if (newest === undefined) return;
  if (newest > NEWEST)
    throw new Error("The database is newer than this version of Assenso: start the newer version, which migrated it.");
  if (newest < NEWEST)
    throw new Error(
      "The database is older than this version of Assenso: run npm start, or npx assenso migrate, first.",
    );
}

/** When the newest migration of a database was written, 0 for one without any; undefined for a user who may not look. */
async function newestOf(client: pg.Client): Promise<number | undefined> {
  try {
    const { rows } = await client.query<{ newest: string | null }>(
      "select max(created_at) as newest from drizzle.__drizzle_migrations",
    );
    return Number(rows[0]?.newest ?? 0);
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "42P01" || code === "3F000") return 0;
    if (code === "42501") return undefined;
    throw error;
  }
}
