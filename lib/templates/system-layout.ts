import { escapeHtml } from "./escape.ts";

/** What a system mail is made of; each has a form in text and one in HTML. */
export type MailBlock =
  | { kind: "text"; text: string }
  | { kind: "small"; text: string }
  | { kind: "quote"; text: string }
  | { kind: "button" | "link"; label: string; href: string };

const FONT = "font-family:Helvetica,Arial,sans-serif";
const BODY = `margin:0 0 16px;${FONT};font-size:16px;line-height:24px;color:#14191b`;

/** The text part: each link on a line of its own. */
export function blocksText(blocks: readonly MailBlock[]): string {
  const lines = blocks.map((block) => {
    if (!("href" in block)) return block.text;
    // A sentence stands before a button; before a link nothing does.
    return block.kind === "button" ? block.href : `${block.label}: ${block.href}`;
  });
  return `${lines.join("\n\n")}\n`;
}

/** The HTML part: no image, no style sheet but for the dark dress, nothing from anywhere (DO-02). */
export function blocksHtml(o: { locale: string; title: string; blocks: readonly MailBlock[] }): string {
  return [
    `<!doctype html><html lang="${o.locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${escapeHtml(o.title)}</title><style>${DARK}</style></head>`,
    '<body class="page" style="margin:0;padding:24px 16px;background-color:#f1f4f3"><div class="sheet" style="max-width:560px;margin:0 auto;padding:28px 24px 16px;background-color:#ffffff;border:1px solid #d3dad8;border-radius:4px">',
    ...o.blocks.map(blockHtml),
    "</div></body></html>\n",
  ].join("\n");
}

function blockHtml(block: MailBlock): string {
  switch (block.kind) {
    case "text":
      return `<p class="ink" style="${BODY}">${escapeHtml(block.text)}</p>`;
    case "small":
      return `<p class="note" style="margin:0 0 12px;${FONT};font-size:14px;line-height:21px;color:#4c5558">${escapeHtml(block.text)}</p>`;
    case "quote":
      return `<blockquote class="ink" style="${BODY};padding:4px 0 4px 16px;border-left:3px solid #737f7d">${escapeHtml(block.text)}</blockquote>`;
    case "button":
      return `<p style="margin:0 0 24px"><a class="button" href="${escapeHtml(block.href)}" style="display:inline-block;padding:14px 22px;${FONT};font-size:16px;line-height:20px;font-weight:bold;color:#ffffff;background-color:#0e5a6b;border-radius:4px;text-decoration:none">${escapeHtml(block.label)}</a></p>`;
    case "link":
      return `<p style="margin:0 0 16px"><a class="link" href="${escapeHtml(block.href)}" style="display:inline-block;padding:4px 0;${FONT};font-size:16px;line-height:24px;color:#0e5a6b">${escapeHtml(block.label)}</a></p>`;
  }
}

const DARK =
  "@media (prefers-color-scheme:dark){.page{background-color:#14171a!important}.sheet{background-color:#1b1f23!important;border-color:#2e343a!important}.ink{color:#ece9e2!important}.note{color:#a9aeb3!important}.link{color:#7cc7d6!important}.button{background-color:#7cc7d6!important;color:#0f1b1e!important}}";
