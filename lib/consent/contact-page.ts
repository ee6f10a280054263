import { and, eq, sql } from "drizzle-orm";
import { bases } from "../../db/schema/consent.ts";
import { contacts, provenance } from "../../db/schema/contacts.ts";
import { forms } from "../../db/schema/lists.ts";
import { organizations } from "../../db/schema/organizations.ts";
import { appNow } from "../clock.ts";
import { type Standing, standingOf } from "../contacts/types.ts";
import { isUuid } from "../crypto/uuid.ts";
import { NotFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { suppressionsOf } from "../suppression/list-open.ts";
import { maskAddress } from "../text/address.ts";
import { requireRight, seesAddresses } from "../users/roles.ts";
import type { Who } from "../users/who.ts";
import { decide } from "./gate.ts";

/** How a person stands on one list, and what that rests on. */
export type ContactStanding = {
  list: { id: string; name: string };
  purpose: string;
  standing: Standing;
  /** The gate's own word; null: she is written to. */
  reason: string | null;
  since?: Date;
  until?: Date;
  level?: string;
};

export type ContactPage = {
  id: string;
  address: string;
  name: string | null;
  locale: "it" | "en";
  createdAt: Date;
  /** LB-01: where her address came from. */
  origin: { kind: string; collectedAt: Date; form: string | null; event: string | null };
  standings: ContactStanding[];
  /** What keeps mail from her, of everything or of a list (`list` null: everything). */
  suppressions: { reason: string; list: string | null; from: Date }[];
};

/**
 * A contact with her standing on every list that she ever had to do with, each through the gate.
 * @throws NotFound when she is not of the caller's organization (or was erased)
 */
export async function contactPage(s: Services, o: { who: Who; contact: string }): Promise<ContactPage> {
  requireRight(o.who, "contacts.see");
  if (!isUuid(o.contact)) throw new NotFound("contact");
  const [row] = await s.db
    .select({ contact: contacts, origin: provenance, form: forms.name, liveAt: organizations.liveAt })
    .from(contacts)
    .innerJoin(provenance, eq(provenance.id, contacts.provenance))
    .innerJoin(organizations, eq(organizations.id, contacts.organization))
    .leftJoin(forms, eq(forms.id, provenance.form))
    .where(and(eq(contacts.id, o.contact), eq(contacts.organization, o.who.organization)));
  if (!row) throw new NotFound("contact");
  const { id, locale, createdAt } = row.contact;
  const shown = seesAddresses(o.who)
    ? { address: row.contact.address, name: row.contact.name }
    : { address: maskAddress(row.contact.address), name: null };
  const { kind, collectedAt, event } = row.origin;
  const at = await appNow(s.db);
  return {
    ...{ id, locale, createdAt, ...shown },
    origin: { kind, collectedAt, event, form: row.form },
    standings: await standingsOf(s, { organization: o.who.organization, contact: id, at, real: row.liveAt !== null }),
    suppressions: await suppressionsOf(s.db, { organization: o.who.organization, contact: id, at }),
  };
}

type Asked = { organization: string; contact: string; at: Date };

/** The lists on which she has, had or asked for a standing, with what the gate says of each. */
async function standingsOf(s: Services, o: Asked & { real: boolean }): Promise<ContactStanding[]> {
  const { rows: known } = await s.db.execute<{ id: string; name: string; purpose: string }>(sql`
    select l.id, l.name, l.purpose from lists l
     where l.organization = ${o.organization}
       and (exists (select from bases b where b.contact = ${o.contact} and b.list = l.id)
         or exists (select from confirmations q join contact_keys k on k.organization = q.organization and k.key = q.key
                     where k.contact = ${o.contact} and q.list = l.id))
     order by lower(l.name), l.id`);
  const found: ContactStanding[] = [];
  for (const list of known) {
    const [answer] = await decide(s.db, { ...o, contacts: [o.contact], lists: [list.id] });
    const reason = answer ? answer.reason : "no_basis";
    const basis = answer?.basis ? await basisOf(s, answer.basis) : undefined;
    found.push({
      list: { id: list.id, name: list.name },
      ...{ purpose: list.purpose, reason, standing: standingOf(reason) },
      ...(basis ? { since: basis.from, until: basis.until, level: basis.level } : {}),
    });
  }
  return found;
}

async function basisOf(s: Services, id: string) {
  const [row] = await s.db
    .select({ from: bases.from, until: bases.until, level: bases.level })
    .from(bases)
    .where(eq(bases.id, id));
  return row;
}
