import { says } from "./required.ts";
import type { Controller } from "./words/types.ts";

/** What is true today and stands in no word that people agreed to: reasons to ask them again, not only to tell them (EDPB 05/2020 §110). */
export type NewFacts = { controller: string | null; recipients: string[] };

/**
 * Compares the published words with the organization as it is now. A change of wording alone leaves consents as they are; another controller, or
 * a recipient that the words do not name, does not.
 */
export function newFacts(published: string, organization: Controller): NewFacts {
  const recipients = organization.processors.map((one) => one.name).filter((name) => !says(published, name));
  return { controller: says(published, organization.legalName) ? null : organization.legalName, recipients };
}
