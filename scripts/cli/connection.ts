import pg from "pg";
import type { Config } from "../../lib/config.ts";
import { NotDone } from "./failure.ts";

/** Opens one connection for as long as `work` takes. */
export async function withConnection<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: "assenso command",
  });
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Why a database cannot be reached, in one sentence without its password; undefined when the fault is none of the connection.
 *
 * @param name the setting that the address came from
 */
export function explainConnection(error: unknown, url: string, name = "DATABASE_URL"): string | undefined {
  const { code, message } = error as { code?: string; message?: string };
  const { host, hostname, username, pathname } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  if (/unsupported startup parameter/.test(message ?? "")) return POOLER;
  if (/timeout|ETIMEDOUT/i.test(`${code} ${message}`))
    return `${name}: ${host} does not answer; check the address and the firewall.`;
  switch (code) {
    case "ECONNREFUSED":
      return `${name}: no PostgreSQL listens at ${host}; start it, or put the address right.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${name}: the host ${hostname} is not known; put the address right.`;
    case "28P01":
    case "28000":
      return `${name}: PostgreSQL at ${host} refuses the user ${decodeURIComponent(username)} or the password.`;
    case "3D000":
      return `${name}: there is no database "${database}" at ${host}; create it: create database "${database}".`;
    case "42501":
      return `${name}: the user ${decodeURIComponent(username)} may not create tables in "${database}"; give the database to this user.`;
    case "53300":
      return `${name}: PostgreSQL at ${host} has no connection left; raise max_connections.`;
    case "57P03":
      return `${name}: PostgreSQL at ${host} is still starting; try again in a moment.`;
    default:
      return undefined;
  }
}

export const POOLER =
  "DATABASE_URL goes through a pooler in transaction mode (PgBouncer), which keeps neither session locks nor LISTEN: also set DATABASE_DIRECT_URL to the address of PostgreSQL itself.";

/**
 * Whether a pooler in transaction mode stands between: then two connections that are open at once share a server process, or one sees a
 * setting of the other's session. A pooler in session mode is as good as none.
 */
export async function isPooled(url: string): Promise<boolean> {
  return withConnection(url, (one) =>
    withConnection(url, async (other) => {
      const ask = async (client: pg.Client) => {
        const { rows } = await client.query<{ pid: number; probe: string | null }>(
          "select pg_backend_pid() as pid, current_setting('assenso.probe', true) as probe",
        );
        return rows[0];
      };
      await one.query("set assenso.probe = 'one'");
      const [first, second, again] = [await ask(one), await ask(other), await ask(one)];
      return first?.pid === second?.pid || first?.pid !== again?.pid || second?.probe === "one";
    }),
  );
}

/** @throws NotDone when the only address given goes through a pooler in transaction mode */
export async function requireDirect(config: Config): Promise<void> {
  if (await isPooled(config.DATABASE_DIRECT_URL)) throw new NotDone(POOLER);
}
