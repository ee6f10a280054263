import { making } from "../notices/words/parts.ts";
import { proposeConfirmationMail } from "../notices/words/propose.ts";
import { sayer } from "../notices/words/translator.ts";
import type { Controller, ListPromise, Locale, Tone } from "../notices/words/types.ts";
import { formatDate, formatTime } from "../text/dates.ts";
import { blocksHtml, blocksText, type MailBlock } from "./system-layout.ts";

/** What a confirmation mail is filled with. Nothing in it was typed by the person but her address, which is the recipient (B60). */
export type ConfirmationFacts = {
  /** ISO, UTC. */
  at: string;
  expiresAt: string;
  /** Address or origin of the page with the form; only its host is printed. */
  page: string | null;
  words: readonly { text: string; version: number }[];
  confirmLink: string;
  refuseLink: string;
};

export type ConfirmationMail = {
  locale: Locale;
  tone: Tone;
  zone: string;
  organization: Controller & { privacyUrl: string };
  list: ListPromise;
  /** The published notice of kind `confirmation_mail`: what is sent is then what its hash says. Left out: as proposed now. */
  template?: string;
  facts: ConfirmationFacts;
};

/**
 * The mail that asks for confirmation (DO-02): subject, text and HTML with exactly three links: confirm, "it was not me", the full notice. No image, no
 * address but those. Tokens inside a paragraph are filled in place, those on a line of their own become a link or a quotation.
 */
export function confirmationMailOf(o: ConfirmationMail): { subject: string; text: string; html: string } {
  const template = o.template ?? proposeConfirmationMail(o);
  const [subject = "", ...paragraphs] = template.split(/\n{2,}/);
  const blocks = paragraphs.flatMap((paragraph, i) => {
    const lines = paragraph.split("\n");
    return lines.flatMap((line) => blocksOf(line, o, i === paragraphs.length - 1));
  });
  return { subject, text: blocksText(blocks), html: blocksHtml({ locale: o.locale, title: subject, blocks }) };
}

function blocksOf(line: string, o: ConfirmationMail, isLast: boolean): MailBlock[] {
  const say = sayer("words", o);
  const { facts } = o;
  const label = (key: string) => say(`confirmationMail.${key}`);
  if (line === "{confirm}") return [{ kind: "button", label: label("confirm"), href: facts.confirmLink }];
  if (line === "{refuse}") return [{ kind: "link", label: label("refuse"), href: facts.refuseLink }];
  if (line === "{notice}") return [{ kind: "link", label: label("notice"), href: o.organization.privacyUrl }];
  if (line === "{words}")
    return facts.words.map(({ text, version }) => ({
      kind: "quote",
      text: say("confirmationMail.quote", { text, version }),
    }));
  return [{ kind: isLast ? "small" : "text", text: filled(line, o) }];
}

function filled(text: string, o: ConfirmationMail): string {
  const say = making(o).say;
  const reader = { language: o.locale, zone: o.zone };
  const host = hostOf(o.facts.page);
  const values: Record<string, string> = {
    date: formatDate(new Date(o.facts.at), reader),
    time: formatTime(new Date(o.facts.at), reader),
    expires: formatDate(new Date(o.facts.expiresAt), reader),
    where: host ? say("confirmationMail.inForm", { page: host }) : say("confirmationMail.inSomeForm"),
  };
  return text.replace(/\{(date|time|expires|where)\}/g, (_, token: string) => values[token] ?? "");
}

/** The host alone: no scheme, so that no mail program makes a fourth link of it, and no path, which could carry somebody's text. */
function hostOf(page: string | null): string | undefined {
  try {
    return page ? new URL(page).hostname : undefined;
  } catch {
    return undefined;
  }
}
