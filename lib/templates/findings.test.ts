import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createTranslator } from "use-intl/core";
import en from "../../messages/en.json" with { type: "json" };
import it from "../../messages/it.json" with { type: "json" };
import { lineAt } from "./findings.ts";

const FACTS = {
  ...{ name: "a", meant: "b", parent: "c", url: "d", scheme: "e", host: "f", shown: "g", message: "h" },
  ...{ most: 1200, links: 3000, kb: 110, mark: "Re:", words: "i" },
};

/** Codes as the sources write them: the first string of `found(…)`, `finding(o, …)`, `fault(…)`, `warn(part, …)`, or `code: …`. */
function codes(): string[] {
  const sources = readdirSync(import.meta.dirname)
    .filter((name) => name.endsWith(".ts") && !/\.(test|fixture)\.ts$/.test(name))
    .map((name) => readFileSync(join(import.meta.dirname, name), "utf8"))
    .join("\n");
  const calls = sources.matchAll(
    /\b(?:found\(|fault\(|finding\(o, |warn\("\w+", |LOOKS_LIKE_REPLY = |code: |code: \w+ \? )"([a-z_]+)"/g,
  );
  return [...new Set([...calls].map((match) => match[1] ?? ""))];
}

test("every finding has its sentence in both languages, and each can be said", () => {
  const used = codes();
  assert.ok(used.length > 30, String(used.length));
  for (const [locale, messages] of Object.entries({ it, en })) {
    const known = messages.templates.findings as Record<string, string>;
    assert.deepEqual(
      used.filter((code) => !(code in known)),
      [],
      locale,
    );
    const t = createTranslator({
      ...{ locale, messages: known, timeZone: "UTC" },
      formats: { number: { group: { useGrouping: "always" } } },
      onError(error) {
        throw error;
      },
    });
    for (const code of Object.keys(known)) assert.doesNotMatch(t(code, FACTS), /\{[a-z]+[,}]/, `${locale} ${code}`);
  }
});

test("lines count from 1", () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((offset) => lineAt("a\n\nb", offset)),
    [1, 1, 2, 3, 3],
  );
});
