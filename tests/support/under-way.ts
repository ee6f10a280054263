import assert from "node:assert/strict";
import { eq, sql } from "drizzle-orm";
import { campaigns, deliveries } from "../../db/schema/campaigns.ts";
import { suppressions } from "../../db/schema/contacts.ts";
import { suppressionKey } from "../../lib/crypto/address-keys.ts";
import type { Engine, EngineSettings } from "../../lib/delivery/engine.ts";
import { fillSnapshot } from "../../lib/delivery/snapshot.ts";
import { freshDatabase } from "./database.ts";
import { testEngine, until } from "./engine.ts";
import { launched, type Scene, scene, sinkServer } from "./sending.ts";
import { testServices } from "./services.ts";
import { type SinkOptions, startSink } from "./sink.ts";

type Ends = { after(work: () => Promise<void>): void };

/** A database with what the engine's tests do to campaigns in it, each to a sink of its own. */
export async function engineHouse(t: Ends) {
  const d = await freshDatabase(t);
  const s = await testServices(d, { settings: { ASSENSO_SMTP_ALLOW: "127.0.0.1:1" } });
  return {
    d,
    s,
    /** A campaign that is launched and not yet under way. */
    async setting(o: {
      people: number;
      sink?: SinkOptions;
      connections?: number;
      before?: (here: Scene) => Promise<void>;
    }) {
      const sink = await startSink({ keep: true, ...o.sink });
      d.after(() => sink.close());
      s.config.ASSENSO_SMTP_ALLOW.push({ host: "127.0.0.1", port: sink.port });
      const here = await scene(s, { people: o.people });
      const server = await sinkServer(s, {
        organization: here.organization,
        port: sink.port,
        connections: o.connections ?? 4,
      });
      await o.before?.(here);
      const campaign = await launched(s, { scene: here, server });
      return { sink, here, server, campaign };
    },
    /** An engine that is stopped when its test ends, also when that fails. */
    running(t: Ends, o: Partial<EngineSettings> = {}): Engine {
      const engine = testEngine(d, s, o);
      t.after(() => engine.stop());
      return engine;
    },
    async fillAll(campaign: string): Promise<void> {
      while (await fillSnapshot(s, { campaign }));
    },
    async ended(campaign: string, engine: { reconcile(): Promise<void> }, ms = 15_000): Promise<void> {
      await until(async () => {
        await engine.reconcile();
        const [row] = await s.db.select({ state: campaigns.state }).from(campaigns).where(eq(campaigns.id, campaign));
        return row?.state === "ended";
      }, ms);
    },
    async suppress(
      here: Scene,
      contact: string,
      reason: "withdrawn" | "hard_bounce" = "withdrawn",
      db = s.db,
    ): Promise<void> {
      const key = suppressionKey(s.keys, s.keys.write, here.organization, here.addressOf(contact));
      await db.insert(suppressions).values({
        id: s.randomId(),
        organization: here.organization,
        kid: s.keys.write,
        key,
        reason,
        from: sql`app_now()` as never,
        event: s.randomId(),
      });
    },
    /** The delivery of a person in a campaign. */
    async row(campaign: string, contact: string) {
      const [found] = await s.db
        .select()
        .from(deliveries)
        .where(sql`${deliveries.campaign} = ${campaign} and ${deliveries.contact} = ${contact}`);
      assert.ok(found);
      return found;
    },
  };
}
