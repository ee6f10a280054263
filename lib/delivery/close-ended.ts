import { sql } from "drizzle-orm";
import pg from "pg";
import type { Services } from "../services.ts";

/** Rows of ended campaigns that make the closing worth its reading and writing. */
const LEAST = 20_000;

/**
 * The closing step of campaigns that have ended: their rows went through four states, each of which left a dead version in the table and its indexes. Vacuum gives the place
 * back, `reindex concurrently` packs the indexes, while everything goes on (measured: `npm run bench -- storage`). Runs when enough has ended, in one process at a time, on a connection of its own:
 * neither may run inside a transaction, and both belong to the owner of the tables; where this user is not, nothing is done and the log says so.
 * @param o.directUrl PostgreSQL without a pooler between, not as assenso_app · `least` for a benchmark
 * @returns how many campaigns were closed
 */
export async function closeEnded(s: Services, o: { directUrl: string; least?: number }): Promise<number> {
  const { rows } = await s.db.execute<{ ids: string[] | null; n: string }>(sql`
    select array_agg(id) as ids, coalesce(sum(size), 0) as n from campaigns where state in ('ended', 'cancelled') and launched_at is not null and closed_at is null`);
  const ids = rows[0]?.ids ?? [];
  if (ids.length === 0 || Number(rows[0]?.n) < (o.least ?? LEAST)) return 0;
  const client = new pg.Client({ connectionString: o.directUrl, application_name: "assenso closing" });
  client.on("error", (error) =>
    s.log.warn("closing_connection", { code: (error as { code?: string }).code ?? error.name }),
  );
  await client.connect();
  try {
    const { rows: lock } = await client.query<{ ours: boolean }>("select pg_try_advisory_lock(6, 0) as ours");
    if (!lock[0]?.ours) return 0;
    await client.query("vacuum (analyze) deliveries");
    await client.query("vacuum delivery_values");
    for (const index of await indexes(client))
      await client.query(`reindex index concurrently ${client.escapeIdentifier(index)}`);
    await s.db.execute(
      sql`update campaigns set closed_at = app_now() where id = any(${sql.param(ids)}::uuid[]) and state in ('ended', 'cancelled')`,
    );
    return ids.length;
  } finally {
    await client.end();
  }
}

/** The indexes of deliveries, and what an interrupted run of ours left behind: an invalid copy is rebuilt like the others. */
async function indexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select c.relname as name from pg_index i join pg_class c on c.oid = i.indexrelid where i.indrelid = 'deliveries'::regclass",
  );
  const leftover = rows.filter((row) => row.name.endsWith("_ccnew") || row.name.endsWith("_ccold"));
  for (const { name } of leftover)
    await client.query(`drop index concurrently if exists ${client.escapeIdentifier(name)}`);
  return rows.filter((row) => !leftover.includes(row)).map((row) => row.name);
}
