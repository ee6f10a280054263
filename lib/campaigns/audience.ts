import { and, eq, inArray, sql } from "drizzle-orm";
import { lists } from "../../db/schema/lists.ts";
import { appNow } from "../clock.ts";
import { countAudience, gate, onLists, REFUSALS, type Refusal } from "../consent/gate.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";

/** `about`: so many that a sample was asked (`countAudience`). */
export type Audience = { receive: number; refused: { reason: Refusal; n: number }[]; about: boolean };

/**
 * Who of the lists would receive a campaign that starts now, through the gate: how many, and how many not, by reason.
 * @param real whether a real sending server would carry it
 * @throws NotFound for a list of another organization
 */
export async function audience(s: Services, o: { who: Who; lists: string[]; real: boolean }): Promise<Audience> {
  requireRight(o.who, "campaigns.see");
  if (o.lists.length === 0) return { receive: 0, refused: [], about: false };
  const { organization } = o.who;
  await mustOwn(s, o);
  const counted = await countAudience(s.db, { organization, lists: o.lists, at: await appNow(s.db), real: o.real });
  return { receive: counted.allowed, refused: counted.refused, about: counted.about };
}

export type AudienceRow = { contact: string; address: string; name: string | null; reason: Refusal | null };

/**
 * The people behind one of the figures of `audience`, in the order of their ids.
 * @param reason null: those who would receive it · @param after the last contact of the page before
 * @returns a page, and the key of the next one; addresses masked for auditors
 */
export async function audienceRows(
  s: Services,
  o: { who: Who; lists: string[]; real: boolean; reason: Refusal | null; after?: string; limit?: number },
): Promise<{ rows: AudienceRow[]; next?: string }> {
  requireRight(o.who, "campaigns.see");
  if (o.lists.length === 0) return { rows: [] };
  await mustOwn(s, o);
  const limit = o.limit ?? 50;
  const decided = gate({
    candidates: onLists(o.lists),
    organization: o.who.organization,
    at: await appNow(s.db),
    real: o.real,
  });
  const { rows } = await s.db.execute<AudienceRow>(sql`
    select g.contact, c.address, c.name, g.reason
      from (${decided}) g join contacts c on c.id = g.contact and c.organization = ${o.who.organization}
     where g.reason is not distinct from ${o.reason}
       ${o.after ? sql`and g.contact > ${o.after}::uuid` : sql``}
     order by g.contact limit ${limit + 1}`);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const shown = seesAddresses(o.who)
    ? page
    : page.map((row) => ({ ...row, address: maskAddress(row.address), name: null }));
  return { rows: shown, ...(rows.length > limit && last ? { next: last.contact } : {}) };
}

/** Another organization's list would tell how many people are on it, as so many refused. @throws NotFound */
async function mustOwn(s: Services, o: { who: Who; lists: string[] }): Promise<void> {
  const mine = and(eq(lists.organization, o.who.organization), inArray(lists.id, o.lists));
  if ((await s.db.$count(lists, mine)) < new Set(o.lists).size) throw new NotFound("list");
}

/** A reason as it came in a URL; undefined when it is none. */
export function asRefusal(text: string): Refusal | undefined {
  return REFUSALS.find((one) => one === text);
}
