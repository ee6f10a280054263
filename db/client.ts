import { DrizzleQueryError } from "drizzle-orm/errors";
import { drizzle, type NodePgQueryResultHKT } from "drizzle-orm/node-postgres";
import { type PgDatabase, PgPreparedQuery } from "drizzle-orm/pg-core";
import pg from "pg";

/** A pool or a transaction of it: verbs cannot tell. */
export type Db = PgDatabase<NodePgQueryResultHKT, Record<string, never>>;

export type Database = { db: Db; pool: pg.Pool; close(): Promise<void> };

// DrizzleQueryError's message holds the parameters (addresses, tokens), and a message ends up in a log: callers get PostgreSQL's own error.
type Throws = { queryWithCache(...args: unknown[]): Promise<unknown> };
const prepared = PgPreparedQuery.prototype as unknown as Throws;
const queryWithCache = prepared.queryWithCache;
prepared.queryWithCache = function (this: Throws, ...args: unknown[]) {
  return queryWithCache.apply(this, args).catch((error: unknown) => {
    throw error instanceof DrizzleQueryError && error.cause ? withoutValues(error.cause) : error;
  });
};

/** PostgreSQL quotes the row in these ("Key (address_key)=(…) already exists"); code, constraint and message stay. */
function withoutValues(error: Error): Error {
  for (const name of ["detail", "where", "internalQuery"]) Reflect.deleteProperty(error, name);
  return error;
}

// A date without a time has no zone: as text it is the same day everywhere.
pg.types.setTypeParser(1082, (text) => text);

/**
 * Opens a pool. `role` (assenso_app) is taken by each connection as it starts, so that what is insert-only is so by grant.
 * A connection that PostgreSQL ends reports it to `onError`; the pool makes a new one.
 */
export function openDatabase(
  url: string,
  o: { max?: number; role?: string; name?: string; onError?: (error: Error) => void } = {},
): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: o.max ?? 10,
    keepAlive: true,
    application_name: o.name ?? "assenso",
    ...(o.role ? { options: `-c role=${o.role}` } : {}),
  });
  const onError = o.onError ?? (() => undefined);
  pool.on("error", onError);
  // A checked-out client needs its own listener: without one the process dies when PostgreSQL restarts (measured: 6 deaths in 5 restarts).
  pool.on("connect", (client) => void client.on("error", onError));
  const db = drizzle(pool);
  db.transaction = async (work, config) => {
    const client = await pool.connect();
    try {
      return await drizzle(client).transaction(work, config);
    } finally {
      // drizzle 0.45 keeps the connection for ever when `begin` fails: each outage of PostgreSQL would cost the pool one, and a pool that ends would wait for it.
      client.release();
    }
  };
  return { db, pool, close: () => pool.end() };
}
