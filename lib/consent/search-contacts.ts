import { inArray, type SQL, sql } from "drizzle-orm";
import { contacts } from "../../db/schema/contacts.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { appNow } from "../clock.ts";
import { searchCondition } from "../contacts/search.ts";
import { type ContactRow, type Standing, standingOf } from "../contacts/types.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import { listNames } from "../lists/names.ts";
import type { Services } from "../services.ts";
import { addressKey, maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type Decision, decide } from "./gate.ts";

/** People that are put to the gate at once, and how often for one page: 10,000 looks take a second. */
const CHUNK = 1000;
const MOST_CHUNKS = 10;

export type ContactSearch = {
  who: Who;
  text?: string;
  list?: string;
  standing?: Standing;
  /** Last id of the page before. */
  after?: string;
  limit?: number;
};

/**
 * Contacts of the caller's organization, the newest first, by part of address or name, list and standing. The standing is the gate's answer, so a
 * page by standing is found by asking it in steps; where few match, a page may hold fewer rows than `limit` and still have a next one.
 * Who may not read addresses finds a contact by her whole address alone: parts would spell it out.
 *
 * Nothing is counted and nothing is skipped: each page starts at a key. On 1,000,000 contacts, three lists (PostgreSQL 18):
 * without search `Index Scan Backward using contacts_by_age`, 51 rows; a word `Bitmap Index Scan on contacts_search` and a sort of what was found,
 * a frequent word the index contacts_by_age with the word as filter; of a list `Index Only Scan Backward using bases_of_list`.
 *
 * @throws NotFound when the list is not of the caller's organization
 */
export async function searchContacts(s: Services, o: ContactSearch): Promise<{ rows: ContactRow[]; next?: string }> {
  requireRight(o.who, "contacts.see");
  const limit = o.limit ?? 50;
  const all = await listNames(s.db, { organization: o.who.organization, archived: true });
  if (o.list !== undefined && !all.some((one) => one.id === o.list)) throw new NotFound("list");
  const lists = o.list ? [o.list] : all.map((one) => one.id);
  const judge = await judgeFor(s, o.who.organization, lists);
  const found: Decision[] = [];
  let after = o.after;
  let more = true;
  for (let i = 0; i < MOST_CHUNKS && more && found.length <= limit; i++) {
    const most = o.standing ? CHUNK : limit + 1;
    const ids = await candidates(s, o, { after, most });
    more = ids.length === most;
    const judged = new Map((await judge(ids)).map((answer) => [answer.contact, answer]));
    const answers = ids.map((contact) => judged.get(contact) ?? nothing(contact));
    found.push(...answers.filter((one) => !o.standing || standingOf(one.reason) === o.standing));
    after = ids.at(-1) ?? after;
    if (!o.standing) break;
  }
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1)?.contact : more ? after : undefined;
  return { rows: await rowsOf(s, o.who, page), ...(last ? { next: last } : {}) };
}

const nothing = (contact: string): Decision => ({ contact, list: "", reason: "no_basis", basis: null, event: null });

async function judgeFor(s: Services, organization: string, lists: string[]) {
  const at = await appNow(s.db);
  const [owner] = await s.db
    .select({ liveAt: organizations.liveAt })
    .from(organizations)
    .where(sql`${organizations.id} = ${organization}`);
  return (contacts: string[]) => decide(s.db, { organization, contacts, lists, at, real: Boolean(owner?.liveAt) });
}

async function candidates(
  s: Services,
  o: ContactSearch,
  k: { after: string | undefined; most: number },
): Promise<string[]> {
  const condition = conditionFor(o);
  if (condition === null || (k.after !== undefined && !isUuid(k.after))) return [];
  const { rows } = await s.db.execute<{ id: string }>(
    o.list
      ? sql`
    select distinct b.contact as id from bases b
     where b.list = ${o.list} and b.purpose = (select purpose from lists where id = ${o.list})
       ${k.after ? sql`and b.contact < ${k.after}::uuid` : sql``}
       and exists (select from contacts c where c.id = b.contact and c.organization = ${o.who.organization} ${condition})
     order by b.contact desc limit ${k.most}`
      : sql`
    select c.id from contacts c
     where c.organization = ${o.who.organization} ${k.after ? sql`and c.id < ${k.after}::uuid` : sql``} ${condition}
     order by c.id desc limit ${k.most}`,
  );
  return rows.map((row) => row.id);
}

/** The condition on contacts `c`, with its `and`; null: nobody can be found. */
function conditionFor(o: ContactSearch): SQL | null {
  const text = o.text?.trim() ?? "";
  if (text === "") return sql``;
  if (!seesAddresses(o.who)) {
    const key = addressKey(text);
    return key === undefined ? null : sql`and c.address_key = ${key}`;
  }
  const condition = searchCondition(text);
  return condition ? sql`and ${condition}` : sql``;
}

async function rowsOf(s: Services, who: Who, page: Decision[]): Promise<ContactRow[]> {
  const ids = page.map((one) => one.contact);
  if (ids.length === 0) return [];
  const rows = await s.db.select().from(contacts).where(inArray(contacts.id, ids));
  const open = await openLists(s, ids);
  const clear = seesAddresses(who);
  return page.flatMap(({ contact, reason }) => {
    const row = rows.find((one) => one.id === contact);
    if (!row) return [];
    const { id, address, name, createdAt } = row;
    const shown = clear ? { address, name } : { address: maskAddress(address), name: null };
    return [{ id, createdAt, ...shown, reason, standing: standingOf(reason), lists: open.get(id) ?? [] }];
  });
}

/** Names of the lists on which each has an open basis. */
async function openLists(s: Services, ids: string[]): Promise<Map<string, string[]>> {
  const { rows } = await s.db.execute<{ contact: string; names: string[] }>(sql`
    select b.contact, array_agg(distinct l.name order by l.name) as names
      from bases b join lists l on l.id = b.list and l.purpose = b.purpose
     where b.contact = any(${sql.param(ids)}::uuid[]) and b.ended_at is null and b.until_at > (select app_now())
     group by b.contact`);
  return new Map(rows.map((row) => [row.contact, row.names]));
}
