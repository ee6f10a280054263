import assert from "node:assert/strict";
import { test } from "node:test";
import { composeContent } from "./compose.ts";
import { prepareMessage, renderParts } from "./message.ts";
import { starters } from "./starters.ts";
import { CONTROLLER, frozen, person } from "./template.fixture.ts";

const SPEECHES = [
  ["it", "tu"],
  ["it", "lei"],
  ["en", "tu"],
] as const;

test("each starter can be sent as it is: no finding, no image, no other host, under what Gmail cuts (MC-05, B46)", async () => {
  for (const [locale, tone] of SPEECHES) {
    for (const one of starters({ locale, tone, organization: CONTROLLER })) {
      const content = { text: null, locale, tone, organization: CONTROLLER };
      const { html, text, findings, bytes } = await composeContent({ ...content, ...one });
      assert.deepEqual(findings, [], `${locale} ${tone} ${one.id}`);
      assert.ok(bytes < 20_000);
      assert.doesNotMatch(html, /<img|url\(/);
      const parts = renderParts(prepareMessage(frozen({ html, text, subject: one.subject, locale })), person());
      const hosts = [...parts.html.matchAll(/href="https?:\/\/([^/"]+)/g)].map((match) => match[1]);
      assert.ok(
        hosts.every((host) => host?.endsWith("bottega.example")),
        hosts.join(" "),
      );
      assert.match(parts.html, tone === "lei" ? /Buongiorno Mario Rossi,/ : /(Ciao|Hello) Mario,/);
      assert.doesNotMatch(parts.subject + parts.html + parts.text, /\{\{|\{%/);
      const nameless = renderParts(prepareMessage(frozen({ html, text, locale })), person({ name: null }));
      assert.match(nameless.text, /Ciao a te,|Hello there,|Buongiorno,/);
    }
  }
});

test("without a site there is no button that leads nowhere", () => {
  for (const one of starters({ locale: "it", tone: "tu", organization: { ...CONTROLLER, website: null } }))
    assert.doesNotMatch(one.mjml, /mj-button href/);
});
