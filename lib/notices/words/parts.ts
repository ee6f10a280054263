import { tagOf } from "../../text/language.ts";
import { countryName, isInEea } from "./countries.ts";
import { type Say, sayer } from "./translator.ts";
import type { Controller, Locale, Processor, Tone } from "./types.ts";

/** What every text is made with: the sentences, and the controller as they name it. */
export type Making = { say: Say; locale: Locale; tone: Tone; organization: Controller };

export function making(o: { organization: Controller; locale: Locale; tone: Tone }): Making {
  return { ...o, say: sayer("words", o) };
}

/** "P. IVA 01234567890", or "C.F. …" for what is no VAT number. */
export function taxLabel(m: Making): string {
  const id = m.organization.taxId.trim();
  return m.say(/^([A-Z]{2})?\s?\d{8,12}$/i.test(id) ? "tax.vat" : "tax.code", { id });
}

/** Who the controller is, in one phrase. */
export function whoPhrase(m: Making): string {
  const { legalName, address, privacyEmail, dpo } = m.organization;
  const facts = { controller: legalName, address, email: privacyEmail };
  return dpo ? m.say("who.dpo", { ...facts, dpo }) : m.say("who.plain", facts);
}

/** Whether data go outside of the European Economic Area with a processor. */
export const isTransfer = (processor: Processor) => !isInEea(processor.country);

/** "Posta S.p.A. (Italia) e Mail Inc. (Stati Uniti, fuori dallo Spazio economico europeo, in base a …)" */
export function processorsPhrase(m: Making): string {
  const phrases = m.organization.processors.map((processor) => processorPhrase(m, processor));
  return new Intl.ListFormat(tagOf(m.locale), { type: "conjunction" }).format(phrases);
}

export function processorPhrase(m: Making, processor: Processor): string {
  const { name, safeguard = "" } = processor;
  const country = countryName(processor.country, m.locale);
  return isTransfer(processor)
    ? m.say("processor.transfer", { name, country, safeguard })
    : m.say("processor.eea", { name, country });
}
