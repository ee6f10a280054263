/** What the words about consent are made of. A row of `organizations` and a row of `lists` fit as they stand. */

export type Locale = "it" | "en";
export type Tone = "tu" | "lei";

/** Who handles data on the controller's behalf, and where (GDPR art. 13(1)(e)(f)). */
export type Processor = { name: string; country: string; safeguard?: string };

/** The controller (titolare) as the words name it. */
export type Controller = {
  legalName: string;
  address: string;
  /** VAT number or codice fiscale. */
  taxId: string;
  privacyEmail: string;
  dpo?: string | null;
  processors: readonly Processor[];
  consentMonths: number;
  /** Their own full notice; null: ours. */
  privacyUrl?: string | null;
  website?: string | null;
};

/** What a list promises: what is sent, how often, for which purpose. */
export type ListPromise = { name: string; topics: string; frequency: string; purpose: string };
