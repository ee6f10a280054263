import { createPostgresBackend, createRedisBackend, type Queue, runMigrations, type Worker, withBackend } from "bullmq";
import { Redis } from "ioredis";
import pg from "pg";
import type { Logger } from "../services.ts";

/** What can be rung for. A job carries an id and means "look now"; the row is the truth (docs/decisions/0001). */
export type JobName = "campaign" | "outbox" | "server";

/** All that the rest of the program knows of queues. */
export type Jobs = {
  /** Rings, in `delayMs` if given. Never throws and takes two seconds at most: who is not rung for looks by itself soon. */
  ring(name: JobName, id: string, delayMs?: number): Promise<void>;
  /** Runs `run` for each ring of this name. */
  work(name: JobName, run: (id: string) => Promise<void>): void;
  /** Runs `run` every so many milliseconds in this process, never twice at once. Needs no queue: it is what heals a lost one. */
  repeat(name: string, everyMs: number, run: () => Promise<unknown>): void;
  /** Ends what runs and lets go of all connections. */
  close(): Promise<void>;
};

/** The only queue. In braces, so that all of its keys lie on one node of a Redis Cluster. */
const QUEUE = "{assenso}";
const SCHEMA = "bullmq";
const RING_MS = 2000;
/** A LISTEN client for the worker, the rest for rings and fetches. */
const POOL = 6;

type Backend = {
  queue: Queue;
  worker(run: (name: string, id: string) => Promise<void>): Worker;
  close(): Promise<void>;
};
type Settings = { redisUrl?: string | undefined; directUrl: string; log: Logger };

/**
 * Opens the doorbell: BullMQ on Redis when there is one, else on PostgreSQL (never through a pooler: it listens). Connects with the first ring or work.
 * @param o.directUrl address of the database without a pooler between; its user may create the schema `bullmq`
 */
export function openJobs(o: Settings): Jobs {
  const handlers = new Map<string, (id: string) => Promise<void>>();
  const timers = new Set<NodeJS.Timeout>();
  let backend: Promise<Backend> | undefined;
  let worker: Promise<Worker> | undefined;
  let closed = false;

  const ready = () => {
    backend ??= connect(o).catch((error) => {
      backend = undefined; // the next ring tries again
      throw error;
    });
    return backend;
  };
  const startWorker = () => {
    worker ??= ready().then((b) => b.worker((name, id) => handlers.get(name)?.(id) ?? Promise.resolve()));
    worker.catch((error) => {
      worker = undefined;
      o.log.warn("queue_unreachable", { code: codeOf(error) });
      if (!closed) timers.add(setTimeout(startWorker, RING_MS).unref());
    });
  };

  return {
    async ring(name, id, delayMs) {
      if (closed) return;
      // A delayed ring must not swallow one that means "now": its own job id. Nothing is kept: a kept job swallows a later one with its id.
      const jobId = `${name}-${id}${delayMs ? "-later" : ""}`;
      const options = {
        jobId,
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: true,
        ...(delayMs ? { delay: delayMs } : {}),
      };
      await within(
        RING_MS,
        ready().then((b) => b.queue.add(name, { id }, options)),
      ).catch((error) => o.log.warn("ring_lost", { name, code: codeOf(error) }));
    },
    work(name, run) {
      handlers.set(name, run);
      startWorker();
    },
    repeat(name, everyMs, run) {
      let running = false;
      const timer = setInterval(() => {
        if (running || closed) return;
        running = true;
        run()
          .catch((error) => o.log.warn("repeat_failed", { name, code: codeOf(error) }))
          .finally(() => {
            running = false;
          });
      }, everyMs);
      timers.add(timer);
    },
    async close() {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
      const [w, b] = await Promise.all([worker?.catch(() => undefined), backend?.catch(() => undefined)]);
      await within(RING_MS, w?.close() ?? Promise.resolve()).catch(() => w?.close(true));
      await within(RING_MS, b?.close() ?? Promise.resolve()).catch(() => undefined);
    },
  };
}

function connect(o: Settings): Promise<Backend> {
  return o.redisUrl ? onRedis(o.redisUrl, o.log) : onPostgres(o);
}

async function onPostgres(o: Settings): Promise<Backend> {
  // search_path is required with a pool of one's own: without it every call fails with "function add_job does not exist".
  const pool = new pg.Pool({
    connectionString: o.directUrl,
    max: POOL,
    keepAlive: true,
    options: `-c search_path=${SCHEMA}`,
    application_name: "assenso jobs",
  });
  const onError = (error: Error) => o.log.warn("queue_error", { code: codeOf(error) });
  pool.on("error", onError);
  pool.on("connect", (client) => void client.on("error", onError));
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client as never, SCHEMA);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end().catch(() => undefined);
    throw error;
  }
  const classes = withBackend(createPostgresBackend);
  const queue = new classes.Queue(QUEUE, { connection: pool as never });
  queue.on("error", onError);
  return {
    queue: queue as unknown as Queue,
    worker(run) {
      const made = new classes.Worker(QUEUE, (job) => run(job.name, String(job.data.id)), {
        connection: pool as never,
        concurrency: 4,
      });
      made.on("error", onError);
      return made as unknown as Worker;
    },
    async close() {
      await queue.close().catch(() => undefined);
      await pool.end().catch(() => undefined);
    },
  };
}

async function onRedis(url: string, log: Logger): Promise<Backend> {
  const onError = (error: Error) => log.warn("queue_error", { code: codeOf(error) });
  // Workers block on Redis and must wait for ever; a ring gives up by its own time-out.
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    lazyConnect: true,
    retryStrategy: (n) => Math.min(n * 100, 2000),
  });
  redis.on("error", onError);
  const classes = withBackend(createRedisBackend);
  const queue = new classes.Queue(QUEUE, { connection: redis as never, skipVersionCheck: true });
  queue.on("error", onError);
  return {
    queue: queue as unknown as Queue,
    worker(run) {
      const made = new classes.Worker(QUEUE, (job) => run(job.name, String(job.data.id)), {
        connection: redis as never,
        concurrency: 4,
        skipVersionCheck: true,
      });
      made.on("error", onError);
      return made as unknown as Worker;
    },
    async close() {
      await queue.close().catch(() => undefined);
      redis.disconnect();
    },
  };
}

/** @throws Error "time-out" after `ms`; what was begun goes on and may still succeed */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("time-out")), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error as Error).name ?? "unknown";
}
