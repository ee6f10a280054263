import { parseAddress } from "../../text/address.ts";
import { isTransfer } from "./parts.ts";
import type { Controller, ListPromise } from "./types.ts";

const blank = (text: string | null | undefined) => !text?.trim();

/**
 * What the words about consent still lack, by name of field (`legalName`, `processors.0.safeguard`, `list.topics`): while one is missing nothing is
 * published (CC-03). A DPO and processors may be none; whoever is named needs a country, and a safeguard where it lies outside the EEA.
 */
export function missingTokens(o: { organization: Controller; list?: ListPromise }): string[] {
  const { organization, list } = o;
  const fields = (["legalName", "address", "taxId"] as const).filter((field) => blank(organization[field]));
  const processors = organization.processors.flatMap((processor, i) => [
    ...(blank(processor.name) ? [`processors.${i}.name`] : []),
    ...(blank(processor.country) ? [`processors.${i}.country`] : []),
    ...(!blank(processor.country) && isTransfer(processor) && blank(processor.safeguard)
      ? [`processors.${i}.safeguard`]
      : []),
  ]);
  const promise = list ? (["name", "topics", "frequency"] as const).filter((field) => blank(list[field])) : [];
  return [
    ...fields,
    ...(parseAddress(organization.privacyEmail) ? [] : ["privacyEmail"]),
    ...processors,
    ...(Number.isInteger(organization.consentMonths) && organization.consentMonths > 0 ? [] : ["consentMonths"]),
    ...promise.map((field) => `list.${field}`),
  ];
}
