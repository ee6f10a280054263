import type { Frozen, Person } from "./types.ts";
import { type Values, valuesMaker } from "./values.ts";

/** Somebody who does not exist, for previews without a contact: everything known of her, or (`empty`) nothing that may be missing. */
export function samplePerson(o: { empty?: boolean; listName?: string; since?: string; leave?: string }): Person {
  const since = o.since ?? "2026-03-14T09:12:00.000Z";
  return {
    to: "anna.bianchi@example.it",
    name: o.empty ? null : "Anna Bianchi",
    fields: {},
    list: "00000000-0000-7000-8000-000000000000",
    listName: o.listName ?? "Novità",
    since,
    ...(o.empty ? {} : { until: "2028-03-14T09:12:00.000Z", source: "example.it" }),
    date: since,
    messageId: "<preview@example.it>",
    from: { name: "", address: "preview@example.it" },
    links: { leave: o.leave ?? "https://example.it/u/" },
  };
}

const ORGANIZATION: Frozen["organization"] = {
  slug: "example",
  legalName: "Example",
  address: "Example",
  taxId: "0",
  privacyEmail: "privacy@example.it",
  privacyUrl: "https://example.it/p/",
};

/** What Liquid would see of a sample person, where no campaign is at hand. */
export function sampleValues(person: Person): Values {
  const frozen = { subject: "", html: "", text: "", domain: "example.it", campaign: { number: 0 } };
  const values = valuesMaker({ ...frozen, locale: "it", zone: "Europe/Rome", organization: ORGANIZATION })(person);
  return { ...values, campaign: { subject: "Example" } };
}
