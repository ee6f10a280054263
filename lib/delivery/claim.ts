import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { suppressionKey } from "../crypto/address-keys.ts";
import { makeLink } from "../crypto/links.ts";
import { leavePayload } from "../crypto/payloads.ts";
import { open } from "../crypto/sealed.ts";
import type { Services } from "../services.ts";
import { type Buckets, bucketsSql } from "./share.ts";
import type { Claimed, MessageValues } from "./types.ts";

/** What every message of a campaign shares. */
export type CampaignFacts = {
  id: string;
  number: number;
  snapshot: string;
  organization: string;
  fromName: string;
  /** Of its first server: From and Message-ID are the same whichever server carries a message. */
  sender: { name: string; address: string };
  /** Of the server that carries it: SPF is asked for that one. */
  envelopeFrom: string;
  /** It has a pace or hours of its own. */
  paced: boolean;
};

type Row = {
  /** False: put off, since the recipient's domain stands still at this server. */
  taken: boolean;
  position: number;
  contact: string;
  list: string;
  tries: number;
  /** Milliseconds since 1970, as text of a number: cheaper to read than three dates a row. */
  at: string;
  address: string | null;
  address_key: string;
  name: string | null;
  locale: "it" | "en";
  fields: Record<string, string>;
  subject: string | null;
  key: Buffer | null;
  since: string | null;
  until: string | null;
  list_name: string;
};

/**
 * Takes up to `n` rows of a campaign for this process, in order of position, and reads what their messages are made of. A row that is due again after a 4xx
 * is taken like a new one. Only up to `covered`: a position may be attempted once a `sending` line of this process's own journal file covers it (formats.md §4).
 */
export async function claim(
  s: Services,
  o: { campaign: CampaignFacts; server: string; epoch: number; covered: number; n: number } & Wish,
): Promise<Claimed[]> {
  const found: Row[] = [];
  for (let left = o.n; left > 0; ) {
    const { rows } = await s.db.execute<Row>(claimSql({ ...o, n: left, campaign: o.campaign.id }));
    const mine = rows.filter((row) => row.taken);
    found.push(...mine);
    // Rows whose domain stands still were put off instead: whoever stands behind them is taken at once.
    left = mine.length < rows.length ? left - mine.length : 0;
  }
  return found.map((row) => claimed(s, o.campaign, row));
}

/** Which rows of a campaign are wanted: those of these buckets, above this position. */
export type Wish = { share?: Buckets | "all"; above?: number };

const ms = (at: SQL) => sql`(extract(epoch from ${at}) * 1000)::bigint`;

function claimSql(o: { campaign: string; server: string; epoch: number; covered: number; n: number } & Wish): SQL {
  return sql`
    with still as materialized (
      select domain, coalesce(retry_at, (select app_now()) + interval '1 day') as until from server_domains where server = ${o.server}::uuid and (retry_at is null or retry_at > (select app_now()))
    ),
    first as materialized (
      select campaign, position, contact from deliveries
       where campaign = ${o.campaign}::uuid and position <= ${o.covered} ${wished(o)}
         and (state = 'pending' or (state = 'deferred' and next_at <= (select app_now())))
       order by position limit ${o.n} for update skip locked
    ),
    picked as ( -- while no domain stands still, nobody is looked up
      select f.*, q.until from first f
        left join lateral (select still.until from contacts c join still on still.domain = split_part(c.address_key, '@', 2) where c.id = f.contact and exists (select from still)) q on true
    ),
    taken as (
      update deliveries d
         set state = (case when p.until is null then 'claimed' else 'deferred' end)::delivery_state, epoch = case when p.until is null then ${o.epoch}::int end,
             next_at = p.until, reason = case when p.until is not null then 'domain_paused' end
        from picked p where d.campaign = p.campaign and d.position = p.position
      returning d.position, d.contact, d.list, d.tries, d.basis, d.state = 'claimed' as taken
    )
    select t.taken, t.position, t.contact, t.list, t.tries, ${ms(sql`app_now()`)} as at, c.address, c.address_key, c.name, c.locale, c.fields,
           x.id as subject, x.key, ${ms(sql`b.from_at`)} as since, ${ms(sql`b.until_at`)} as until, l.name as list_name
      from taken t
      left join contacts c on c.id = t.contact
      left join lateral (select id, key from subjects where contact = t.contact and key is not null order by id limit 1) x on true
      left join bases b on b.id = t.basis
      left join lists l on l.id = t.list
     order by t.position`;
}

/** SQL: the positions of a wish. */
export function wished(o: Wish): SQL {
  return sql`${o.above === undefined ? sql`` : sql`and position > ${o.above}`} ${bucketsSql(sql`position`, o.share ?? "all")}`;
}

function claimed(s: Services, campaign: CampaignFacts, row: Row): Claimed {
  const { position, contact, list, tries } = row;
  const { id, organization, envelopeFrom, paced } = campaign;
  const held = { campaign: id, organization, envelopeFrom, paced, position, contact, list, tries };
  if (row.address === null || !row.subject || !row.key) return held;
  const key = open(s.keys, { table: "subjects", row: row.subject, column: "key" }, row.key);
  return { ...held, recipient: { subject: { id: row.subject, key }, values: valuesOf(s, campaign, row, row.address) } };
}

function valuesOf(s: Services, campaign: CampaignFacts, row: Row, to: string): MessageValues {
  const { sender } = campaign;
  const domain = sender.address.slice(sender.address.lastIndexOf("@") + 1);
  const at = new Date(Number(row.at));
  return {
    campaign: campaign.id,
    position: row.position,
    to,
    name: row.name,
    locale: row.locale,
    fields: row.fields,
    list: row.list,
    listName: row.list_name,
    since: new Date(Number(row.since ?? row.at)).toISOString(),
    ...(row.until ? { until: new Date(Number(row.until)).toISOString() } : {}),
    // MC-03 "on which site": whoever confirms has signed up on the hosted form, also when pasted HTML led there.
    source: new URL(s.config.PUBLIC_URL).host,
    date: at.toISOString(),
    // A function of the delivery: the same for each try, so that a receiver may drop a repeat. The snapshot tells apart what a restore numbered alike.
    messageId: `<c${campaign.number}.${row.position}.${campaign.snapshot.slice(-12)}@${domain}>`,
    from: { name: campaign.fromName || sender.name, address: sender.address },
    links: linksOf(s, campaign, row),
  };
}

/** Her own leave links: they hold for ever, whatever becomes of this row (formats.md §6). */
function linksOf(s: Services, campaign: CampaignFacts, row: Row): MessageValues["links"] {
  const { organization } = campaign;
  const key = suppressionKey(s.keys, s.keys.write, organization, row.address_key);
  const leave = (list: string | null) => {
    const payload = leavePayload({ organization, list, contact: row.contact, key });
    return `${s.config.PUBLIC_URL}/u/${makeLink(s.keys, "u", payload)}`;
  };
  return { leave: leave(row.list), leaveAll: leave(null) };
}

/** Gives rows back that this process holds and has not attempted. */
export async function release(
  db: Db,
  o: { epoch: number; rows?: { campaign: string; position: number }[] },
): Promise<void> {
  const only = o.rows
    ? sql`and (d.campaign, d.position) in (select * from unnest(${sql.param(o.rows.map((r) => r.campaign))}::uuid[], ${sql.param(o.rows.map((r) => r.position))}::int[]))`
    : sql``;
  await db.execute(
    sql`update deliveries d set state = 'pending', epoch = null where d.epoch = ${o.epoch} and d.state = 'claimed' ${only}`,
  );
}
