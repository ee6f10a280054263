import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";

/** Why somebody is not written to, in the order in which the gate looks: the first that holds is the answer (design: §6, the gate). */
export const REFUSALS = [
  "erased",
  "suppressed",
  "restricted",
  "withdrawn",
  "objected",
  "never_confirmed",
  "expired",
  "simulated",
  "evidence_below_minimum",
  "other_controller",
  "no_basis",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Promotional mail wants a confirmation by POST from the mailbox at least (compliance.md §2.4). */
const MINIMUM_LEVEL = "E3";

/**
 * THE gate: who of `candidates` may be written to at `at`, on what basis, and else why not. Default deny.
 * One text for one person on a page, a million in a snapshot, and the window of a hand-off; replayed at a stored instant it gives the stored answer,
 * because it reads nothing but intervals.
 *
 * @param candidates SQL with columns (contact, list); several lists of one contact give one answer: allowed if one of them carries her
 * @param organization the controller; lists and bases of another one are refused
 * @param at SQL or Date; evaluated once
 * @param real whether a real sending server carries the mail: people confirmed only by sandbox mail are then refused
 * @returns SQL with columns (contact, list, reason, basis, event); reason null means allowed
 *
 * People are looked up by their ids alone, the organization compared after: with it in the join, a planner without fresh statistics reads the whole
 * organization for a window of two.
 * Joined and grouped, not looked up row by row. With 300,000 contacts and 30,000 suppressions on PostgreSQL 18, two cores (November 2026): everybody 1.7 s,
 * a keyset chunk of 2,000 in 34 ms (both before people were looked up by id), a hand-off's ten in 4 ms, each by the indexes bases_of_contact, suppressions_of and the key of contact_keys.
 */
export function gate(o: { candidates: SQL; organization: string; at: SQL | Date; real: boolean }): SQL {
  const at = o.at instanceof Date ? sql`${o.at.toISOString()}::timestamptz` : o.at;
  return sql`
    with instant as materialized (select (${at}) as at),
    candidate as materialized (${o.candidates}),
    stopped as materialized (
      select k.contact, s.list, s.purpose, s.reason
        from (select distinct contact from candidate) c
        join contact_keys k on k.contact = c.contact
        join suppressions s on s.organization = ${o.organization}::uuid and s.key = k.key, instant
       where s.from_at <= at and (s.lifted_at is null or s.lifted_at > at) and (s.until_at is null or s.until_at > at)
    ),
    judged as (
      select c.contact, c.list, b.id as basis, b.event, l.purpose,
             case when p.id is null or p.organization <> ${o.organization}::uuid then 1
                  when bool_or(st.reason not in ('restricted', 'withdrawn', 'objected')) then 2
                  when bool_or(st.reason = 'restricted') then 3
                  when bool_or(st.reason = 'withdrawn') then 4
                  when bool_or(st.reason = 'objected') then 5
                  when l.organization is distinct from ${o.organization}::uuid then 10
                  when b.id is null then 0
                  when b.simulated and ${o.real} then 8
                  when b.level < ${MINIMUM_LEVEL} and l.purpose = 'promo' then 9
             end as refusal
        from candidate c
        cross join instant
        left join lists l on l.id = c.list
        left join contacts p on p.id = c.contact
        left join bases b on b.contact = c.contact and b.list = c.list and b.purpose = l.purpose and b.organization = ${o.organization}::uuid
              and b.from_at <= at and b.until_at > at and (b.ended_at is null or b.ended_at > at)
        left join stopped st on st.contact = c.contact and (st.list is null or st.list = c.list) and (st.purpose is null or st.purpose = l.purpose::text)
       group by c.contact, c.list, b.id, b.event, b.simulated, b.level, l.id, l.purpose, l.organization, p.id, p.organization
    ),
    past as ( -- why there is no basis: how the last one ended
      select distinct on (j.contact, j.list) j.contact, j.list,
             case when b.ended_at <= at and b.ended_reason in ('withdrawn', 'objected') then (case b.ended_reason when 'withdrawn' then 4 else 5 end)
                  when b.until_at <= at then 7 else 11 end as refusal
        from judged j join bases b on b.contact = j.contact and b.list = j.list and b.purpose = j.purpose, instant
       where j.refusal = 0 and b.from_at <= at
       order by j.contact, j.list, b.from_at desc, b.id desc
    ),
    asked as (
      select distinct j.contact, j.list
        from judged j join contact_keys k on k.contact = j.contact
        join confirmations q on q.organization = k.organization and q.key = k.key and q.list = j.list, instant
       where j.refusal = 0 and q.created_at <= at and (q.outcome is null or q.outcome_at > at)
    )
    select distinct on (j.contact) j.contact, j.list,
           (${sql.raw(`array['${REFUSALS.join("','")}']`)})[case when j.refusal = 0 then coalesce(past.refusal, case when asked.contact is null then 11 else 6 end) else j.refusal end] as reason,
           case when j.refusal is null then j.basis end as basis,
           case when j.refusal is null then j.event end as event
      from judged j
      left join past on j.refusal = 0 and past.contact = j.contact and past.list = j.list
      left join asked on j.refusal = 0 and asked.contact = j.contact and asked.list = j.list
     order by j.contact, j.refusal is not null, case when j.refusal = 0 then coalesce(past.refusal, 11) else j.refusal end, j.list`;
}

export type Decision = {
  contact: string;
  list: string;
  reason: Refusal | null;
  basis: string | null;
  event: string | null;
};

/** The gate's answer for contacts and lists, e.g. on a contact's page: one answer a contact, allowed if one of the lists carries her. */
export async function decide(
  db: Db,
  o: { organization: string; contacts: string[]; lists: string[]; at: Date; real: boolean },
): Promise<Decision[]> {
  if (o.contacts.length === 0 || o.lists.length === 0) return [];
  const candidates = sql`select c.contact, l.list from unnest(${sql.param(o.contacts)}::uuid[]) c(contact), unnest(${sql.param(o.lists)}::uuid[]) l(list)`;
  const { rows } = await db.execute<Decision>(
    gate({ candidates, organization: o.organization, at: o.at, real: o.real }),
  );
  return rows;
}

/** Everybody who ever had a standing on one of the lists: whom a campaign to them would ask the gate about. */
export function onLists(lists: string[]): SQL {
  return sql`select distinct b.contact, b.list from bases b where b.list = any(${sql.param(lists)}::uuid[])`;
}

/** Up to so many standings everybody is asked for, in half a second; a million took the gate 6 s, and a launch and each look at a draft ask. */
const MANY = 100_000;
/** Of more people one of 32, at most so many of them. */
const [ONE_IN, MOST] = [32, 5_000];

export type Counted = {
  allowed: number;
  refused: { reason: Refusal; n: number }[];
  /** Estimated from a sample: a reason that few people have may be missing. */
  about: boolean;
};

/**
 * How many of the lists' people the gate lets through at `at`, and how many it refuses, by reason. Of more than a hundred thousand a sample is asked, chosen by the
 * last byte of their ids, which is random: the same people at each look. Where none of it may be written to, everybody is asked.
 */
export async function countAudience(
  db: Db,
  o: { organization: string; lists: string[]; at: Date; real: boolean },
): Promise<Counted> {
  const sample = (await isMany(db, o.lists)) ? await sampleOf(db, o.lists) : undefined;
  if (!sample) return counted(db, o, onLists(o.lists));
  const candidates = sql`${onLists(o.lists)} and b.contact = any(${sql.param(sample.contacts)}::uuid[])`;
  const found = await counted(db, o, candidates);
  if (found.allowed === 0) return counted(db, o, onLists(o.lists));
  const scale = (n: number) => Math.round((n * sample.all) / sample.contacts.length);
  const refused = found.refused.map(({ reason, n }) => ({ reason, n: scale(n) }));
  return { allowed: sample.all - refused.reduce((sum, { n }) => sum + n, 0), refused, about: true };
}

// "Index Only Scan using bases_of_list", 100,001 rows at most: 15 ms.
async function isMany(db: Db, lists: string[]): Promise<boolean> {
  const { rows } = await db.execute<{ many: boolean }>(sql`
    select count(*) > ${MANY} as many from (select from bases where list = any(${sql.param(lists)}::uuid[]) limit ${MANY + 1}) b`);
  return rows[0]?.many ?? false;
}

// Unique over "Index Only Scan using bases_of_list": 0.4 s of a million.
async function sampleOf(db: Db, lists: string[]): Promise<{ all: number; contacts: string[] } | undefined> {
  const { rows } = await db.execute<{ n: string; contacts: string[] | null }>(sql`
    select count(*) as n, array_agg(contact) filter (where get_byte(uuid_send(contact), 15) < ${256 / ONE_IN}) as contacts
      from (select distinct contact from bases where list = any(${sql.param(lists)}::uuid[])) p`);
  const found = rows[0]?.contacts ?? [];
  const step = Math.ceil(found.length / MOST);
  const contacts = found.filter((_, i) => i % step === 0);
  return contacts.length > 0 ? { all: Number(rows[0]?.n ?? 0), contacts } : undefined;
}

async function counted(
  db: Db,
  o: { organization: string; at: Date; real: boolean },
  candidates: SQL,
): Promise<Counted> {
  const { rows } = await db.execute<{ reason: Refusal | null; n: string }>(
    sql`select reason, count(*) as n from (${gate({ ...o, candidates })}) g group by reason order by n desc`,
  );
  const refused = rows.flatMap((row) => (row.reason ? [{ reason: row.reason, n: Number(row.n) }] : []));
  return { allowed: Number(rows.find((row) => row.reason === null)?.n ?? 0), refused, about: false };
}
