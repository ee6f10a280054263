import { sql } from "drizzle-orm";
import { type StaffNotice, tellStaff } from "../notices/tell-staff.ts";
import type { Services } from "../services.ts";
import type { NoticeKind } from "../users/notice-kinds.ts";

type Found = {
  kind: NoticeKind;
  organization: string;
  object: string;
  key: string;
  path: string;
  name: string;
  n: string | number;
  reason: string | null;
};

/** Minutes before "it will come back by itself" becomes something to tell. */
const PATIENCE_MINUTES = 15;

/**
 * Looks at campaigns and servers and tells staff what has happened: a campaign ended or was stopped by the machine, a server stands still, messages wait for a
 * decision, all sending is paused. Run every half minute by each worker; a key is told once, so that any number of them may look.
 * What happened longer ago than a day is not news.
 * @returns how many notices were new
 */
export async function watch(s: Services): Promise<number> {
  const { rows } = await s.db.execute<Found>(sql`
    with moment as materialized (select app_now() as at),
    found (kind, organization, object, key, path, name, n, reason) as (
    select 'campaign_ended' as kind, c.organization, c.id as object, 'campaign_ended:' || c.id || ':' || extract(epoch from c.ended_at)::bigint as key,
           '/campaigns/' || c.id as path, c.name,
           (select coalesce(sum(n), 0) from campaign_counts k where k.campaign = c.id and k.state = 'accepted') as n, null as reason
      from campaigns c, moment where c.state = 'ended' and c.ended_at > moment.at - interval '1 day'
    union all
    select 'campaign_stopped', c.organization, c.id, 'campaign_stopped:' || c.id || ':' || extract(epoch from c.paused_at)::bigint, '/campaigns/' || c.id, c.name, 0, c.paused_reason
      from campaigns c, moment where c.state in ('paused', 'stopped') and c.paused_by is null and c.paused_at > moment.at - interval '1 day'
    union all
    select 'uncertain_wait', c.organization, c.id, 'uncertain_wait:' || c.id || ':' || to_char(moment.at, 'YYYY-MM-DD'), '/campaigns/' || c.id, c.name, k.n, null
      from campaigns c
      join lateral (select sum(n) as n from campaign_counts k where k.campaign = c.id and k.state = 'uncertain') k on k.n > 0, moment
     where c.state in ('sending', 'paused', 'ended') and c.launched_at > moment.at - interval '30 days'
    union all
    select 'server_stopped', v.organization, v.id, 'server_stopped:' || v.id || ':' || coalesce(v.paused_reason, '') || ':' || to_char(v.paused_at, 'YYYY-MM-DD'), '/servers/' || v.id, v.name, 0, v.paused_reason
      from servers v, moment
     where v.paused_at is not null and v.removed_at is null and (v.retry_at is null or v.paused_reason in ('policy', 'reputation', 'throttled', 'tls', 'dkim', 'disk_full')
              or least(v.paused_at, v.ailing_since) < moment.at - ${PATIENCE_MINUTES} * interval '1 minute')
       and v.paused_at > moment.at - interval '1 day'
    union all
    select 'sending_paused', o.id, o.id, 'sending_paused:' || o.id || ':' || extract(epoch from o.paused_at)::bigint, '/campaigns', o.legal_name, 0, o.paused_reason
      from organizations o, moment where o.paused_at > moment.at - interval '1 day' and o.closed_at is null
    )
    select f.* from found f where not exists (select from staff_notices t where t.organization = f.organization and t.key = f.key)`);
  let told = 0;
  for (const row of rows) if (await tellStaff(s, noticeOf(row))) told++;
  return told;
}

function noticeOf({ name, n, reason, ...row }: Found): StaffNotice {
  return { ...row, facts: { name, n: Number(n), reason: reason ?? "none" } };
}
