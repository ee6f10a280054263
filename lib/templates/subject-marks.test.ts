import assert from "node:assert/strict";
import { test } from "node:test";
import { replyMark, replyMarkOf } from "./subject-marks.ts";
import { pressingWords } from "./urgency.ts";

test("MC-01: the mark of an answer or a forward is seen in five languages, whatever its case, spaces, counter and dress", () => {
  const seen = {
    "Re:": [
      "Re: fattura",
      "Re (3): x",
      "Re^2: x",
      "Ｒｅ：x",
      "Re﹕ x",
      "Re∶ x",
      "R\u0435: x",
      "  \u00a0Re: x",
      "\u{1f4ce} Re: x",
      "»» Re: x",
      "\u200bR\u00ade\u2060: x",
      "\u202eRe: x",
      "\u2800\u3164Re: x",
      "[Re: x]",
    ],
    "RE:": ["RE:x", "RE[2]: x"],
    "r:": ["r: x"],
    "I:": ["I: x", "\u0406: x"],
    "Rif:": ["Rif.: x"],
    "Inoltro:": ["Inoltro: x"],
    "FW:": ["FW: x"],
    "Fwd:": ["Fwd : x", "[Casa] Fwd: x"],
    "AW:": ["AW: x"],
    "WG:": ["WG: x"],
    "Rép:": ["Rép : x"],
    "TR:": ["TR: x"],
    "RV:": ["RV: x"],
  };
  for (const [mark, subjects] of Object.entries(seen))
    for (const subject of subjects) assert.equal(replyMark(subject), mark, JSON.stringify(subject));
});

test("MC-01: words that only begin alike, and marks further on, are no answer; hostile brackets end at once", () => {
  const plain = [
    "Regali: tre idee",
    "Re Carlo in visita",
    "I libri: novità",
    "Il re: la storia",
    "La fattura: Re: x",
    "Risparmi: x",
    "P.S.: x",
    "",
  ];
  for (const subject of [...plain, "[]".repeat(125), "[".repeat(250), " :".repeat(125)])
    assert.equal(replyMark(subject), undefined, subject.slice(0, 30));
});

test("MC-01: Liquid hides no mark: printed, kept as a default for who has no name, or behind a condition", () => {
  assert.equal(replyMarkOf('{{ "Re" }}: fattura'), "Re:");
  assert.equal(replyMarkOf('{{ contact.first_name | default: "Re" }}: fattura'), "Re:");
  assert.equal(replyMarkOf("{% if contact.fields.city == 'Roma' %}Re: {% endif %}fattura"), "Re:");
  assert.equal(replyMarkOf('{% assign a = "R" %}{{ a | append: "e:" }} fattura'), "Re:");
  assert.equal(replyMarkOf("{{ contact.first_name }}: le novità"), undefined);
  assert.equal(replyMarkOf("{% if le novità"), undefined);
  assert.equal(replyMarkOf("Re: {% if rotto"), "Re:");
});

test("MC-01: words that press are found whole, in both languages", () => {
  assert.equal(pressingWords("ULTIMO  AVVISO: rinnova"), "ultimo avviso");
  assert.equal(pressingWords("Your account suspended?"), "account suspended");
  assert.equal(pressingWords("Cose non urgenti da leggere"), undefined);
  assert.equal(pressingWords("Resurgent markets"), undefined);
});
