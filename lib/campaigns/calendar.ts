import { inArray, sql } from "drizzle-orm";
import { campaigns } from "../../db/schema/campaigns.ts";
import { appNow } from "../clock.ts";
import { DomainError } from "../errors.ts";
import type { Services } from "../services.ts";
import { dayAfter, dayOf } from "../text/calendar-day.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type CalendarDay, isMonth, weeksOf } from "./calendar-weeks.ts";
import { organizationOf } from "./find.ts";
import { planOf } from "./plan.ts";
import type { CampaignState } from "./types.ts";

export type CalendarCampaign = { id: string; name: string; state: CampaignState; days: CalendarDay[] };

/** More bars than that nobody reads. */
const MOST = 200;

type Row = {
  id: string;
  name: string;
  state: CampaignState;
  days: { day: string; accepted: number }[] | null;
  accepted: string;
  waiting: string;
  last: string;
};

/**
 * The campaigns that send within the weeks of a month: on which days how many were taken by a server, and are planned to be; those that began first come first.
 * @param month 2026-12; left out: this one, on the organization's clocks
 * @throws MONTH_UNREADABLE
 */
export async function calendar(
  s: Services,
  o: { who: Who; month?: string },
): Promise<{ month: string; today: string; weeks: string[][]; campaigns: CalendarCampaign[] }> {
  requireRight(o.who, "campaigns.see");
  const { timeZone: zone } = await organizationOf(s.db, o.who.organization);
  const today = dayOf(await appNow(s.db), zone);
  const month = o.month ?? today.slice(0, 7);
  if (!isMonth(month)) throw new DomainError("MONTH_UNREADABLE");
  const weeks = weeksOf(month);
  const [first, last] = [weeks[0]?.[0] ?? "", weeks.at(-1)?.at(-1) ?? ""];
  const rows = await begun(s, { organization: o.who.organization, zone, from: first, before: dayAfter(last), today });
  const planned = await plans(s, rows);
  const found = rows.map((row) => ({
    ...{ id: row.id, name: row.name, state: row.state },
    days: together(doneOf(row), planned.get(row.id) ?? []).filter(({ day }) => day >= first && day <= last),
  }));
  return { month, today, weeks, campaigns: found.filter(({ days }) => days.length > 0) };
}

// "BitmapOr" of two "Bitmap Index Scan on campaigns_by_end" (organization = o and ended_at >= the month's first day; ended_at is null) → Nested Loop over the
// primary keys of campaign_reports and campaign_counts: what ended since that month, and what has not ended.
async function begun(
  s: Services,
  o: { organization: string; zone: string; from: string; before: string; today: string },
): Promise<Row[]> {
  const at = (day: string) => sql`(${day}::timestamp at time zone ${o.zone})`;
  const sum = (states: string) =>
    sql`(select coalesce(sum(k.n), 0) from campaign_counts k where k.campaign = c.id and k.state = any(${states}::delivery_state[]))`;
  const { rows } = await s.db.execute<Row>(sql`
    select c.id, c.name, c.state, r.body -> 'days' as days, ${sum("{accepted}")} as accepted, ${sum("{pending,claimed,sending,deferred}")} as waiting,
           to_char(coalesce(c.ended_at, app_now()) at time zone ${o.zone}, 'YYYY-MM-DD') as last
      from campaigns c left join campaign_reports r on r.campaign = c.id
     where c.organization = ${o.organization}::uuid and c.launched_at is not null and (c.ended_at >= ${at(o.from)} or c.ended_at is null)
       and greatest(c.launched_at, c.scheduled_at) < ${at(o.before)}
     order by greatest(c.launched_at, c.scheduled_at), c.id limit ${MOST}`);
  return rows;
}

/** Days as the worker counted them last; what was accepted since is of its last day. */
function doneOf(row: Row): CalendarDay[] {
  const days = new Map((row.days ?? []).map(({ day, accepted }) => [day, accepted]));
  const since = Number(row.accepted) - [...days.values()].reduce((a, b) => a + b, 0);
  if (since > 0) days.set(row.last, (days.get(row.last) ?? 0) + since);
  return [...days].filter(([, n]) => n > 0).map(([day, n]) => ({ day, n, kind: "done" }));
}

/** Of a day that has begun the rest is still to leave. */
function together(done: CalendarDay[], planned: CalendarDay[]): CalendarDay[] {
  const ahead = new Map(planned.map((one) => [one.day, one]));
  const past = done.map((one) => {
    const rest = ahead.get(one.day);
    return rest ? { ...rest, n: rest.n + one.n } : one;
  });
  const known = new Set(past.map(({ day }) => day));
  return [...past, ...planned.filter(({ day }) => !known.has(day))].sort((a, b) => (a.day < b.day ? -1 : 1));
}

async function plans(s: Services, rows: Row[]): Promise<Map<string, CalendarDay[]>> {
  const waiting = new Map(
    rows
      .filter(({ state }) => state === "sending" || state === "scheduled")
      .map((row) => [row.id, Number(row.waiting)]),
  );
  if (waiting.size === 0) return new Map();
  const found = await s.db
    .select()
    .from(campaigns)
    .where(inArray(campaigns.id, [...waiting.keys()]));
  const planned = new Map<string, CalendarDay[]>();
  for (const campaign of found) {
    const { forecast } = await planOf(s, { campaign, remaining: waiting.get(campaign.id) ?? 0 });
    const days = forecast.days.map(({ day, n, late }) => ({ day, n, kind: late > 0 ? "late" : "planned" }) as const);
    planned.set(campaign.id, days);
  }
  return planned;
}
