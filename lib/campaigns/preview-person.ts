import { sql } from "drizzle-orm";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import type { Person } from "../templates/types.ts";
import { seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import type { Campaign, Organization } from "./find.ts";

/** Somebody who never lived, in the language of the campaign. */
const INVENTED = {
  it: { name: "Maria Rossi", address: "maria.rossi" },
  en: { name: "Mary Smith", address: "mary.smith" },
};
const MONTHS_AGO = 90 * 86_400_000;

type Of = { who: Who; campaign: Campaign; organization: Organization; lists: string[]; contact?: string | undefined };

/**
 * Who is merged into a preview: an invented person, or a contact of the organization with her own values. The links to leave belong to nobody in both.
 * @throws NotFound · a role that reads addresses masked sees the invented person
 */
export async function previewPerson(s: Services, o: Of): Promise<Person> {
  const { locale } = o.campaign;
  const real = o.contact && seesAddresses(o.who) ? await contactRow(s, { ...o, contact: o.contact }) : undefined;
  const { rows } = await s.db.execute<{ at: string; list: string | null; name: string | null }>(sql`
    select app_now() as at, l.id as list, l.name from (select) x
      left join lists l on l.id = ${real?.list ?? o.lists[0] ?? null}::uuid and l.organization = ${o.who.organization}`);
  const at = new Date(rows[0]?.at ?? 0);
  const link = `${s.config.PUBLIC_URL}/u/${locale === "it" ? "anteprima" : "preview"}`;
  return {
    ...{
      to: real?.address ?? `${INVENTED[locale].address}@example.com`,
      name: real ? real.name : INVENTED[locale].name,
    },
    ...{
      fields: real?.fields ?? {},
      list: rows[0]?.list ?? o.organization.id,
      listName: rows[0]?.name ?? o.organization.legalName,
    },
    since: new Date(real?.since ?? at.getTime() - MONTHS_AGO).toISOString(),
    ...{ date: at.toISOString(), messageId: `<preview.${o.campaign.number}@example.com>` },
    from: { name: o.campaign.fromName || o.organization.legalName, address: "news@example.com" },
    links: { leave: link, leaveAll: link },
  };
}

type Row = {
  address: string;
  name: string | null;
  fields: Record<string, string>;
  list: string | null;
  since: string | null;
};

async function contactRow(s: Services, o: Of & { contact: string }): Promise<Row> {
  if (!/^[0-9a-f-]{36}$/.test(o.contact)) throw new NotFound("contact");
  const { rows } = await s.db.execute<Row>(sql`
    select c.address, c.name, c.fields, b.list, b.from_at as since
      from contacts c
      left join lateral (
        select list, from_at from bases
         where contact = c.id and ended_at is null and list = any(${sql.param(o.lists)}::uuid[]) order by from_at desc limit 1) b on true
     where c.id = ${o.contact} and c.organization = ${o.who.organization}`);
  if (!rows[0]) throw new NotFound("contact");
  return rows[0];
}
