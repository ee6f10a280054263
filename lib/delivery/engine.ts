import { and, inArray, isNull, sql } from "drizzle-orm";
import pg from "pg";
import { servers } from "../../db/schema/servers.ts";
import { staffOrganizationSql } from "../servers/carrier.ts";
import { serverForCampaign } from "../servers/for-organization.ts";
import { retryServers } from "../servers/pause.ts";
import type { Services } from "../services.ts";
import { Buffers } from "./buffers.ts";
import { release } from "./claim.ts";
import { Forgotten, type Hands } from "./forgotten.ts";
import { Lane } from "./lane.ts";
import { claimEpoch, type Owner } from "./owner.ts";
import { endFinished, reconcile } from "./reconcile.ts";
import { Signal } from "./signal.ts";
import { Signer } from "./signer.ts";
import { fillSnapshot, unfilled } from "./snapshot.ts";
import type { World } from "./world.ts";

export type EngineSettings = Omit<World, "owner" | "ending" | "pool" | "covered" | "buffers" | "signer"> & {
  /** PostgreSQL without a pooler between: the epoch's lock belongs to a session. */
  directUrl: string;
  /** assenso_app, where the database has it. */
  role?: string;
  /** The uuid of this start of the process: the journal's writer. */
  boot: string;
  /** Run in each epoch before its first message. What it throws ends the epoch: it is tried again, and nothing leaves until it got through. */
  beforeFirst?: () => Promise<unknown>;
  /** Called with campaigns that ended. */
  onEnded?: (campaigns: string[]) => void;
};

export type Engine = {
  /** Somebody rang: look now. */
  ring(): void;
  /** Judges what dead processes left, and ends what is done; run every few seconds by each worker. */
  reconcile(): Promise<void>;
  /** Ends: what is with a server gets its answer, everything else is given back. */
  stop(): Promise<void>;
};

/** How often the engine looks for servers with work when nobody rings. */
const LOOK_MS = 1000;
/** Hand-offs at once: each is a transaction of a millisecond or two. */
const POOL = 4;

/**
 * Starts to send: begins an epoch, and for each server with work a lane. When the connection that carries the epoch's lock is lost, everything stops at once
 * (what is with a server still gets its answer written), and a new epoch begins as soon as PostgreSQL answers.
 */
