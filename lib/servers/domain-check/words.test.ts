import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import en from "../../../messages/en.json" with { type: "json" };
import it from "../../../messages/it.json" with { type: "json" };

type Words = Record<string, Record<string, string>>;

/** `check.code` of every finding that a part of the check can make, read from its text. */
function codes(): string[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const found = files.flatMap((file) => {
    const text = readFileSync(join(import.meta.dirname, file), "utf8");
    const plain = [...text.matchAll(/finding\(\s*"(\w+)",\s*"(\w+)"/g)].map(([, check, code]) => `${check}.${code}`);
    const chosen = [...text.matchAll(/finding\(\s*"(\w+)",\s*([^"][^,]*\?[^,]*),/g)].flatMap(([, check, choice = ""]) =>
      [...choice.matchAll(/[?:] \(?(?:[\w.]+ \? )?"(\w+)"/g)].map(([, code]) => `${check}.${code}`),
    );
    return [...plain, ...chosen];
  });
  return [...new Set(found)];
}

test("every finding of the domain check has its words in both languages", () => {
  const all = [...codes(), "dkim.quotes", "dkim.other", "blocklist.address", "blocklist.domain"];
  assert.ok(all.length > 55, `${all.length} codes were found`);
  for (const code of all) {
    const [check = "", name = ""] = code.split(".");
    for (const words of [it, en]) assert.ok((words as { domainCheck: Words }).domainCheck[check]?.[name], code);
  }
});
