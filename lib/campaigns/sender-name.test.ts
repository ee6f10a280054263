import assert from "node:assert/strict";
import { test } from "node:test";
import { knownSender } from "./sender-name.ts";

test("MC-01: a sender's name is known by a word of the controller's name, its site or its lists; words that all use tell nothing", () => {
  const known = ["Casa editrice Àncora s.r.l.", "https://www.libriancora.it/", "Novità in libreria"];
  for (const name of ["Àncora", "Giulia di Ancora", "Casa editrice Ancora", "LibriAncora", "Novità"])
    assert.equal(knownSender(name, known), true, name);
  for (const name of ["Poste Italiane", "Newsletter", "Giulia", "Amazon s.r.l.", "Agenzia delle Entrate"])
    assert.equal(knownSender(name, known), false, name);
});
