import { footerWords } from "../notices/words/footer.ts";
import type { Controller, Locale, Tone } from "../notices/words/types.ts";
import { escapeAroundLiquid, escapeHtml, withoutLiquid } from "./escape.ts";

export const FOOTER_CLASS = "assenso-footer";

/** The legal footer as it goes into a campaign: Liquid in it for what differs from person to person. */
export type Footer = { html: string; text: string; css: string };

/** A style sheet of the author's cannot hide it: these stand in the element and are important. */
const SEEN =
  "visibility:visible!important;opacity:1!important;height:auto!important;max-height:none!important;overflow:visible!important;position:static!important";
const SHOWN = `display:block!important;${SEEN}`;
const FONT = "font-family:Helvetica,Arial,sans-serif;font-size:13px;line-height:20px";
const SIZE = "font-size:13px!important;line-height:20px!important";
const INK = "#4c5558";
const PAPER = "#f1f4f3";
const LINK = "#0e5a6b";

/**
 * Who writes, why the person gets this and since when, how to stop, the privacy notice (MC-02, MC-03, WD-01; compliance §4.6). Not part of what the
 * author writes: it is added to the compiled mail, and looked for there.
 * @param o.organization.privacyUrl absolute
 */
export function legalFooter(o: {
  organization: Controller & { privacyUrl: string };
  locale: Locale;
  tone: Tone;
}): Footer {
  const words = footerWords({ ...o, organization: plainController(o.organization) });
  const { privacyEmail } = o.organization;
  const privacyUrl = o.organization.privacyUrl.replaceAll("{", "%7B").replaceAll("}", "%7D");
  const link = (href: string, text: string, inline = "inline", more = "") =>
    `<a href="${href}" style="${FONT};${SIZE};color:${LINK};text-decoration:underline;${SEEN};display:${inline}!important;${more}">${escapeHtml(text)}</a>`;
  const identity = escapeHtml(words.identity).replace(escapeHtml(privacyEmail), () =>
    link(`mailto:${escapeHtml(encodeURI(privacyEmail))}`, privacyEmail),
  );
  const paragraphs = [
    escapeAroundLiquid(words.why),
    `${link("{{ links.unsubscribe }}", words.leave, "inline-block", "font-weight:bold;padding:12px 0")} &nbsp;·&nbsp; ${link(escapeHtml(privacyUrl), words.privacy, "inline-block", "padding:12px 0")}`,
    identity,
  ].map((html) => `<p style="margin:0;${FONT};${SIZE};color:${INK};${SHOWN}">${html}</p>`);
  return {
    html: `<div class="${FOOTER_CLASS}" role="contentinfo" lang="${o.locale}" style="background-color:${PAPER};${SHOWN};clear:both">${OUTLOOK.open}<div style="max-width:600px;margin:0 auto;padding:20px 24px 28px;box-sizing:border-box;text-align:left;${SHOWN}">${paragraphs.join("")}</div>${OUTLOOK.close}</div>`,
    text: [
      "-".repeat(40),
      words.why,
      `${words.leave}: {{ links.unsubscribe }}`,
      `${words.privacy}: ${privacyUrl}`,
      words.identity,
    ].join("\n"),
    css: DARK,
  };
}

/** Outlook for Windows knows no `max-width`. */
const OUTLOOK = {
  open: '<!--[if mso]><table role="presentation" align="center" width="600" cellpadding="0" cellspacing="0"><tr><td><![endif]-->',
  close: "<!--[if mso]></td></tr></table><![endif]-->",
};

/** Where the mail itself has a dark dress, so has its footer. */
const DARK = `@media (prefers-color-scheme:dark){.${FOOTER_CLASS}{background-color:#14171a!important}.${FOOTER_CLASS} p{color:#a9aeb3!important}.${FOOTER_CLASS} a{color:#7cc7d6!important}}`;

/** Names and addresses are data: what looks like Liquid in them is not run. */
function plainController(o: Controller): Controller {
  return {
    ...o,
    legalName: withoutLiquid(o.legalName),
    address: withoutLiquid(o.address),
    taxId: withoutLiquid(o.taxId),
  };
}
