import { sql } from "drizzle-orm";
import { appNow } from "../clock.ts";
import type { ListDetails } from "../lists/types.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { type ListFigures, listFigures } from "./list-figures.ts";

export type ListLine = ListDetails & {
  figures: ListFigures;
  lastMail: { campaign: string; name: string; at: Date } | null;
  forms: number;
  words: boolean;
};

/** The lists of the caller's organization with their people and last mailing; archived ones come last. `list`: this one alone. */
export async function listOverview(s: Services, o: { who: Who; list?: string }): Promise<ListLine[]> {
  requireRight(o.who, "lists.see");
  const { organization } = o.who;
  const { rows } = await s.db.execute<Record<string, never>>(sql`
    select l.*, g.live_at is not null as real, c.id as campaign, c.name as campaign_name, c.launched_at,
           (select count(*)::int from forms f where f.list = l.id and f.withdrawn_at is null) as forms,
           exists (select from notices n where n.list = l.id and n.kind = 'consent_box' and n.published_at is not null) as words
      from lists l join organizations g on g.id = l.organization
      left join lateral (
        select c.id, c.name, c.launched_at from campaign_lists cl join campaigns c on c.id = cl.campaign
         where cl.list = l.id and c.launched_at is not null order by c.launched_at desc limit 1) c on true
     where l.organization = ${organization} ${o.list ? sql`and l.id = ${o.list}` : sql``}
     order by l.archived_at is not null, lower(l.name), l.id`);
  const at = await appNow(s.db);
  const lines: ListLine[] = [];
  for (const row of rows as Record<string, unknown>[]) {
    const { id: list, purpose, real } = row as { id: string; purpose: string; real: boolean };
    lines.push(lineOf(row, await listFigures(s.db, { organization, list, purpose, at, real })));
  }
  return lines;
}

function lineOf(row: Record<string, unknown>, figures: ListFigures): ListLine {
  const at = (value: unknown) => (value === null ? null : new Date(value as string));
  return {
    ...(row as Pick<
      ListLine,
      "id" | "name" | "topics" | "frequency" | "locale" | "tone" | "purpose" | "forms" | "words"
    >),
    createdAt: new Date(row.created_at as string),
    archivedAt: at(row.archived_at),
    figures,
    lastMail: row.campaign
      ? { campaign: String(row.campaign), name: String(row.campaign_name), at: new Date(row.launched_at as string) }
      : null,
  };
}
