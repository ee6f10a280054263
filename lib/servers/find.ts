import { and, asc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { campaignServers, campaigns } from "../../db/schema/campaigns.ts";
import { servers } from "../../db/schema/servers.ts";
import { appNow } from "../clock.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { dayOf } from "../text/calendar-day.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { daysLeft } from "./days-left.ts";
import { borrowed, type Loan, type Route, routeRow } from "./lent.ts";
import { shareReserve, usedOfLoan } from "./loan-windows.ts";
import { rampedPerDay } from "./ramp.ts";
import type { Server, ServerView, Used } from "./types.ts";
import { windowsSql } from "./windows.ts";

/** The row of a server of this organization. `lock`: until the transaction ends. @throws NotFound also for a removed one, and for another organization's */
export async function serverRow(db: Db, o: { organization: string; server: string; lock?: boolean }): Promise<Server> {
  if (!isUuid(o.server)) throw new NotFound("server");
  const mine = and(eq(servers.id, o.server), eq(servers.organization, o.organization), isNull(servers.removedAt));
  const query = db.select().from(servers).where(mine);
  const [row] = await (o.lock ? query.for("update") : query);
  if (!row) throw new NotFound("server");
  return row;
}

/** How many campaigns under way use a server: of one organization, or of all. */
export function campaignsUsing(db: Db, o: { server: string; organization?: string }): Promise<number> {
  const using = db
    .select({ id: campaignServers.campaign })
    .from(campaignServers)
    .where(eq(campaignServers.server, o.server));
  return db.$count(
    campaigns,
    and(
      ...[inArray(campaigns.id, using), inArray(campaigns.state, ["scheduled", "sending", "paused"])],
      o.organization ? eq(campaigns.organization, o.organization) : undefined,
    ),
  );
}

/** One server as its page shows it, an own or a lent one. */
export async function findServer(s: Services, o: { who: Who; server: string }): Promise<ServerView> {
  requireRight(o.who, "servers.see");
  return viewOf(s.db, await routeRow(s.db, { organization: o.who.organization, server: o.server }));
}

/** All servers of the organization: the sandbox first, then by age; what is lent to it last. */
export async function listServers(s: Services, o: { who: Who }): Promise<ServerView[]> {
  requireRight(o.who, "servers.see");
  const rows = await s.db
    .select()
    .from(servers)
    .where(and(eq(servers.organization, o.who.organization), isNull(servers.removedAt)))
    .orderBy(sql`${servers.kind} <> 'sandbox'`, asc(servers.id));
  const own = rows.map((server) => ({ server, loan: null }));
  return Promise.all([...own, ...(await borrowed(s.db, o.who.organization))].map((route) => viewOf(s.db, route)));
}

/** A server as its pages show it. */
export async function viewOf(db: Db, { server, loan }: Route): Promise<ServerView> {
  const { password, oauth, ...row } = server;
  const today = dayOf(await appNow(db), row.zone);
  const left = row.expiresOn ? daysLeft(row.expiresOn, today) : null;
  if (loan) {
    const used = { hour: NONE, day: await usedOfLoan(db, loan) };
    return { ...row, ...HIDDEN, ...shareOf(loan), perDayNow: loan.perDay, daysLeft: left, used };
  }
  const now = { perDayNow: rampedPerDay(row, today), daysLeft: left, used: await usedWindows(db, row.id) };
  return { ...row, ...now, lent: false, hasPassword: password !== null, hasOauth: oauth !== null };
}

const NONE: Used = { campaign: 0, system: 0 };
/** What a borrower is not shown: how its owner signs in, and limits that are not hers. */
const HIDDEN = {
  ...{ lent: true, hasPassword: false, hasOauth: false, username: null, overLimitReason: null, renewUrl: null },
  ...{ perSecond: null, perMinute: null, perHour: null, domainLimits: [], rampFirst: null, rampFrom: null },
  dayWindow: "calendar" as const,
};
const shareOf = ({ perDay }: Loan) => ({ perDay, reserve: shareReserve(perDay) });

/** What this hour and this day have used so far. */
export async function usedWindows(db: Db, server: string): Promise<{ hour: Used; day: Used }> {
  const { rows } = await db.execute<{ unit: string; campaign: number; system: number }>(
    sql`select unit, campaign, system from (${windowsSql(server, sql`app_now()`)}) w where unit in ('hour', 'day')`,
  );
  const of = (unit: string): Used => {
    const row = rows.find((one) => one.unit === unit);
    return { campaign: row?.campaign ?? 0, system: row?.system ?? 0 };
  };
  return { hour: of("hour"), day: of("day") };
}
