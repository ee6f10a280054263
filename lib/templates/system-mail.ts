import { sayer } from "../notices/words/translator.ts";
import type { Locale, Tone } from "../notices/words/types.ts";
import { formatInstant } from "../text/dates.ts";
import { type ConfirmationMail, confirmationMailOf } from "./confirmation-mail.ts";
import { escapeHtml } from "./escape.ts";
import { blocksHtml, blocksText, type MailBlock } from "./system-layout.ts";

/** What each kind of system mail is made from. Staff are addressed with tu. */
export type SystemMailInput = {
  confirmation: ConfirmationMail;
  invitation: Staff & { zone: string; organization: string; inviter: string; link: string; expiresAt: string };
  reset: Staff & { link: string; minutes: number };
  /** Title and text come, in the reader's language, from what raises the alert. */
  alert: Staff & { organization: string; title: string; text: string; link?: string };
  /** What `renderParts` gives for the sample reader. */
  campaign_test: { locale: Locale; subject: string; text: string; html: string };
};

type Staff = { locale: Locale; zone?: string };
export type SystemMailKind = keyof SystemMailInput;
export type SystemMailParts = { subject: string; text: string; html: string };

/** A system mail's subject and parts. None has an image, a pixel or a link of a kind that counts. */
export function systemMail<K extends SystemMailKind>(kind: K, o: SystemMailInput[K]): SystemMailParts {
  return MAKERS[kind](o);
}

const MAKERS: { [K in SystemMailKind]: (o: SystemMailInput[K]) => SystemMailParts } = {
  confirmation: confirmationMailOf,
  invitation,
  reset,
  alert,
  campaign_test: campaignTest,
};

const mailSayer = (locale: Locale, tone: Tone = "tu") => sayer("mail", { locale, tone });

function letter(o: { locale: Locale }, subject: string, blocks: MailBlock[]): SystemMailParts {
  return { subject, text: blocksText(blocks), html: blocksHtml({ locale: o.locale, title: subject, blocks }) };
}

function invitation(o: SystemMailInput["invitation"]): SystemMailParts {
  const say = mailSayer(o.locale);
  const facts = { inviter: o.inviter, organization: o.organization };
  const expires = formatInstant(new Date(o.expiresAt), { language: o.locale, zone: o.zone });
  return letter(o, say("invitation.subject", facts), [
    { kind: "text", text: say("invitation.body", facts) },
    { kind: "button", label: say("invitation.open"), href: o.link },
    { kind: "small", text: say("invitation.lasts", { expires }) },
  ]);
}

function reset(o: SystemMailInput["reset"]): SystemMailParts {
  const say = mailSayer(o.locale);
  return letter(o, say("reset.subject"), [
    { kind: "text", text: say("reset.body", { minutes: o.minutes }) },
    { kind: "button", label: say("reset.open"), href: o.link },
    { kind: "small", text: say("reset.not") },
  ]);
}

function alert(o: SystemMailInput["alert"]): SystemMailParts {
  const say = mailSayer(o.locale);
  return letter(o, o.title, [
    ...o.text.split(/\n{2,}/).map((text): MailBlock => ({ kind: "text", text })),
    ...(o.link ? [{ kind: "button", label: say("alert.open"), href: o.link } as const] : []),
    { kind: "small", text: say("alert.why", { organization: o.organization }) },
  ]);
}

/** The campaign as its readers will get it, said to be a test in the subject and at the top of both parts. */
function campaignTest(o: SystemMailInput["campaign_test"]): SystemMailParts {
  const say = mailSayer(o.locale);
  const banner = say("campaignTest.banner");
  const box = `<p style="margin:0;padding:12px 16px;font-family:Helvetica,Arial,sans-serif;font-size:14px;line-height:20px;color:#7a4f00;background-color:#f8ebd0">${escapeHtml(banner)}</p>`;
  return {
    subject: say("campaignTest.subject", { subject: o.subject }),
    text: `${banner}\n\n${o.text}`,
    html: o.html.replace(/<body[^>]*>/i, (body) => body + box),
  };
}
