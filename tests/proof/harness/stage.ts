import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { sql } from "drizzle-orm";
import { createCampaign } from "../../../lib/campaigns/create.ts";
import type { DraftChange } from "../../../lib/campaigns/draft.ts";
import { launch } from "../../../lib/campaigns/launch.ts";
import { saveDraft } from "../../../lib/campaigns/save.ts";
import { appNow } from "../../../lib/clock.ts";
import type { ServerInput } from "../../../lib/servers/types.ts";
import { freshDatabase, type TestDatabase } from "../../support/database.ts";
import { freshRedis, type TestRedis } from "../../support/redis.ts";
import { type Scene, scene, sinkServer, states } from "../../support/sending.ts";
import { type TestServices, testServices } from "../../support/services.ts";
import { type ChaosProxy, startChaosProxy } from "./chaos-proxy.ts";
import { type ClockMove, check, identity, type Truth } from "./checker.ts";
import { cluster } from "./cluster.ts";
import type { Finding, Injection } from "./fault.ts";
import { Fleet } from "./fleet.ts";
import { paths } from "./paths.ts";
import { type Behaviour, RemoteSink } from "./sink.ts";
import { mountSmall } from "./small-disk.ts";
import { Running } from "./worker.ts";

/** Milliseconds without the next message after which a fault is not recovered from. */
const NEVER_MS = 90_000;

export type StageOptions = {
  people: number;
  /** Of each server. */
  connections?: number;
  limits?: Partial<ServerInput>;
  behaviour?: Behaviour;
  /** How many servers, each with a sink of its own; default 1. */
  servers?: number;
  redis?: boolean;
  /** What the workers reach through a chaos proxy. */
  through?: ("postgres" | "redis" | "smtp")[];
  /** Where the web process will listen: links in mail lead there. */
  webPort?: number;
  /** The data folder of the processes lies on a disk of so many megabytes (root alone can make one). */
  smallHome?: number;
  /** More settings from outside for the workers. */
  env?: Record<string, string>;
};

/** A world for one fault: a database of its own in the proof's PostgreSQL, sinks, proxies, built workers, and the book of what was done to it. */
export class Stage {
  readonly injected: Finding["injected"] = {};
  readonly wrong: string[] = [];
  readonly sinks: RemoteSink[] = [];
  readonly servers: string[] = [];
  readonly proxies: Partial<Record<"postgres" | "redis" | "smtp", ChaosProxy>> = {};
  readonly moves: ClockMove[] = [];
  /** Those that were launched here, in their order. */
  readonly campaigns: string[] = [];
  /** Data folder of the processes: keys and journal. */
  readonly home = mkdtempSync(join(tmpdir(), "proof-home-"));
  /** Where the sinks keep what they know. */
  private readonly truth = mkdtempSync(join(tmpdir(), "proof-truth-"));
  /** Most that may be uncertain in the end. */
  bound = 0;
  recovered = 0;
  fleet: Fleet;
  scene!: Scene;
  redis: TestRedis | undefined;
  readonly d: TestDatabase;
  readonly s: TestServices;
  readonly o: StageOptions;
  env: Record<string, string> = {};
  private readonly closers: (() => unknown)[] = [];

  private constructor(d: TestDatabase, s: TestServices, o: StageOptions, closers: (() => unknown)[]) {
    this.d = d;
    this.s = s;
    this.o = o;
    this.closers = closers;
    this.fleet = new Fleet((extra) => new Running({ file: paths.worker, env: this.env, ...extra }));
    this.after(() => this.fleet.close());
    for (const folder of [this.home, this.truth]) this.after(() => rmSync(folder, { recursive: true, force: true }));
  }

  static async open(o: StageOptions): Promise<Stage> {
    await cluster().answers();
    const closers: (() => unknown)[] = [];
    const t = { after: (work: () => Promise<void>) => void closers.push(work) };
    const d = await freshDatabase(t, { durable: true });
    const url = o.webPort ? `http://127.0.0.1:${o.webPort}` : "https://news.example.it";
    const s = await testServices(d, { settings: { PUBLIC_URL: url, APP_URL: url } });
    const stage = new Stage(d, s, o, closers);
    try {
      await stage.furnish();
    } catch (error) {
      await stage.close();
      throw error;
    }
    return stage;
  }

  private async furnish(): Promise<void> {
    const { o, s } = this;
    if (o.smallHome) this.after(mountSmall(this.home, o.smallHome));
    writeFileSync(join(this.home, "keys.json"), s.keyRingJson, { mode: 0o600 });
    this.scene = await scene(s, { people: o.people });
    for (let i = 0; i < (o.servers ?? 1); i++) await this.addServer(i);
    if (o.redis) this.redis = await freshRedis({ after: (work) => this.after(work) });
    const allow = this.sinks.map((sink) => `127.0.0.1:${sink.port}`);
    if (this.proxies.smtp) allow.push(`127.0.0.1:${this.proxies.smtp.port}`);
    this.env = {
      DATABASE_URL: await this.through("postgres", this.d.ownerUrl),
      ...{ PUBLIC_URL: s.config.PUBLIC_URL, APP_URL: s.config.APP_URL },
      ...{ ASSENSO_HOME: this.home, LOG_LEVEL: "info", ASSENSO_SMTP_ALLOW: allow.join(" ") },
      ...(this.redis ? { REDIS_URL: await this.through("redis", this.redis.url) } : {}),
      ...o.env,
    };
  }

