import { inArray, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { servers } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { shareReserve } from "../servers/loan-windows.ts";
import { rampedPerDay } from "../servers/ramp.ts";
import type { Server } from "../servers/types.ts";
import type { Services } from "../services.ts";
import { dayOf } from "../text/calendar-day.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Campaign, findCampaign } from "./find.ts";
import { type Forecast, forecast } from "./forecast.ts";
import type { Route } from "./forecast-route.ts";
import type { Task } from "./forecast-task.ts";
import {
  neighbours,
  retriesOn,
  routeOf,
  SPEED_A_CONNECTION,
  sharesOn,
  taskOf,
  unwritten,
  usedThisHour,
} from "./plan-facts.ts";
import { type CampaignRoute, carriersOf } from "./routes.ts";

/** What of a server the page of a plan shows. */
const SHOWN = [
  ...([
    "id",
    "name",
    "kind",
    "host",
    "port",
    "perMinute",
    "perHour",
    "perDay",
    "dayWindow",
    "reserve",
    "zone",
  ] as const),
  ...(["weekdays", "hourFrom", "hourTo", "restHolidays", "rampFirst", "expiresOn", "renewUrl"] as const),
] as const;

export type PlanServer = Pick<Server, (typeof SHOWN)[number]>;

export type Plan = {
  forecast: Forecast;
  /** Those that carry it, the first one first. */
  servers: PlanServer[];
  /** Names of the campaigns that a `collision` is with; null: another organization's, over a server that both use. */
  names: Record<string, string | null>;
  /** How long a server without limits would take, in ms; null where it has none anyway, or nothing is left. */
  unlimitedMs: number | null;
};

/**
 * The plan of a campaign over the servers that carry it, or would: what `forecast` is asked with is read here, for every page, check and worker.
 * @param o.remaining people it is still to be handed over for; those of an unfinished snapshot come on top
 * @param o.from left out: its own time, where it is still to come
 */
export async function planOf(s: Services, o: { campaign: Campaign; remaining: number; from?: Date }): Promise<Plan> {
  const { db } = s;
  const { campaign } = o;
  const at = await appNow(db);
  const carriers = await carriersOf(s, campaign);
  // A server that is ailing is left out until it is well again; the only one is counted with all the same.
  const well = carriers.filter(({ server }) => !server.ailingSince);
  const asked = (well.length > 0 ? well : carriers).map(({ server }) => routeOf(db, server));
  const routes = (await Promise.all(asked)).filter((one) => one !== undefined);
  const others = await neighbours(db, { servers: routes.map(({ id }) => id), but: campaign.id });
  const theirs = others.map((one) => one.task);
  const task = taskOf(campaign, {
    remaining: o.remaining + unwritten(campaign),
    servers: carriers.map(({ server, weight }) => ({ id: server.id, weight })),
    zone: carriers[0]?.server.zone ?? "Europe/Rome",
    usedThisHour: await usedThisHour(db, campaign.id),
    from: o.from ?? campaign.scheduledAt,
  });
  const lastRetry = await retryAfterAll(db, campaign);
  const found = forecast({
    ...{ at, task, routes: await withTheirs(db, routes, theirs), others: theirs },
    retries: await retriesOn(
      db,
      routes.map(({ id }) => id),
    ),
    shares: await sharesOn(
      db,
      routes.map(({ id }) => id),
    ),
    ...(lastRetry ? { lastRetry } : {}),
  });
  return {
    forecast: found,
    servers: carriers.map((route) => shown(route, at)),
    names: Object.fromEntries(
      others.map(({ task: { id }, name, organization }) => [id, organization === campaign.organization ? name : null]),
    ),
    unlimitedMs: unlimited({ at: task.notBefore ?? at, remaining: task.remaining, routes, end: found.end }),
  };
}

function shown({ server, loan }: CampaignRoute, at: Date): PlanServer {
  const plain = Object.fromEntries(SHOWN.map((key) => [key, server[key]])) as PlanServer;
  // A ramp that has come to its end is none any more.
  if (rampedPerDay(server, dayOf(at, server.zone)) === server.perDay) plain.rampFirst = null;
  // Of a lent server its borrower knows the share, not the limits of its owner.
  return loan
    ? {
        ...plain,
        perDay: loan.perDay,
        perHour: null,
        perMinute: null,
        rampFirst: null,
        reserve: shareReserve(loan.perDay),
        renewUrl: null,
      }
    : plain;
}

/** Nothing waits but what was deferred: when the last of it is tried again. */
// "One-Time Filter" over the counts, then "Index Scan using deliveries_noted" (campaign and state): asked row by row, 50,000 deferred ones took 0.66 s.
async function retryAfterAll(db: Db, campaign: Campaign): Promise<Date | undefined> {
  if (campaign.state !== "sending") return undefined;
  const { rows } = await db.execute<{ at: string | null }>(sql`
    select max(next_at) as at from deliveries
     where campaign = ${campaign.id}::uuid and state = 'deferred'
       and 0 = (select coalesce(sum(n), 0) from campaign_counts where campaign = ${campaign.id}::uuid and state in ('pending', 'claimed', 'sending'))`);
  return rows[0]?.at ? new Date(rows[0].at) : undefined;
}

/** Servers of other campaigns that this one does not use: what those carry takes no room here. */
async function withTheirs(db: Db, routes: Route[], others: Task[]): Promise<Route[]> {
  const known = new Set(routes.map(({ id }) => id));
  const more = [...new Set(others.flatMap((task) => task.servers.map(({ id }) => id)))].filter((id) => !known.has(id));
  if (more.length === 0) return routes;
  const rows = await db.select().from(servers).where(inArray(servers.id, more));
  const theirs = await Promise.all(rows.map((row) => routeOf(db, row)));
  return [...routes, ...theirs.filter((one) => one !== undefined)];
}

/** As long as two connections of a dedicated server, which has no limit of the hour or day, would take; told where that is less than half. */
function unlimited(o: { at: Date; remaining: number; routes: Route[]; end: Date | null }): number | null {
  const limited = o.routes.some(({ limits }) => limits.perDay !== null || limits.perHour !== null);
  if (!limited || o.remaining === 0) return null;
  const ms = (o.remaining / (2 * SPEED_A_CONNECTION)) * 1000;
  return o.end && o.end.getTime() - o.at.getTime() < 2 * ms ? null : ms;
}

/** The plan of a draft for so many people, as if it started at its time, or now. @throws NotFound */
export async function draftPlan(s: Services, o: { who: Who; campaign: string; remaining: number }): Promise<Plan> {
  requireRight(o.who, "campaigns.see");
  const campaign = await findCampaign(s.db, { organization: o.who.organization, campaign: o.campaign });
  return planOf(s, { campaign, remaining: o.remaining });
}
