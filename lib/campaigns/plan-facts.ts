import { and, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaigns } from "../../db/schema/campaigns.ts";
import { serverLoans } from "../../db/schema/server-history.ts";
import { usedWindows } from "../servers/find.ts";
import { shareReserve, usedOfLoan } from "../servers/loan-windows.ts";
import type { Server } from "../servers/types.ts";
import type { Campaign } from "./find.ts";
import type { Route } from "./forecast-route.ts";
import type { Share } from "./forecast-share.ts";
import { ANY_HOUR, type Task } from "./forecast-task.ts";

/** Messages a second over one connection, as long as nothing was measured: cautious. */
export const SPEED_A_CONNECTION = 5;

/** A server as the forecast takes it; undefined while a person must press before anything leaves. */
export async function routeOf(db: Db, server: Server): Promise<Route | undefined> {
  const { id, perSecond, perMinute, perHour, perDay, reserve, zone, dayWindow, pausedAt, retryAt, expiresOn } = server;
  if (server.removedAt || (pausedAt && !retryAt)) return undefined;
  const { weekdays, hourFrom, hourTo, restHolidays, rampFirst, rampFrom } = server;
  return {
    ...{ id, zone, dayWindow, expiresOn, limits: { perSecond, perMinute, perHour, perDay, reserve } },
    ...{ hours: { weekdays, hourFrom, hourTo, restHolidays }, ramp: { rampFirst, rampFrom } },
    used: await usedWindows(db, id),
    ...(dayWindow === "rolling" ? { past: await pastMinutes(db, id) } : {}),
    speed: (await measured(db, id)) ?? server.connections * SPEED_A_CONNECTION,
    ...(pausedAt && retryAt ? { notBefore: retryAt } : {}),
  };
}

/** What left in each of the minutes that a rolling day counts. */
async function pastMinutes(db: Db, server: string): Promise<{ minute: Date; n: number }[]> {
  const { rows } = await db.execute<{ minute: string; n: number }>(sql`
    select begins as minute, campaign + system as n from server_windows
     where server = ${server}::uuid and unit = 'minute' and begins > (select app_now()) - interval '25 hours'`);
  return rows.map(({ minute, n }) => ({ minute: new Date(minute), n: Number(n) }));
}

/** Answers that say enough about the pace, and for how many seconds they must have come. */
const [ENOUGH, SECONDS] = [60, 2];

/** Messages a second that a server answered in its last five minutes; undefined where there were too few. */
// Limit of "Index Scan Backward using server_log_of" (server = s): 1,000 rows at most.
async function measured(db: Db, server: string): Promise<number | undefined> {
  const { rows } = await db.execute<{ n: string; seconds: string | null }>(sql`
    select count(*) as n, extract(epoch from max(at) - min(at)) as seconds
      from (select at from server_log where server = ${server}::uuid order by n desc limit 1000) l where at > (select app_now()) - interval '5 minutes'`);
  const [n, seconds] = [Number(rows[0]?.n ?? 0), Number(rows[0]?.seconds ?? 0)];
  return n >= ENOUGH && seconds >= SECONDS ? n / seconds : undefined;
}

/** Samples of five minutes that a week has; tries that say enough about how often a message is deferred. */
const [WEEK, TRIES] = [2016, 100];

/** How many tries beside the first a message needed on these servers in the last week. */
// Per server Limit of "Index Scan Backward using server_samples_server_at_pk" (server = s and at > …): 2,016 rows at most.
export async function retriesOn(db: Db, ids: string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } = await db.execute<{ done: string | null; deferred: string | null }>(sql`
    select sum(x.accepted + x.rejected) as done, sum(x.deferred) as deferred from unnest(${sql.param(ids)}::uuid[]) v(id)
     cross join lateral (
       select accepted, rejected, deferred from server_samples
        where server = v.id and at > (select app_now()) - ${WEEK * 5} * interval '1 minute' order by at desc limit ${WEEK}) x`);
  const [done, deferred] = [Number(rows[0]?.done ?? 0), Number(rows[0]?.deferred ?? 0)];
  return done >= TRIES ? Math.min(1, deferred / done) : 0;
}

