import assert from "node:assert/strict";
import { test } from "node:test";
import { framed, withScheme } from "./framed.ts";

test("B43 B45: a mail is framed with a policy that lets nothing run, send or load, and no origin of ours", async () => {
  const answer = framed("<!doctype html><html><head><title>x</title></head><body><script>1</script></body></html>");
  const policy = answer.headers.get("content-security-policy") ?? "";
  for (const part of [
    "sandbox;",
    "default-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
  ])
    assert.ok(policy.includes(part), part);
  assert.doesNotMatch(policy, /allow-scripts|allow-same-origin|script-src/);
  assert.match(await answer.text(), /<head><base target="_blank"><meta name="referrer" content="no-referrer"><title>/);
  const links = framed("<p>x</p>", { links: true });
  assert.match(
    links.headers.get("content-security-policy") ?? "",
    /^sandbox allow-popups allow-popups-to-escape-sandbox;/,
  );
  assert.match(await links.text(), /^<base target="_blank">/);
});

test("a preview shows what a mail declares for light and for dark screens, whatever the screen", () => {
  const html =
    "<style>@media (prefers-color-scheme: dark) { a {} } @media screen and (PREFERS-color-scheme:light) { b {} }</style>";
  assert.match(
    withScheme(html, "dark"),
    /@media \(min-width: 0\) \{ a \{\} \} @media screen and \(max-width: 0\) \{ b/,
  );
  assert.match(
    withScheme(html, "light"),
    /@media \(max-width: 0\) \{ a \{\} \} @media screen and \(min-width: 0\) \{ b/,
  );
});
