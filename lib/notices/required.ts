import type { Controller, ListPromise, Locale } from "./words/types.ts";

/** What the law wants said in a short notice (GDPR art. 13), by a word that it cannot be said without. */
const SAYINGS: Record<Locale, Record<string, RegExp>> = {
  it: {
    withdrawal: /revoc|cambiare idea|cancell/i,
    rights: /diritt/i,
    complaint: /garante|autorità/i,
    optional: /facoltativ/i,
  },
  en: {
    withdrawal: /withdraw|change your mind|unsubscribe/i,
    rights: /right|may ask/i,
    complaint: /data protection authority|garante|supervisory authority/i,
    optional: /optional/i,
  },
};

const OPEN_TOKEN = /\{[^{}]*\}/;

/** Letters alone, so that a line break or another apostrophe hides nothing. */
const plain = (text: string) =>
  text
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@.]+/gu, " ");
export const says = (text: string, part: string) => plain(text).includes(plain(part).trim());

/**
 * What a short notice that a person has edited no longer says (CC-03), by name: `controller`, `address`, `privacyEmail`, `dpo`, `list`, `frequency`,
 * `processors`, `months`, `withdrawal`, `rights`, `complaint`, `optional`; `token` when a brace was left unfilled. Empty: nothing is missing.
 */
export function missingInShortNotice(
  body: string,
  o: { organization: Controller; list: ListPromise; locale: Locale },
): string[] {
  const { organization, list } = o;
  const facts: [string, string | null | undefined][] = [
    ["controller", organization.legalName],
    ["address", organization.address],
    ["privacyEmail", organization.privacyEmail],
    ["dpo", organization.dpo],
    ["list", list.name],
    ["frequency", list.frequency],
  ];
  return [
    ...facts.flatMap(([name, part]) => (part?.trim() && !says(body, part) ? [name] : [])),
    ...(organization.processors.every((one) => says(body, one.name)) ? [] : ["processors"]),
    ...(monthsSaid(body, organization.consentMonths) ? [] : ["months"]),
    ...Object.entries(SAYINGS[o.locale]).flatMap(([name, form]) => (form.test(body) ? [] : [name])),
    ...(OPEN_TOKEN.test(body) ? ["token"] : []),
  ];
}

/** The same for the full notice, which is of no list: who, rights, recipients, how long. */
export function missingInFullNotice(body: string, o: { organization: Controller; locale: Locale }): string[] {
  const { organization } = o;
  const facts: [string, string | null | undefined][] = [
    ["controller", organization.legalName],
    ["address", organization.address],
    ["privacyEmail", organization.privacyEmail],
    ["dpo", organization.dpo],
  ];
  const { optional: _, ...sayings } = SAYINGS[o.locale];
  return [
    ...facts.flatMap(([name, part]) => (part?.trim() && !says(body, part) ? [name] : [])),
    ...(organization.processors.every((one) => says(body, one.name)) ? [] : ["processors"]),
    ...(monthsSaid(body, organization.consentMonths) ? [] : ["months"]),
    ...Object.entries(sayings).flatMap(([name, form]) => (form.test(body) ? [] : [name])),
    ...(OPEN_TOKEN.test(body) ? ["token"] : []),
  ];
}

/** What the sentence beside the box lacks: `boxController` (consent is given to somebody), `boxToken`, `box` when it is empty. */
export function missingInConsentBox(body: string, o: { organization: Controller }): string[] {
  if (body.trim() === "") return ["box"];
  return [
    ...(says(body, o.organization.legalName) ? [] : ["boxController"]),
    ...(OPEN_TOKEN.test(body) ? ["boxToken"] : []),
  ];
}

/** One month is written in letters. */
function monthsSaid(body: string, months: number): boolean {
  return months === 1 ? /\b(un|one) m/i.test(body) : new RegExp(`(?<!\\d)${months}(?!\\d)`).test(body);
}
