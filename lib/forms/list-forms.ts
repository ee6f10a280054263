import { sql } from "drizzle-orm";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { requireRight } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import type { FormRow } from "./types.ts";

/** Forms of the caller's organization, or of one list, newest first, with the version that people see now. */
export async function listForms(s: Services, o: { who: Who; list?: string }): Promise<FormRow[]> {
  requireRight(o.who, "lists.see");
  if (o.list !== undefined && !isUuid(o.list)) throw new NotFound("list");
  const { rows } = await s.db.execute<Record<string, never>>(sql`
    select f.id, f.name, f.list, l.name as list_name, f.withdrawn_at, v.version, v.locale, v.tone, v.published_at,
           exists (
             select from unnest(v.notices) shown(id) join notices old on old.id = shown.id
               join notices n on n.organization = old.organization and n.list is not distinct from old.list and n.kind = old.kind
                and n.purpose is not distinct from old.purpose and n.locale = old.locale and n.tone = old.tone
              where n.version > old.version and n.published_at is not null) as outdated
      from forms f join lists l on l.id = f.list
      cross join lateral (select * from form_versions x where x.form = f.id order by x.version desc limit 1) v
     where f.organization = ${o.who.organization} ${o.list ? sql`and f.list = ${o.list}` : sql``}
     order by f.id desc`);
  return rows.map(asRow);
}

function asRow(row: Record<string, unknown>): FormRow {
  return {
    ...(row as Pick<FormRow, "id" | "name" | "locale" | "tone" | "version" | "outdated">),
    list: { id: String(row.list), name: String(row.list_name) },
    publishedAt: new Date(row.published_at as string),
    withdrawnAt: row.withdrawn_at === null ? null : new Date(row.withdrawn_at as string),
  };
}
