import { escapeHtml } from "./html.ts";

/**
 * A mail for a sandboxed frame of our pages: whatever stands in it, nothing runs, nothing is sent, nothing loads from another host, and it has no
 * origin of ours to speak with (B43, B45). The headers say so too, for who opens it without the frame.
 *
 * @param links whether its links open, in a tab of their own; else they do nothing
 */
export function framed(html: string, o: { links?: boolean } = {}): Response {
  const sandbox = o.links ? "sandbox allow-popups allow-popups-to-escape-sandbox" : "sandbox";
  const policy = [
    ...[sandbox, "default-src 'none'", "img-src data: 'self'", "style-src 'unsafe-inline'"],
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'"],
  ].join("; ");
  return new Response(withHead(html), {
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policy,
      "Referrer-Policy": "no-referrer",
      "Cache-Control": "private, no-store",
    },
  });
}

/** A text as a page of its own, for the same frame. */
export function framedText(text: string, o: { lang: string; title: string }): Response {
  return framed(`<!doctype html><html lang="${o.lang}"><head><title>${escapeHtml(o.title)}</title><style>
    :root{color-scheme:light dark}body{margin:20px;font:14px/1.5 ui-monospace,Menlo,Consolas,monospace}
    pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:0;font:inherit}</style></head><body><pre>${escapeHtml(text)}</pre></body></html>`);
}

/** Links open in a tab of their own where the frame lets them; without `allow-popups` a click does nothing. */
const HEAD = '<base target="_blank"><meta name="referrer" content="no-referrer">';

function withHead(html: string): string {
  return /<head[^>]*>/i.test(html) ? html.replace(/<head[^>]*>/i, (tag) => tag + HEAD) : HEAD + html;
}

/**
 * A mail as a light or a dark screen would show it, whatever the screen of who looks: what it declares for dark ones always holds, or never.
 */
export function withScheme(html: string, scheme: "light" | "dark"): string {
  return html.replace(/\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)/gi, (_, wanted: string) =>
    wanted.toLowerCase() === scheme ? "(min-width: 0)" : "(max-width: 0)",
  );
}
