import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");
const tokens = new Map(
  [...css.matchAll(/--color-([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = "", light = "", dark = ""]) => [name, { light, dark }] as const,
  ),
);
const THEMES = ["light", "dark"] as const;

/** Relative luminance, WCAG 2.2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

/** Each pair below `least`, in words. */
function faint(pairs: [front: string, back: string][], least: number): string[] {
  return pairs.flatMap(([front, back]) =>
    THEMES.flatMap((theme) => {
      const [a, b] = [tokens.get(front)?.[theme], tokens.get(back)?.[theme]];
      assert.ok(a && b, `${front} or ${back} is no colour of both themes`);
      const ratio = contrast(a, b);
      return ratio < least ? [`${front} on ${back}, ${theme}: ${ratio.toFixed(2)}`] : [];
    }),
  );
}

const over = (front: string[], back: string[]) =>
  front.flatMap((one) => back.map((two): [string, string] => [one, two]));

test("black on white has a contrast of 21, equal colours of 1", () => {
  assert.equal(contrast("#000000", "#ffffff"), 21);
  assert.equal(contrast("#0e5a6b", "#0e5a6b"), 1);
});

test("text is read on every ground that it stands on: 4.5 at least (WCAG 1.4.3)", () => {
  const grounds = ["paper", "surface", "sunken"];
  const texts = over(["ink", "ink-2", "ink-3", "accent", "bad", "ok", "warn"], grounds);
  const tags = over(["ink"], ["ok-bg", "warn-bg", "bad-bg", "info-bg"]);
  const own: [string, string][] = [
    ["ok", "ok-bg"],
    ["warn", "warn-bg"],
    ["bad", "bad-bg"],
    ["accent", "info-bg"],
    ["on-accent", "accent"],
    ["on-accent", "accent-press"],
  ];
  assert.deepEqual(faint([...texts, ...tags, ...own], 4.5), []);
});

test("the edge of a field and the focus are seen: 3 at least (WCAG 1.4.11)", () => {
  assert.deepEqual(faint(over(["rule-strong", "accent"], ["paper", "surface", "sunken"]), 3), []);
});