/** A campaign as the forecast takes it. */
export function taskOf(
  campaign: Pick<
    Campaign,
    | "id"
    | "organization"
    | "launchedAt"
    | "priority"
    | "perHour"
    | "weekdays"
    | "hourFrom"
    | "hourTo"
    | "notAfter"
    | "split"
  >,
  o: {
    remaining: number;
    servers: { id: string; weight: number }[];
    zone: string;
    usedThisHour: number;
    from?: Date | null;
  },
): Task {
  const { id, organization, priority, perHour, weekdays, hourFrom, hourTo, notAfter, split } = campaign;
  return {
    ...{ id, organization, priority, perHour, split, remaining: o.remaining, servers: o.servers, zone: o.zone },
    usedThisHour: o.usedThisHour,
    hours: {
      weekdays: weekdays ?? ANY_HOUR.weekdays,
      hourFrom: hourFrom ?? ANY_HOUR.hourFrom,
      hourTo: hourTo ?? ANY_HOUR.hourTo,
    },
    ...(campaign.launchedAt ? { launched: campaign.launchedAt } : {}),
    ...(o.from ? { notBefore: o.from } : {}),
    ...(notAfter ? { notAfter } : {}),
  };
}

export type Neighbour = { task: Task; name: string; organization: string };

/** Campaigns under way or scheduled on any of these servers, but this one. */
// "Bitmap Index Scan on campaigns_active" → Nested Loop over campaign_servers and campaign_counts by their keys.
export async function neighbours(db: Db, o: { servers: string[]; but: string }): Promise<Neighbour[]> {
  if (o.servers.length === 0) return [];
  const found = await db
    .select({
      campaign: campaigns,
      zone: sql<string>`(select z.zone from servers z where z.id = campaigns.server)`,
      used: sql<string>`${usedSql(sql`campaigns.id`)}`,
      waiting: sql<string>`(select coalesce(sum(n), 0) from campaign_counts k where k.campaign = campaigns.id and k.state in ('pending', 'claimed', 'sending', 'deferred'))`,
      servers: sql<{ id: string; weight: number }[]>`(
        select json_agg(json_build_object('id', x.server, 'weight', x.weight) order by x.server) from campaign_servers x where x.campaign = campaigns.id)`,
    })
    .from(campaigns)
    .where(
      sql`campaigns.state in ('scheduled', 'sending') and campaigns.id <> ${o.but}::uuid
        and not exists (select from organizations z where z.id = campaigns.organization and (z.paused_at is not null or z.closed_at is not null))
        and exists (select from campaign_servers x where x.campaign = campaigns.id and x.server = any(${sql.param(o.servers)}::uuid[]))`,
    )
    .orderBy(campaigns.launchedAt, campaigns.id);
  return found.map(({ campaign, waiting, servers, zone, used }) => ({
    ...{ name: campaign.name, organization: campaign.organization },
    task: taskOf(campaign, {
      ...{ remaining: Number(waiting) + unwritten(campaign), servers, zone, usedThisHour: Number(used) },
      from: campaign.state === "scheduled" ? campaign.scheduledAt : null,
    }),
  }));
}

/** What borrowers may send over these servers, and have sent today. */
export async function sharesOn(db: Db, ids: string[]): Promise<Share[]> {
  if (ids.length === 0) return [];
  const loans = await db
    .select()
    .from(serverLoans)
    .where(and(inArray(serverLoans.server, ids), isNull(serverLoans.endedAt)));
  return Promise.all(
    loans.map(async (loan) => ({
      ...{ route: loan.server, organization: loan.organization, perDay: loan.perDay },
      reserve: shareReserve(loan.perDay),
      used: await usedOfLoan(db, loan),
    })),
  );
}

/** SQL: what a campaign with a pace of its own has sent in this hour; it is counted beside the hours of servers, under its own id. */
const usedSql = (campaign: SQL) => sql`
  coalesce((select w.campaign from server_windows w where w.server = ${campaign} and w.unit = 'hour' and w.begins = date_trunc('hour', app_now(), 'UTC')), 0)`;

export async function usedThisHour(db: Db, campaign: string): Promise<number> {
  const { rows } = await db.execute<{ n: number }>(sql`select ${usedSql(sql`${campaign}::uuid`)} as n`);
  return Number(rows[0]?.n ?? 0);
}

/** People of a campaign who are no rows yet: its audience is written a chunk at a time. */
export function unwritten({
  snapshotDone,
  planned,
  size,
}: Pick<Campaign, "snapshotDone" | "planned" | "size">): number {
  return snapshotDone ? 0 : Math.max(0, (planned ?? 0) - size);
}
