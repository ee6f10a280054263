import type { Controller } from "../notices/words/types.ts";
import type { Frozen, Person } from "./types.ts";

/** A controller that does not exist, whole. */
export const CONTROLLER: Controller & { privacyUrl: string; website: string } = {
  legalName: "Bottega Verdi S.r.l.",
  address: "Via dei Tigli 4, 40123 Bologna (BO)",
  taxId: "01234567890",
  privacyEmail: "privacy@bottega.example",
  dpo: null,
  processors: [{ name: "Posta Esempio S.p.A.", country: "Italia" }],
  consentMonths: 24,
  privacyUrl: "https://news.bottega.example/p/bottega/privacy",
  website: "https://bottega.example",
};

export const frozen = (change: Partial<Frozen> = {}): Frozen => ({
  subject: "Novità di novembre per {{ contact.first_name | default: 'te' }}",
  html: '<!doctype html><html lang="it"><body><p>Ciao {{ contact.name | default: "lettore" }}, più novità.</p><a href="{{ links.unsubscribe }}">Cancellami</a></body></html>',
  text: "Ciao {{ contact.name | default: 'lettore' }}, più novità.\nCancellami: {{ links.unsubscribe }}",
  locale: "it",
  zone: "Europe/Rome",
  domain: "news.bottega.example",
  campaign: { number: 41 },
  organization: { ...CONTROLLER, slug: "bottega" },
  ...change,
});

export const person = (change: Partial<Person> = {}): Person => ({
  to: "mario.rossi@posta.example",
  name: "Mario Rossi",
  fields: { city: "Bologna" },
  list: "01977777-7777-7777-8777-777777777777",
  listName: "Novità della bottega",
  since: "2026-03-14T09:12:00.000Z",
  date: "2026-11-24T08:00:00.000Z",
  messageId: "<41.7@bottega.example>",
  from: { name: "Bottega Verdi", address: "news@bottega.example" },
  links: { leave: `https://news.bottega.example/u/v1.k1.${"A".repeat(86)}.${"B".repeat(22)}` },
  ...change,
});
