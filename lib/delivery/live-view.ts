import { and, eq, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaigns } from "../../db/schema/campaigns.ts";
import { servers } from "../../db/schema/servers.ts";
import type { Progress } from "../campaigns/types.ts";
import { appNow } from "../clock.ts";
import { NotFound } from "../errors.ts";
import { usedWindows } from "../servers/find.ts";
import type { Server, Used } from "../servers/types.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Forecast, forecast } from "./forecast.ts";
import { progress } from "./progress.ts";

/** Messages a second over one connection, as long as nothing was measured: cautious. */
const SPEED_A_CONNECTION = 5;

export type LiveView = {
  progress: Progress;
  forecast: Forecast;
  server: Pick<
    Server,
    "id" | "kind" | "name" | "pausedAt" | "pausedReason" | "retryAt" | "perDay" | "perHour" | "reserve"
  > & { used: { hour: Used; day: Used } };
  /** Messages a minute, over the last five. */
  rate: number;
};

/**
 * Everything that the page of a campaign under way shows, to be asked every few seconds.
 * @throws NotFound for a campaign that was not launched
 */
export async function liveView(s: Services, o: { who: Who; campaign: string }): Promise<LiveView> {
  requireRight(o.who, "campaigns.see");
  const mine = and(sql`${campaigns.id}::text = ${o.campaign}`, eq(campaigns.organization, o.who.organization));
  const [row] = await s.db
    .select({ server: servers })
    .from(campaigns)
    .innerJoin(servers, eq(servers.id, campaigns.server))
    .where(mine);
  if (!row) throw new NotFound("campaign");
  const { server } = row;
  const figures = await progress(s.db, o);
  const used = await usedWindows(s.db, server.id);
  const { id, kind, name, pausedAt, pausedReason, retryAt, perDay, perHour, reserve } = server;
  return {
    progress: figures,
    rate: Math.round(figures.lately / 5),
    forecast: await forecastOn(s.db, {
      server,
      used,
      remaining: figures.toDo,
      lately: figures.lately,
      before: o.campaign,
    }),
    server: { id, kind, name, pausedAt, pausedReason, retryAt, perDay, perHour, reserve, used },
  };
}

/** When `remaining` more messages would have left a server, after the campaigns that it carries already: for the page before a launch. */
export async function forecastFor(s: Services, o: { who: Who; server: string; remaining: number }): Promise<Forecast> {
  requireRight(o.who, "campaigns.see");
  const mine = and(sql`${servers.id}::text = ${o.server}`, eq(servers.organization, o.who.organization));
  const [server] = await s.db.select().from(servers).where(mine);
  if (!server) throw new NotFound("server");
  return forecastOn(s.db, { server, used: await usedWindows(s.db, server.id), remaining: o.remaining, lately: 0 });
}

type Asked = { server: Server; used: { hour: Used; day: Used }; remaining: number; lately: number; before?: string };

async function forecastOn(db: Db, o: Asked): Promise<Forecast> {
  const { perSecond, perMinute, perHour, perDay, reserve, zone, connections, pausedAt, retryAt } = o.server;
  const at = await appNow(db);
  // A pause that waits for a person has no end to count with.
  if (pausedAt && !retryAt) return { days: [], end: null };
  return forecast({
    at,
    remaining: o.remaining,
    ahead: await ahead(db, o),
    limits: { perSecond, perMinute, perHour, perDay, reserve },
    used: o.used,
    zone,
    speed: o.lately >= 60 ? o.lately / 300 : connections * SPEED_A_CONNECTION,
    ...(retryAt ? { notBefore: retryAt } : {}),
  });
}

/** Rows of campaigns on the same server that were launched earlier: they go first. */
async function ahead(db: Db, o: Asked): Promise<number> {
  const { rows } = await db.execute<{ n: string }>(sql`
    select count(*) as n from campaigns c join deliveries d on d.campaign = c.id and d.state in ('pending', 'deferred')
     where c.server = ${o.server.id}::uuid and c.state = 'sending'
       ${o.before ? sql`and (c.launched_at, c.id) < (select launched_at, id from campaigns where id = ${o.before}::uuid)` : sql``}`);
  return Number(rows[0]?.n ?? 0);
}
