import { type SQL, sql } from "drizzle-orm";
import { audit } from "../audit/log.ts";
import { findCampaign } from "../campaigns/find.ts";
import { DomainError } from "../errors.ts";
import { carrierSql } from "../servers/carrier.ts";
import { routeRow } from "../servers/lent.ts";
import { inTransaction, type Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { LINES } from "./server-lines.ts";

/** A message that waits for a server. `id`: "campaign:position", or the id of an outbox row. */
export type QueueRow = {
  id: string;
  to: string | null;
  campaign: { id: string; name: string } | null;
  /** Of system mail: confirmation, invitation … */
  kind: string | null;
  state: string;
  tries: number;
  nextAt: Date | null;
  reason: string | null;
  reply: string | null;
};

/** Rows of a campaign that a filter looks through: a domain is not in the index. */
const LOOKED_AT = 10_000;

/**
 * The oldest messages that wait for a server: system mail first, then its campaigns, oldest launch first. Addresses masked for auditors; of system mail none is shown, it is sealed.
 * @param o.domain of the recipient · `reply`: part of the server's last reply
 * @throws NotFound
 */
// Per campaign Limit → "Index Scan using deliveries_to_do" (campaign = c, position order); contacts by key, one after the other (`offset 0`): for the domain the planner
// would read all of them (0.4 s of a million).
export async function serverQueue(
  s: Services,
  o: { who: Who; server: string; domain?: string; reply?: string },
): Promise<QueueRow[]> {
  requireRight(o.who, "servers.see");
  const { organization } = o.who;
  const { server } = await routeRow(s.db, { organization, server: o.server });
  const filtered = o.domain !== undefined || o.reply !== undefined;
  const { rows } = await s.db.execute<Record<string, unknown>>(sql`
    with mail as (
      select o.id::text as id, null::text as address, null::uuid as campaign, null::text as name, o.kind, o.state, o.tries, o.due_at as next_at, null::text as reason, o.reply,
             0 as place, o.created_at as since, 0 as position
        from outbox o
       where o.organization = ${organization}::uuid and o.state in ('queued', 'sending') and ${carrierSql(sql`${organization}::uuid`)} = ${server.id}::uuid
         ${o.domain ? sql`and false` : sql``} ${replyLike(sql`o.reply`, o.reply)}
       order by o.due_at limit ${LINES}
    ),
    carried as (
      select c.id, c.name, c.launched_at from campaigns c
       where c.organization = ${organization}::uuid and c.state in ('sending', 'paused')
         and (c.server = ${server.id}::uuid or exists (select from campaign_servers x where x.campaign = c.id and x.server = ${server.id}::uuid))
    ),
    waiting as (
      select r.campaign || ':' || r.position as id, k.address, c.id as campaign, c.name, null::text as kind, r.state::text as state, r.tries, r.next_at, r.reason, r.reply,
             1 as place, c.launched_at as since, r.position
        from carried c
        cross join lateral (
          select * from deliveries d where d.campaign = c.id and d.state in ('pending', 'deferred') order by d.position limit ${filtered ? LOOKED_AT : LINES}) r
        left join lateral (select address, address_key from contacts where id = r.contact offset 0) k on true
       where true ${o.domain ? sql`and split_part(k.address_key, '@', 2) = ${o.domain.toLowerCase()}` : sql``} ${replyLike(sql`r.reply`, o.reply)}
    )
    select * from (select * from mail union all select * from waiting) q order by place, since, position limit ${LINES}`);
  return rows.map((row) => queueRow(row, o.who));
}

function replyLike(column: SQL, part: string | undefined): SQL {
  if (!part) return sql``;
  return sql`and ${column} ilike ${`%${part.replace(/[\\%_]/g, "\\$&")}%`}`;
}

function queueRow(row: Record<string, unknown>, who: Who): QueueRow {
  const { id, address, campaign, name, kind, state, reason, reply } = row as Record<string, string | null>;
  return {
    ...{ id: id ?? "", kind: kind ?? null, state: state ?? "", tries: Number(row.tries) },
    ...{ reason: reason ?? null, reply: reply ?? null },
    nextAt: row.next_at ? new Date(String(row.next_at)) : null,
    to: address ? (seesAddresses(who) ? address : maskAddress(address)) : null,
    campaign: campaign && name ? { id: campaign, name } : null,
  };
}

type Picked = { who: Who; server: string; ids: string[] };

/** Waiting rows are due now. @returns how many @throws NOTHING_TICKED · NotFound */
export function tryNow(s: Services, o: Picked): Promise<number> {
  return change(s, o, {
    audit: "queue.tried_now",
    deliveries: sql`next_at = app_now()`,
    outbox: sql`due_at = app_now()`,
  });
}

/**
 * They are not sent: `cancelled` or `dropped`, with the reason in the audit log.
 * @returns how many
 * @throws REASON_MISSING · NOTHING_TICKED · NotFound
 */
export async function dropQueued(s: Services, o: Picked & { reason: string }): Promise<number> {
  const reason = o.reason.trim();
  if (!reason) throw new DomainError("REASON_MISSING", { field: "reason" });
  return change(s, o, {
    ...{ audit: "queue.dropped", reason },
    deliveries: sql`state = 'cancelled', reason = 'dropped', next_at = null`,
    outbox: sql`state = 'dropped', payload = null, done_at = app_now()`,
  });
}

type Change = { audit: string; reason?: string; deliveries: SQL; outbox: SQL };

/** Only rows that wait: what a process holds at this moment is past deciding. */
async function change(s: Services, o: Picked, c: Change): Promise<number> {
  requireRight(o.who, "campaigns.write");
  const { organization, user } = o.who;
  if (o.ids.length === 0) throw new DomainError("NOTHING_TICKED");
  return inTransaction(s, async (tx) => {
    const { server } = await routeRow(tx.db, { organization, server: o.server });
    const rows = o.ids.filter((id) => id.includes(":")).map((id) => id.split(":"));
    for (const campaign of new Set(rows.map(([id]) => id ?? ""))) await findCampaign(tx.db, { organization, campaign });
    const mails = o.ids.filter((id) => /^[0-9a-f-]{36}$/.test(id));
    const only = c.audit === "queue.tried_now" ? sql`and d.state = 'deferred'` : sql``;
    const places = sql`(d.campaign, d.position) in (select * from unnest(${sql.param(rows.map(([campaign]) => campaign ?? ""))}::uuid[], ${sql.param(rows.map(([, position]) => Number(position)))}::int[]))`;
    const changed = await tx.db.execute(sql`
      update deliveries d set ${c.deliveries} from campaigns p
       where p.id = d.campaign and p.organization = ${organization}::uuid and d.state in ('pending', 'deferred') ${only} and ${places}`);
    const sent = await tx.db.execute(sql`
      update outbox set ${c.outbox} where organization = ${organization}::uuid and state = 'queued' and id = any(${sql.param(mails)}::uuid[])`);
    const n = (changed.rowCount ?? 0) + (sent.rowCount ?? 0);
    const facts = { n, ...(c.reason ? { reason: c.reason.slice(0, 200) } : {}) };
    if (n > 0) await audit(tx, { organization, user, action: c.audit, object: server.id, facts });
    return n;
  });
}
