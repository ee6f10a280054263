import assert from "node:assert/strict";
import { test } from "node:test";
import { elided, translator } from "./translate.ts";

test("articles before a day that begins with a vowel lose theirs, others and other words keep it", () => {
  assert.equal(
    elided("Collaudo del 8 nov 2026, 9.12: dal 11 dicembre al 8 gen"),
    "Collaudo dell’8 nov 2026, 9.12: dall’11 dicembre all’8 gen",
  );
  assert.equal(elided("Il 8 marzo, il 11 mag"), "L’8 marzo, l’11 mag");
  assert.equal(elided("il 18 nov, il 1 dic, del 81, il 8 per cento"), "il 18 nov, il 1 dic, del 81, il 8 per cento");
});

test("texts say it, in sentences with bold parts too; English is left alone", () => {
  const values = { at: "8 nov 2026, 9.12", b: (chunks: unknown) => chunks as string };
  assert.match(
    [translator("it", "Europe/Rome").rich("serverScreens.test.failed", values)].flat(9).join(""),
    /dell’8 nov/,
  );
  assert.equal(
    translator("it", "Europe/Rome")("dkimScreen.seenAt", { at: "11 dic 2026" }),
    "Controllato l’11 dic 2026",
  );
  assert.match(translator("en", "Europe/Rome")("dkimScreen.seenAt", { at: "8 Nov 2026" }), /8 Nov 2026$/);
});
