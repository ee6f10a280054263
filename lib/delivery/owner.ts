import pg from "pg";
import type { Logger } from "../services.ts";

/** A process that may hold rows, for as long as its session advisory lock stands: no clocks (design: §5, Owner process). */
export type Owner = {
  epoch: number;
  /** True once the connection that carries the lock is gone: whatever this epoch held is somebody else's to judge. */
  lost(): boolean;
  whenLost: Promise<void>;
  /** Takes one of a server's connections for this process, whatever other workers there are. False when all are taken. */
  takeSlot(server: string, slot: number): Promise<boolean>;
  freeSlot(server: string, slot: number): Promise<void>;
  /** Gives the epoch back: the next reconcile finds nothing of it. */
  end(): Promise<void>;
};

/** How often the connection is asked whether it is still there, and for how long an answer may take. */
const BEAT_MS = 5000;

/**
 * Begins an epoch: its row and its lock become visible together, so that nobody can take it for dead in between.
 * @param o.directUrl not through a pooler: the lock belongs to the session
 * @throws what the database throws
 */
export async function claimEpoch(o: {
  directUrl: string;
  role?: string;
  boot: string;
  kind: string;
  log: Logger;
}): Promise<Owner> {
  const client = new pg.Client({
    connectionString: o.directUrl,
    keepAlive: true,
    application_name: `assenso ${o.kind} lock`,
    ...(o.role ? { options: `-c role=${o.role}` } : {}),
  });
  let [gone, ending] = [false, false];
  let epoch = 0;
  let tell: () => void = () => undefined;
  const whenLost = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const lose = () => {
    if (gone || ending) return;
    gone = true;
    o.log.warn("epoch_lost", { epoch });
    tell();
  };
  client.on("error", lose);
  client.on("end", lose);
  await client.connect();
  try {
    await client.query("begin");
    const { rows } = await client.query<{ epoch: number }>(
      "insert into processes (boot, kind, started_at) values ($1, $2, app_now()) returning epoch",
      [o.boot, o.kind],
    );
    epoch = rows[0]?.epoch ?? 0;
    await client.query("select pg_advisory_lock(1, $1)", [epoch]);
    await client.query("commit");
  } catch (error) {
    ending = true;
    await client.end().catch(() => undefined);
    throw error;
  }
  // One after the other: a client takes the next query when it has answered the last.
  let last: Promise<unknown> = Promise.resolve();
  const query = <T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<pg.QueryResult<T>> => {
    const answer = last.then(() => client.query<T>(text, values));
    last = answer.catch(() => undefined);
    return answer;
  };
  const beat = setInterval(() => {
    // A half-open connection does not report itself: PostgreSQL may have freed the lock long ago.
    const late = setTimeout(lose, BEAT_MS * 2);
    query("select 1")
      .catch(lose)
      .finally(() => clearTimeout(late));
  }, BEAT_MS);
  beat.unref();
  const slotKey = "hashtextextended($1::text || ':' || $2::int, 9)";
  return {
    epoch,
    lost: () => gone,
    whenLost,
    async takeSlot(server, slot) {
      const { rows } = await query<{ ok: boolean }>(`select pg_try_advisory_lock(${slotKey}) as ok`, [server, slot]);
      return rows[0]?.ok ?? false;
    },
    async freeSlot(server, slot) {
      if (!gone) await query(`select pg_advisory_unlock(${slotKey})`, [server, slot]).catch(() => undefined);
    },
    async end() {
      ending = true;
      clearInterval(beat);
      if (!gone)
        await query("update processes set ended_at = app_now() where epoch = $1", [epoch]).catch(() => undefined);
      await client.end().catch(() => undefined);
    },
  };
}