  /** A sink and the server that leads to it. The first is the organization's live one. */
  private async addServer(i: number): Promise<void> {
    const { o, s } = this;
    const ledger = join(this.truth, `ledger-${i}.jsonl`);
    const sink = new RemoteSink({ file: paths.sink, ledger, behaviour: o.behaviour ?? {} });
    await sink.start();
    this.after(() => sink.kill());
    this.sinks.push(sink);
    let port = sink.port;
    if (i === 0 && o.through?.includes("smtp")) port = await this.proxy("smtp", { host: "127.0.0.1", port });
    const given = { connections: 4, ...(o.connections ? { connections: o.connections } : {}), ...o.limits };
    const { organization } = this.scene;
    const server = await sinkServer(s, { organization, port, ...given });
    this.servers.push(server);
    // The sender's domain has no DNS; that it was found in order keeps the checks before a launch quiet.
    await this.d.owner.pool.query(
      "insert into domain_checks (id, organization, server, domain, at, spf, dkim, dmarc, findings) values ($1, $2, $3, 'libreria.example', app_now(), 'pass', 'pass', 'pass', '[]')",
      [s.randomId(), organization, server],
    );
    if (i > 0) await this.d.owner.pool.query("update servers set live_at = null where id = $1", [this.servers[i]]);
  }

  private async proxy(name: "postgres" | "redis" | "smtp", to: { host: string; port: number }): Promise<number> {
    const proxy = await startChaosProxy(to);
    this.proxies[name] = proxy;
    this.after(() => proxy.close());
    return proxy.port;
  }

  private async through(name: "postgres" | "redis", url: string): Promise<string> {
    if (!this.o.through?.includes(name)) return url;
    const to = new URL(url);
    to.port = String(await this.proxy(name, { host: to.hostname, port: Number(to.port) }));
    return to.href;
  }

  after(work: () => unknown): void {
    this.closers.push(work);
  }

  get sink(): RemoteSink {
    const [first] = this.sinks;
    if (!first) throw new Error("a stage has a sink");
    return first;
  }

  /**
   * Compiled MJML, frozen texts, launched as the page does it.
   * @param o change, mjml: of the draft, before; at: `2026-11-30T09:00`, when it starts
   */
  async campaign(
    o: { change?: DraftChange; mjml?: (mjml: string) => string; at?: string; scene?: Scene } = {},
  ): Promise<string> {
    const { s } = this;
    const { who } = o.scene ?? this.scene;
    const campaign = await createCampaign(s, { who, from: "letter", name: "Prova" });
    let version = 1;
    const change = { ...o.change, ...(o.mjml ? { mjml: o.mjml(await this.mjmlOf(campaign)) } : {}) };
    if (Object.keys(change).length > 0) ({ version } = await saveDraft(s, { who, campaign, version, change }));
    await launch(s, { who, campaign, version, ...(o.at ? { at: o.at } : {}) });
    this.campaigns.push(campaign);
    return campaign;
  }

  private async mjmlOf(campaign: string): Promise<string> {
    const { rows } = await this.s.db.execute<{ mjml: string }>(
      sql`select mjml from campaigns where id = ${campaign}::uuid`,
    );
    return rows[0]?.mjml ?? "";
  }

  states(campaign: string): Promise<Record<string, number>> {
    return states(this.s, campaign);
  }

  async stateOf(campaign: string): Promise<string> {
    const { rows } = await this.s.db.execute<{ state: string }>(
      sql`select state from campaigns where id = ${campaign}::uuid`,
    );
    return rows[0]?.state ?? "gone";
  }

  /** How many messages arrived so far. */
  arrived(): number {
    return this.sinks.reduce((sum, sink) => sum + sink.ledger.count(), 0);
  }

  count(kind: Injection, n = 1): void {
    this.injected[kind] = (this.injected[kind] ?? 0) + n;
  }

  /** Moves the database's clock; the checker knows. */
  async moveClock(ms: number): Promise<void> {
    const offset = (this.moves.at(-1)?.offset ?? 0) + ms;
    await this.d.moveClock(ms);
    this.moves.push({ since: Date.now(), offset });
  }

  /** The database's clock. */
  now(): Promise<Date> {
    return appNow(this.s.db);
  }

  /** Moves the database's clock to an instant (epoch ms). */
  async moveTo(at: number): Promise<void> {
    await this.moveClock(at - (await this.now()).getTime());
  }

