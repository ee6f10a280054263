import { convert } from "html-to-text";
import { FOOTER_CLASS } from "./footer.ts";
import { PREHEADER_CLASS } from "./preheader.ts";

const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"];

/**
 * The text part of a campaign, from its compiled HTML: once, not per person. Liquid stays as it is: nothing is wrapped, nothing put in capitals, so that no
 * `{{ … }}` is torn or renamed. Preheader and footer are left out: the footer has a text of its own.
 */
export function deriveText(html: string): string {
  const text = convert(html, {
    wordwrap: false,
    // Its walk is recursive: a hostile nesting ends in dots, not in a fallen stack.
    limits: { maxDepth: 200 },
    selectors: [
      { selector: `.${PREHEADER_CLASS}`, format: "skip" },
      { selector: `.${FOOTER_CLASS}`, format: "skip" },
      { selector: "img", format: "skip" },
      { selector: "a", options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ["<", ">"] } },
      ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
      { selector: "table", format: "block" },
      { selector: "tr", format: "block" },
      // Each cell on a line of its own: side by side they would run into one word.
      ...["td", "th"].map((selector) => ({
        selector,
        format: "block",
        options: { leadingLineBreaks: 1, trailingLineBreaks: 1 },
      })),
      { selector: "hr", format: "horizontalLine", options: { length: 40 } },
    ],
  });
  return text
    .replace(/[ \t\u00a0]+$/gm, "")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
