import type { Controller, Locale } from "../notices/words/types.ts";

/** Who writes, as it stands in a message for good: a copy is rebuilt from it long after the organization has moved. */
export type FrozenOrganization = Pick<Controller, "legalName" | "address" | "taxId" | "privacyEmail" | "website"> & {
  slug: string;
  /** Absolute: their own notice, or ours. */
  privacyUrl: string;
};

/** All that is the same for everybody in a campaign. Subject, html and text still hold Liquid; html and text are those of `composeContent`. */
export type Frozen = {
  subject: string;
  html: string;
  text: string;
  replyTo?: string | null;
  locale: Locale;
  /** IANA zone in which dates are written. */
  zone: string;
  /** Host of PUBLIC_URL: List-Id is unique below it. */
  domain: string;
  campaign: { number: number };
  organization: FrozenOrganization;
};

/** All that differs from person to person. `MessageValues` of the engine is one. Times are ISO 8601, UTC. */
export type Person = {
  to: string;
  name: string | null;
  fields: Record<string, string>;
  /** Id and name of the list whose basis carries this message. */
  list: string;
  listName: string;
  /** When she confirmed · until when that holds · on which site · the words she said yes to. */
  since: string;
  until?: string;
  source?: string;
  words?: string;
  date: string;
  /** With its angle brackets. */
  messageId: string;
  from: { name: string; address: string };
  /** `leave` is also the one-click address of RFC 8058. */
  links: { leave: string; leaveAll?: string; browser?: string };
};
