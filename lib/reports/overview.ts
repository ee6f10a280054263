import { sql } from "drizzle-orm";
import { type WaitingApproval, waitingApprovals } from "../campaigns/waiting-approvals.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** What wants somebody today, the most pressing first. `at` says where it is dealt with. */
export type ToDo = {
  what:
    | "server_paused"
    | "uncertain"
    | "campaign_paused"
    | "approval_waits"
    | "publish_list"
    | "try_form"
    | "write_campaign"
    | "add_server"
    | "test_server"
    | "go_live"
    | "mail_waits";
  at: string;
  facts: Record<string, string | number>;
};

export type Sending = {
  campaign: string;
  name: string;
  state: string;
  done: number;
  size: number;
  scheduledAt: Date | null;
};
export type ServerToday = {
  server: string;
  name: string;
  kind: string;
  campaign: number;
  system: number;
  perDay: number | null;
  reserve: number;
};
export type DayOfConsents = { day: string; asked: number; confirmed: number; left: number };

export type Overview = {
  live: boolean;
  toDo: ToDo[];
  sending: Sending[];
  today: ServerToday[];
  days: DayOfConsents[];
  entries: { number: number; at: Date; kind: string }[];
};

/** Everything that the first page says about an organization; each part one query over an index of the organization. */
export async function overview(s: Services, o: { who: Who }): Promise<Overview> {
  requireRight(o.who, "campaigns.see");
  const { organization } = o.who;
  const [facts, approvals, sending, today, days, entries] = await Promise.all([
    standing(s, organization),
    waitingApprovals(s, o),
    underWay(s, organization),
    serversToday(s, organization),
    lastDays(s, organization),
    lastEntries(s, organization),
  ]);
  return { live: facts.live, toDo: toDoOf(facts, approvals), sending, today, days, entries };
}

type Standing = {
  live: boolean;
  lists: number;
  form: string | null;
  contacts: number;
  campaigns: number;
  server: string | null;
  tested: boolean;
  pausedServer: string | null;
  pausedReason: string | null;
  uncertain: number;
  uncertainIn: string | null;
  pausedCampaign: string | null;
  pausedName: string | null;
  waiting: number;
};

async function standing(s: Services, organization: string): Promise<Standing> {
  const { rows } = await s.db.execute<Standing>(sql`
    with mine as (select id, live_at from organizations where id = ${organization}),
    paused_server as (
      select id, paused_reason from servers where organization = ${organization} and paused_at is not null and removed_at is null limit 1
    ),
    paused_campaign as (
      select id, name from campaigns where organization = ${organization} and state in ('paused', 'stopped') order by id desc limit 1
    ),
    unsure as (
      select k.campaign, sum(k.n)::int as n from campaign_counts k join campaigns c on c.id = k.campaign
       where c.organization = ${organization} and k.state = 'uncertain' group by k.campaign having sum(k.n) > 0 limit 50
    )
    select (select live_at is not null from mine) as live,
      (select count(*)::int from lists where organization = ${organization} and archived_at is null) as lists,
      (select id from forms where organization = ${organization} and withdrawn_at is null order by id limit 1) as form,
      (select count(*)::int from (select from contacts where organization = ${organization} limit 1) c) as contacts,
      (select count(*)::int from (select from campaigns where organization = ${organization} limit 1) c) as campaigns,
      (select id from servers where organization = ${organization} and kind <> 'sandbox' and removed_at is null order by id limit 1) as server,
      exists (select from servers where organization = ${organization} and kind <> 'sandbox' and removed_at is null and test_ok = 'yes') as tested,
      (select id from paused_server) as "pausedServer", (select paused_reason from paused_server) as "pausedReason",
      (select coalesce(sum(n), 0)::int from unsure) as uncertain, (select campaign from unsure limit 1) as "uncertainIn",
      (select id from paused_campaign) as "pausedCampaign", (select name from paused_campaign) as "pausedName",
      (select count(*)::int from (select from outbox where organization = ${organization} and state = 'queued'
         and created_at < (select app_now()) - interval '5 minutes' limit 1000) o) as waiting`);
  const [row] = rows;
  if (!row) throw new Error("a statement of single values has one row");
  return row;
}

