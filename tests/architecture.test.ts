import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { RULES, type Source } from "./support/rules.ts";

const PROJECT = join(import.meta.dirname, "..");
const code = ["app", "lib", "db", "workers"]
  .flatMap((folder) => sourcesIn(folder))
  .concat(rootFile("proxy.ts"), rootFile("next.config.ts"));
const tests = ["app", "lib", "db", "workers", "scripts", "tests", "bench"].flatMap((folder) =>
  sourcesIn(folder, /\.test\.tsx?$/),
);

function sourcesIn(folder: string, form = /(?<!\.test)\.(tsx?|css)$/): Source[] {
  return readdirSync(join(PROJECT, folder)).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (statSync(join(PROJECT, path)).isDirectory()) return sourcesIn(path, form);
    return form.test(name) ? [{ path, text: readFileSync(join(PROJECT, path), "utf8") }] : [];
  });
}

function rootFile(path: string): Source[] {
  return existsSync(join(PROJECT, path)) ? [{ path, text: readFileSync(join(PROJECT, path), "utf8") }] : [];
}

for (const rule of RULES) {
  test(rule.says, () => {
    for (const example of rule.offends)
      assert.notDeepEqual(rule.check(example), [], `the rule does not see: ${example.path} ${example.text}`);
    assert.deepEqual(code.flatMap(rule.check), []);
  });
}

test("half of the files have fewer than 80 lines", () => {
  const lines = code.map(({ text }) => text.split("\n").length - 1).sort((a, b) => a - b);
  const median = lines[Math.floor(lines.length / 2)] ?? 0;
  assert.ok(median < 80, `the median is ${median}`);
});

test("no test is skipped, left for later or run alone, and none replaces modules", () => {
  const form = /\b(test|describe|it)\.(skip|only|todo)\b|\b(skip|only|todo): true|mock\.module\(/;
  const found = tests
    .filter(({ path }) => path !== "tests/architecture.test.ts")
    .flatMap(({ path, text }) => (form.test(text) ? [path] : []));
  assert.deepEqual(found, []);
});
