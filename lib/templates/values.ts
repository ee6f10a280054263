import { tagOf } from "../text/language.ts";
import type { Frozen, Person } from "./types.ts";

/** What Liquid sees of a person: plain data under the names of `variables.ts`, nothing else (B39, B41). What is not known is null, never "". */
export type Values = Record<string, Record<string, unknown>>;

const QUARTER = 15 * 60_000;
/** Dates that are kept, some hundred bytes each. */
const DAYS_MOST = 5000;

/** Makes the values of a campaign's people; what is the same for all, and the formatter of dates (dear to make), is made once. */
export function valuesMaker(frozen: Frozen): (person: Person) => Values {
  const { organization } = frozen;
  const dates = new Intl.DateTimeFormat(tagOf(frozen.locale), { dateStyle: "long", timeZone: frozen.zone });
  // A zone's day begins at a quarter of an hour: all instants of one have one date.
  const made = new Map<number, string>();
  const day = (iso: string | undefined) => {
    if (!iso) return null;
    const quarter = Math.floor(Date.parse(iso) / QUARTER);
    const known = made.get(quarter) ?? dates.format(new Date(iso));
    if (made.size < DAYS_MOST) made.set(quarter, known);
    return known;
  };
  const org = {
    name: organization.legalName,
    address: organization.address,
    tax_id: organization.taxId,
    privacy_email: organization.privacyEmail,
    website: organization.website || null,
  };
  return (person) => ({
    org,
    contact: { name: person.name || null, first_name: firstName(person.name), fields: filled(person.fields) },
    list: { name: person.listName },
    campaign: {},
    consent: {
      date: day(person.since),
      until: day(person.until),
      source: person.source || null,
      text: person.words || null,
    },
    links: {
      unsubscribe: person.links.leave,
      unsubscribe_all: person.links.leaveAll ?? person.links.leave,
      privacy: organization.privacyUrl,
      browser: person.links.browser || null,
    },
  });
}

/** The first word of a name: right for most names in Italy and England, and a template may ask for the whole. */
function firstName(name: string | null): string | null {
  return name?.trim().split(/\s+/)[0] || null;
}

/** An empty field is one that she lacks: `{% if contact.fields.city %}` then says what people mean by it. */
function filled(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ""));
}
