import { sql } from "drizzle-orm";
import type { Db } from "../../db/client.ts";
import { gate, onLists } from "../consent/gate.ts";
import { analyzeLiquid } from "../templates/liquid-analysis.ts";
import type { Campaign } from "./find.ts";

export type UsedField = { name: string; hasDefault: boolean; line: number };

/** The fields of a person that a campaign prints, each once: without a default where one of its places has none. */
export function usedFields(campaign: Pick<Campaign, "mjml" | "subject" | "preheader" | "text">): UsedField[] {
  const found = new Map<string, UsedField>();
  for (const part of ["mjml", "subject", "preheader", "text"] as const) {
    for (const { name, hasDefault, row } of analyzeLiquid(campaign[part] ?? "", { part }).variables) {
      if (!name.startsWith("contact.")) continue;
      const before = found.get(name);
      if (!before || (before.hasDefault && !hasDefault)) found.set(name, { name, hasDefault, line: row });
    }
  }
  return [...found.values()];
}

/**
 * How many of those who would receive a campaign lack a field that it prints; one statement for all fields. The gate is asked for those alone who lack one.
 * @returns a number for each field, in the same order
 */
export async function countMissing(
  db: Db,
  o: { organization: string; lists: string[]; real: boolean; at: Date; fields: UsedField[] },
): Promise<number[]> {
  if (o.fields.length === 0 || o.lists.length === 0) return o.fields.map(() => 0);
  const counts = o.fields.map(({ name }, i) => sql`count(*) filter (where ${isEmpty(name)}) as ${sql.raw(`n${i}`)}`);
  const lacking = sql.join(
    o.fields.map(({ name }) => isEmpty(name)),
    sql` or `,
  );
  const candidates = sql`${onLists(o.lists)} and exists (select from contacts c where c.id = b.contact and (${lacking}))`;
  const { rows } = await db.execute<Record<string, string>>(sql`
    select ${sql.join(counts, sql`, `)}
      from (${gate({ candidates, organization: o.organization, at: o.at, real: o.real })}) g
      join contacts c on c.id = g.contact
     where g.reason is null`);
  return o.fields.map((_, i) => Number(rows[0]?.[`n${i}`] ?? 0));
}

function isEmpty(name: string) {
  const field = name.startsWith("contact.fields.")
    ? sql`c.fields ->> ${name.slice("contact.fields.".length)}`
    : sql`c.name`;
  return sql`coalesce(trim(${field}), '') = ''`;
}
