import { formatDate } from "../../text/dates.ts";
import { confirmationMail } from "./confirmation.ts";
import { footerText, footerWords } from "./footer.ts";
import { fullNotice } from "./full-notice.ts";
import { confirmPage, leavePage } from "./pages.ts";
import { making } from "./parts.ts";
import { consentBox, shortNotice } from "./short-notice.ts";
import { sayer } from "./translator.ts";
import type { Controller, ListPromise, Locale, Tone } from "./types.ts";

/** Every text of a list, as proposed: each becomes the body of a notice of that kind. */
export type ProposedWords = {
  consentBox: string;
  shortNotice: string;
  fullNotice: string;
  confirmationMail: string;
  confirmPage: string;
  leavePage: string;
  footer: string;
};

/**
 * Proposes the words for a list from the answers of the organization and the list, in one language and tone. Assembled only from parts that work in
 * this version. `missingTokens` says first whether anything is empty.
 */
export function proposeWords(o: {
  organization: Controller;
  list: ListPromise;
  locale: Locale;
  tone: Tone;
}): ProposedWords {
  const m = making(o);
  return {
    consentBox: consentBox(m, o.list),
    shortNotice: shortNotice(m, o.list),
    fullNotice: fullNotice(m),
    confirmationMail: confirmationMail(m, o.list),
    confirmPage: confirmPage(m, o.list),
    leavePage: leavePage(m, o.list),
    footer: footerText(footerWords(o)),
  };
}

/** The full notice alone: it is the organization's, and no list stands in it. */
export function proposeFullNotice(o: { organization: Controller; locale: Locale; tone: Tone }): string {
  return fullNotice(making(o));
}

/** The confirmation mail alone, for a form that was published without one. */
export function proposeConfirmationMail(o: {
  organization: Controller;
  list: ListPromise;
  locale: Locale;
  tone: Tone;
}): string {
  return confirmationMail(making(o), o.list);
}

/** "testo n. 3 del 24 novembre 2026": stands under every published text where it is shown. */
export function versionLine(o: { version: number; at: Date; locale: Locale; zone: string }): string {
  const date = formatDate(o.at, { language: o.locale, zone: o.zone });
  return sayer("words", { locale: o.locale, tone: "tu" })("version", { version: o.version, date });
}