export function startEngine(o: EngineSettings): Engine {
  const { s } = o;
  const signal = new Signal();
  const pool = handOffPool(o);
  const covered = new Map<string, number>();
  const buffers = new Buffers();
  const signer = new Signer();
  let stopping = false;
  let lanes = new Map<string, { lane: Lane; done: Promise<void> }>();
  const filling = new Set<string>();
  /** Epochs that were lost and still have outcomes to write. */
  const lateAnswers = new Set<Promise<void>>();

  async function epochs(): Promise<void> {
    while (!stopping) {
      try {
        const owner = await claimEpoch({ ...o, kind: "worker", log: s.log });
        s.log.info("epoch_begun", { epoch: owner.epoch });
        await o.beforeFirst?.().catch(async (error: unknown) => {
          await owner.end();
          throw error;
        });
        await during(owner);
      } catch (error) {
        s.log.warn("epoch_failed", { code: (error as { code?: string }).code ?? (error as Error).name });
        await signal.wait(500);
      }
    }
  }

  async function during(owner: Owner): Promise<void> {
    const w: World = { ...o, owner, ending: () => stopping, pool, covered, buffers, signer };
    const mine = new Map<string, { lane: Lane; done: Promise<void> }>();
    lanes = mine;
    owner.whenLost.then(() => {
      for (const { lane } of mine.values()) lane.wake();
      signal.wake();
    });
    const forgotten = new Forgotten(w);
    while (!stopping && !owner.lost()) {
      try {
        await lookRound(w, mine);
        await forgotten.look(handsOf(mine));
      } catch (error) {
        s.log.warn("look_failed", { code: (error as { code?: string }).code ?? (error as Error).name });
      }
      await signal.wait(LOOK_MS);
    }
    for (const { lane } of mine.values()) lane.stop();
    const ended = Promise.all([...mine.values()].map(({ done }) => done));
    // Answers of an epoch that was lost are still written, with its number, while the next one has begun.
    if (owner.lost()) {
      const late = ended
        .then(() => tidyUp(owner))
        .catch(() => undefined)
        .finally(() => lateAnswers.delete(late));
      lateAnswers.add(late);
    } else {
      await ended;
      await owner.end();
    }
  }

  /** What a lost epoch still held is known to be ours and unattempted: no need to wait for others to judge. */
  async function tidyUp(owner: Owner): Promise<void> {
    await release(s.db, { epoch: owner.epoch }).catch(() => undefined);
    // A connection that only seems to be there may take minutes to end: nobody waits for it.
    void owner.end();
  }

  async function lookRound(w: World, mine: Map<string, { lane: Lane; done: Promise<void> }>): Promise<void> {
    const work = await serversWithWork(s);
    for (const id of await unfilled(s)) void fill(id, mine);
    for (const [id, { lane }] of mine) {
      if (!work.has(id) && lane.idle()) {
        lane.stop();
        mine.delete(id);
      }
    }
    const missing = [...work].filter((id) => !mine.has(id));
    if (missing.length === 0) return;
    const rows = await s.db
      .select()
      .from(servers)
      .where(and(inArray(servers.id, missing), isNull(servers.removedAt)));
    for (const row of rows) {
      if (row.kind === "sandbox" && !w.sandbox) continue;
      const lane = new Lane(w, row);
      mine.set(row.id, { lane, done: lane.run() });
    }
  }

  async function fill(campaign: string, mine: Map<string, { lane: Lane; done: Promise<void> }>): Promise<void> {
    if (filling.has(campaign)) return;
    filling.add(campaign);
    try {
      while (!stopping && (await fillSnapshot(s, { campaign }))) for (const { lane } of mine.values()) lane.wake();
    } catch (error) {
      s.log.warn("snapshot_failed", { campaign, code: (error as { code?: string }).code ?? (error as Error).name });
    } finally {
      filling.delete(campaign);
    }
  }

  const running = epochs();
  return {
    ring() {
      signal.wake();
      for (const { lane } of lanes.values()) lane.wake();
    },
    async reconcile() {
      const found = await reconcile(s.db);
      if (found.dead + found.released + found.uncertain + found.requeued > 0) s.log.info("reconciled", found);
      await retryServers(s.db);
      const ended = await endFinished(s.db);
      if (ended.length > 0) o.onEnded?.(ended);
      if (found.released + found.requeued > 0) this.ring();
    },
    async stop() {
      stopping = true;
      signal.wake();
      await running;
      await Promise.all(lateAnswers);
      await pool.end().catch(() => undefined);
      await signer.close();
    },
  };
}

function handsOf(lanes: Map<string, { lane: Lane }>): Hands {
  const any = (has: (hands: Hands) => boolean) => [...lanes.values()].some(({ lane }) => has(lane.hands));
  return { row: (key) => any((hands) => hands.row(key)), mail: (id) => any((hands) => hands.mail(id)) };
}

function handOffPool(o: EngineSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: o.directUrl,
    max: POOL,
    keepAlive: true,
    application_name: "assenso hand-off",
    ...{ pipeline: true },
    // The statement is long and its rows are few: planned once a connection, not 2 ms each time.
    options: `-c plan_cache_mode=force_generic_plan${o.role ? ` -c role=${o.role}` : ""}`,
  });
  const onError = (error: Error) =>
    o.s.log.warn("hand_off_connection", { code: (error as { code?: string }).code ?? error.name });
  pool.on("error", onError);
  pool.on("connect", (client) => void client.on("error", onError));
  return pool;
}

/** Servers that have a campaign under way, or due system mail to carry. */
async function serversWithWork(s: Services): Promise<Set<string>> {
  const { rows } = await s.db.execute<{ server: string | null; organization: string | null }>(sql`
    select distinct u.server, null::uuid as organization from campaigns c join campaign_servers u on u.campaign = c.id where c.state = 'sending'
    union
    select distinct null::uuid, coalesce(organization, ${staffOrganizationSql}) from outbox where state = 'queued' and due_at <= (select app_now())`);
  const found = new Set<string>();
  for (const row of rows) {
    if (row.server) found.add(row.server);
    else if (row.organization) {
      const carrier = await serverForCampaign(s, row.organization);
      if (carrier) found.add(carrier.id);
    }
  }
  return found;
}
