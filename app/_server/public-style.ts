import { createHash } from "node:crypto";

/** One style for all pages that people reach with a link: system fonts, both themes, 320 px, a thumb's width of button. */
export const PUBLIC_STYLE = `
:root{--paper:#F1F4F3;--surface:#FFF;--ink:#14191B;--ink2:#4C5558;--rule:#D3DAD8;--strong:#737F7D;--accent:#0E5A6B;--on:#FFF;--bad:#A32018;--badbg:#FADFDB;--ok:#2B6A3B;--okbg:#DFEEE2}
@media (prefers-color-scheme:dark){:root{--paper:#14171A;--surface:#1B1F23;--ink:#ECE9E2;--ink2:#A9AEB3;--rule:#2E343A;--strong:#6F7780;--accent:#7CC7D6;--on:#0F1B1E;--bad:#F29A90;--badbg:#3A1D1A;--ok:#8FCE9B;--okbg:#1D2E21}}
*{box-sizing:border-box}html{color-scheme:light dark}
body{margin:0;background:var(--paper);color:var(--ink);font:17px/1.55 system-ui,sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
.wrap{max-width:36rem;margin:0 auto;padding:24px 20px 40px}
.sheet{background:var(--surface);border:1px solid var(--rule);border-radius:4px;padding:24px 20px;margin:16px 0}
.org{font-weight:600;margin:0}h1{font-size:1.5rem;line-height:1.25;margin:0 0 16px}h2{font-size:1.1rem;margin:24px 0 8px}p{margin:0 0 14px}ul{margin:0 0 14px;padding-left:22px}li{margin:0 0 6px}
label{display:block;font-weight:600;margin:0 0 6px}
input[type=email]{width:100%;min-height:48px;font:inherit;color:inherit;background:var(--surface);border:1px solid var(--strong);border-radius:4px;padding:8px 12px}
.box{display:grid;grid-template-columns:28px 1fr;gap:10px;margin:18px 0;font-weight:400}.box input{width:24px;height:24px;margin:1px 0 0;accent-color:var(--accent)}
button{width:100%;min-height:48px;font:600 1rem/1.3 system-ui,sans-serif;border:1px solid var(--accent);border-radius:4px;padding:10px 16px;background:var(--accent);color:var(--on);cursor:pointer}
button.second{background:var(--surface);color:var(--ink);border-color:var(--strong)}
form+form,.apart{margin-top:12px}a{color:var(--accent);text-underline-offset:2px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
blockquote{margin:0 0 14px;padding:2px 0 2px 14px;border-left:3px solid var(--accent)}
.note{color:var(--ink2);font-size:.9rem}.fault{background:var(--badbg);color:var(--bad);border-radius:4px;padding:14px 16px;margin:0 0 18px}.fault ul{margin:6px 0 0;padding-left:20px}.fault a{color:inherit}.bad{color:var(--bad);font-weight:600;margin:6px 0 14px}
.trap+.note{margin-top:14px}.trap{position:absolute;left:-9999px;width:1px;height:1px;overflow:hidden}
footer{font-size:.85rem;color:var(--ink2)}footer nav{display:flex;flex-wrap:wrap;gap:4px 16px}footer nav a,footer nav span{display:inline-block;min-height:24px;padding:2px 0}
.skip{position:absolute;left:-9999px}.skip:focus{left:8px;top:8px;background:var(--surface);padding:8px}
`.trim();

const hash = createHash("sha256").update(PUBLIC_STYLE).digest("base64");

/** Headers of these pages (reliability.md §4.2): no script at all, no other host, no frame, no copy kept, nothing told to the next page. */
export const PUBLIC_HEADERS: Record<string, string> = {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${hash}'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  "Referrer-Policy": "no-referrer",
  "Cache-Control": "no-store",
  "X-Robots-Tag": "noindex",
};