  /** Waits until so many arrived. */
  async reach(n: number, ms = 120_000): Promise<void> {
    await this.until(() => this.arrived() >= n, `${n} messages did not arrive`, ms);
  }

  /** Waits until what is true; a fault that gets no further for `ms` is a failed one, with the last words of the workers. */
  async until(done: () => Promise<boolean> | boolean, what: string, ms = 60_000): Promise<void> {
    let [arrived, end] = [-1, 0];
    for (;;) {
      if (await Promise.resolve(done()).catch(() => false)) return;
      // On a machine with much to do it takes longer; what still arrives is no standstill.
      const now = this.arrived();
      if (now > arrived) end = Date.now() + ms;
      arrived = now;
      if (Date.now() > end)
        throw new Error(`${what} (${now} arrived)\n${await this.standing()}\n${this.fleet.said().slice(-6000)}`);
      await wait(25);
    }
  }

  /** What stands in the database, for who looks for the reason. */
  private async standing(): Promise<string> {
    const { rows } = await this.d.owner.pool
      .query(`select c.number, c.state, c.snapshot_done, d.state as rows, d.reason, d.epoch, p.ended_at is null as alive, count(*) as n, s.paused_reason
        from campaigns c left join deliveries d on d.campaign = c.id left join processes p on p.epoch = d.epoch left join servers s on s.id = c.server group by 1, 2, 3, 4, 5, 6, 7, 9`)
      .catch((error: Error) => ({ rows: [error.message] }));
    return rows.map((row) => JSON.stringify(row)).join("\n");
  }

  /** From a fault's end (epoch ms) to the next message, in seconds: the longest is kept. Nothing to send any more counts as nothing. */
  async resumed(from: number, campaign: string): Promise<void> {
    const next = () =>
      Math.min(
        ...this.sinks.map(
          (sink) => sink.ledger.look().copies.findLast((copy) => copy.at >= from)?.at ?? Number.POSITIVE_INFINITY,
        ),
      );
    await this.until(
      async () => next() < Number.POSITIVE_INFINITY || ["ended", "cancelled"].includes(await this.stateOf(campaign)),
      "nothing arrives after the fault",
      NEVER_MS,
    );
    const firsts = this.sinks.flatMap((sink) => sink.ledger.copies.find((copy) => copy.at >= from)?.at ?? []);
    if (firsts.length > 0) this.recovered = Math.max(this.recovered, (Math.min(...firsts) - from) / 1000);
  }

  /** The states add up at this moment. */
  async look(): Promise<void> {
    await cluster().answers();
    this.wrong.push(...(await identity(this.d.pool)));
  }

  /** Moves the clock whenever nothing but waiting is left, until the campaign has ended: so much of a second's rest stands for `step` ms. */
  async endedByWaiting(campaign: string, step: number, ms = 240_000): Promise<void> {
    let [before, still] = [-1, 0];
    await this.until(
      async () => {
        if ((await this.stateOf(campaign)) === "ended") return true;
        const now = this.sinks.reduce((sum, sink) => sum + sink.ledger.look().mails.length, 0);
        still = now === before ? still + 1 : 0;
        before = now;
        if (still > 60) {
          still = 0;
          await this.moveClock(step);
        }
        return false;
      },
      "the campaign did not end",
      ms,
    );
  }

  ended(campaign: string, ms = 120_000): Promise<void> {
    return this.until(async () => (await this.stateOf(campaign)) === "ended", "the campaign did not end", ms);
  }

  /** Ends the workers in order and asks the checker. */
  async finding(): Promise<Finding> {
    const running = [...this.fleet.all];
    await Promise.all(running.map((one) => one.ready.catch(() => undefined)));
    await this.fleet.endAll("SIGTERM");
    for (const one of running.filter((each) => each.code() !== 0))
      this.wrong.push(`a worker did not end in order (${one.code()}): ${one.said().slice(-600)}`);
    if (this.fleet.crashes > 0)
      this.wrong.push(`${this.fleet.crashes} workers crashed: ${this.fleet.said().slice(-1500)}`);
    const truths: Truth[] = this.sinks.map(({ ledger }, i) => {
      const { copies, mails } = ledger.look();
      return { server: this.servers[i] ?? "", copies, mails };
    });
    const checked = await check(this.d.pool, truths, this.moves);
    const { injected, bound, recovered } = this;
    return { ...checked, injected, bound, recovered, wrong: [...new Set([...this.wrong, ...checked.wrong])] };
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}

/** A stage for the time of `work`, whose finding is what the checker says after it. */
export async function onStage(o: StageOptions, work: (stage: Stage) => Promise<void>): Promise<Finding> {
  const stage = await Stage.open(o);
  try {
    await work(stage);
    const finding = await stage.finding();
    await stage.close();
    return finding;
  } catch (error) {
    // What went wrong first is what counts.
    await stage.close().catch(() => undefined);
    throw error;
  }
}