function toDoOf(f: Standing, approvals: WaitingApproval[]): ToDo[] {
  const all: (ToDo | false)[] = [
    f.pausedServer !== null && {
      what: "server_paused",
      at: `/servers/${f.pausedServer}`,
      facts: { reason: f.pausedReason ?? "" },
    },
    f.uncertain > 0 && {
      what: "uncertain",
      at: `/campaigns/${f.uncertainIn}?state=uncertain`,
      facts: { n: f.uncertain },
    },
    f.waiting > 0 && { what: "mail_waits", at: "/servers", facts: { n: f.waiting } },
    f.pausedCampaign !== null && {
      what: "campaign_paused",
      at: `/campaigns/${f.pausedCampaign}`,
      facts: { name: f.pausedName ?? "" },
    },
    ...approvals.map(({ campaign, name }) => ({
      ...{ what: "approval_waits" as const, at: `/campaigns/${campaign}?step=send#approval`, facts: { name } },
    })),
    f.lists === 0 && { what: "publish_list", at: "/lists/new", facts: {} },
    f.contacts === 0 && f.form !== null && { what: "try_form", at: "/try", facts: {} },
    f.campaigns === 0 && f.lists > 0 && { what: "write_campaign", at: "/campaigns/new", facts: {} },
    f.server === null && { what: "add_server", at: "/servers/new", facts: {} },
    f.server !== null && !f.tested && { what: "test_server", at: `/servers/${f.server}/test`, facts: {} },
    f.server !== null && f.tested && !f.live && { what: "go_live", at: `/servers/${f.server}/live`, facts: {} },
  ];
  return all.filter((one) => one !== false);
}

async function underWay(s: Services, organization: string): Promise<Sending[]> {
  const { rows } = await s.db.execute<Omit<Sending, "scheduledAt"> & { scheduledAt: Date | string | null }>(sql`
    select c.id as campaign, c.name, c.state, c.size, c.scheduled_at as "scheduledAt",
           (select coalesce(sum(k.n), 0)::int from campaign_counts k where k.campaign = c.id
             and k.state in ('accepted', 'rejected', 'uncertain', 'excluded', 'cancelled')) as done
      from campaigns c where c.organization = ${organization} and c.state in ('scheduled', 'sending', 'paused') order by c.id desc limit 10`);
  return rows.map((row) => ({ ...row, scheduledAt: row.scheduledAt === null ? null : new Date(row.scheduledAt) }));
}

async function serversToday(s: Services, organization: string): Promise<ServerToday[]> {
  const { rows } = await s.db.execute<ServerToday>(sql`
    select v.id as server, v.name, v.kind, v.per_day as "perDay", v.reserve,
           coalesce(w.campaign, 0) as campaign, coalesce(w.system, 0) as system
      from servers v
      left join server_windows w on w.server = v.id and w.unit = 'day'
       and w.begins = date_trunc('day', (select app_now()) at time zone v.zone) at time zone v.zone
     where v.organization = ${organization} and v.removed_at is null order by v.kind = 'sandbox', v.id`);
  return rows;
}

/** Four weeks of requests, confirmations and withdrawals, in the organization's zone, with the days on which nothing happened. */
async function lastDays(s: Services, organization: string): Promise<DayOfConsents[]> {
  const { rows } = await s.db.execute<DayOfConsents>(sql`
    with zone as (select time_zone as name, (select app_now()) as at from organizations where id = ${organization}),
    days as (select generate_series((at at time zone name)::date - 27, (at at time zone name)::date, interval '1 day')::date as day from zone),
    counted as (
      select (e.at at time zone zone.name)::date as day, e.kind, count(*)::int as n from consent_events e, zone
       where e.organization = ${organization} and e.at > zone.at - interval '29 days'
         and e.kind in ('consent.requested', 'consent.confirmed', 'consent.withdrawn') group by 1, 2
    )
    select to_char(d.day, 'YYYY-MM-DD') as day,
           coalesce(sum(n) filter (where kind = 'consent.requested'), 0)::int as asked,
           coalesce(sum(n) filter (where kind = 'consent.confirmed'), 0)::int as confirmed,
           coalesce(sum(n) filter (where kind = 'consent.withdrawn'), 0)::int as "left"
      from days d left join counted c on c.day = d.day group by d.day order by d.day`);
  return rows;
}

async function lastEntries(s: Services, organization: string): Promise<Overview["entries"]> {
  const { rows } = await s.db.execute<{ number: string; at: string; kind: string }>(sql`
    select e.seq + 1 as number, convert_from(e.entry, 'UTF8')::json ->> 'at' as at, convert_from(e.entry, 'UTF8')::json ->> 'kind' as kind
      from ledger_entries e
     where e.ledger = (select id from ledgers where organization = ${organization} order by generation desc limit 1)
     order by e.seq desc limit 5`);
  return rows.map((row) => ({ number: Number(row.number), at: new Date(row.at), kind: row.kind }));
}
